#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "io/hdf5/table.hpp"
#include "scheduler/run_records.hpp"

namespace nexa::io::hdf5 {

/// The groups /ledger and /accounts.
class LedgerTable {
 public:
  /// `jobs`: how many there are, by which the table's length is guessed.
  core::Result<void> create(const Handle& file, std::size_t jobs);
  /// Accounts are numbered from 1 in the order of the calls.
  void append_account(std::string_view name);
  core::Result<void> append(const scheduler::TransferRecord& transfer);
  /// At the end: writes all that is left, and the accounts.
  core::Result<void> finish(const Handle& file);

 private:
  core::Result<void> flush(bool all);
  std::uint64_t chunk_ = chunk_rows;
  std::vector<std::string> accounts_;  ///< names

  Column<std::int64_t> time_us_, job_id_;
  Column<std::int8_t> kind_, reason_;
  Column<std::uint32_t> debit_, credit_;
  Column<std::uint64_t> amount_, amount_high_;
};

}  // namespace nexa::io::hdf5
