#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/outcome.hpp"
#include "core/result.hpp"
#include "core/workload.hpp"
#include "io/hdf5/table.hpp"

namespace nexa::io::hdf5 {

/// The groups /jobs and /allocations.
class JobsTable {
 public:
  core::Result<void> create(const Handle& file, std::span<const core::WorkloadJob> jobs,
                            const std::vector<std::string>& tiers);
  core::Result<void> append(const core::JobOutcome& outcome);
  /// Writes what is pending: whole chunks, or `all` at the end.
  core::Result<void> flush(bool all);

 private:
  core::Result<void> create_facts(const Handle& group, std::uint64_t chunk);
  core::Result<void> create_results(const Handle& group, std::uint64_t chunk,
                                    const std::vector<std::string>& tiers);
  std::span<const core::WorkloadJob> jobs_;
  std::uint64_t intervals_ = 0;
  std::uint64_t chunk_ = chunk_rows;

  Column<std::uint32_t> job_id_, number_, user_, workload_index_, slots_, gpus_, nodes_count_;
  Column<std::int64_t> submit_us_, start_us_, end_us_, wait_us_, time_limit_us_;
  Column<std::uint64_t> cores_, cores_held_, nodes_offset_;
  Column<std::int8_t> state_, selected_by_, tier_;
  Column<std::int32_t> node_class_;
  Column<std::uint32_t> first_, last_;
};

}  // namespace nexa::io::hdf5
