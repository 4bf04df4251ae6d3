#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/platform.hpp"
#include "core/result.hpp"
#include "io/hdf5/table.hpp"
#include "scheduler/run_records.hpp"

namespace nexa::io::hdf5 {

/// The words for how the nodes of a platform behave, as an enumeration: `honest`, then behaviours
/// in the order in which the platform names them.
class BehaviourNames {
 public:
  BehaviourNames() = default;
  explicit BehaviourNames(const core::Platform& platform);

  [[nodiscard]] core::Result<Handle> type() const;
  /// Its position; -1 for a word that the platform does not have.
  [[nodiscard]] std::int8_t operator[](std::string_view name) const;

 private:
  std::vector<std::string> names_;
};

/// The group /replicas.
class ReplicasTable {
 public:
  /// `jobs`: how many there are, by which the table's length is guessed.
  core::Result<void> create(const Handle& file, const core::Platform& platform, std::size_t jobs);
  core::Result<void> append(const scheduler::ReplicaRecord& replica);
  core::Result<void> flush(bool all);

 private:
  BehaviourNames behaviours_;
  std::uint64_t chunk_ = chunk_rows;

  Column<std::uint32_t> job_id_, replica_, node_, machine_, owner_, nodes_;
  Column<std::int8_t> behaviour_, tier_, purpose_, state_, wrong_, trusted_;
  Column<std::int64_t> start_us_, end_us_;
  Column<std::uint64_t> cores_held_;
};

}  // namespace nexa::io::hdf5
