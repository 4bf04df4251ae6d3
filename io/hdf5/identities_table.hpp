#pragma once

#include <cstdint>

#include "core/platform.hpp"
#include "core/result.hpp"
#include "io/hdf5/replicas_table.hpp"
#include "io/hdf5/table.hpp"
#include "scheduler/run_records.hpp"

namespace nexa::io::hdf5 {

/// The group /identities.
class IdentitiesTable {
 public:
  core::Result<void> create(const Handle& file, const core::Platform& platform);
  core::Result<void> append(const scheduler::IdentityRecord& identity);
  core::Result<void> flush(bool all);

 private:
  BehaviourNames behaviours_;
  std::uint64_t chunk_ = chunk_rows;

  Column<std::uint32_t> node_, machine_, owner_, node_class_, reputation_ppm_, strikes_;
  Column<std::int64_t> joined_us_, first_wrong_us_, convicted_us_;
  Column<std::uint64_t> valid_, invalid_, inconclusive_, errors_, no_replies_, aborted_;
  Column<std::int8_t> behaviour_, intent_, trust_, expelled_;
};

}  // namespace nexa::io::hdf5
