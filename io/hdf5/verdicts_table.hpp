#pragma once

#include <cstdint>

#include "core/result.hpp"
#include "io/hdf5/table.hpp"
#include "scheduler/run_records.hpp"

namespace nexa::io::hdf5 {

/// The group /verdicts.
class VerdictsTable {
 public:
  /// `jobs`: how many there are, by which the table's length is guessed.
  core::Result<void> create(const Handle& file, std::size_t jobs);
  core::Result<void> append(const scheduler::VerdictRecord& verdict);
  core::Result<void> flush(bool all);

 private:
  std::uint64_t chunk_ = chunk_rows;

  Column<std::uint32_t> job_id_, canonical_, copies_;
  Column<std::int64_t> time_us_;
  Column<std::int8_t> outcome_, why_, rule_, revised_, confirmed_, wrong_;
};

}  // namespace nexa::io::hdf5
