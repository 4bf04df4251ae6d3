#pragma once

#include <memory>
#include <span>
#include <string>

#include "core/outcome.hpp"
#include "core/platform.hpp"
#include "core/result.hpp"
#include "core/series.hpp"
#include "core/workload.hpp"
#include "io/run_meta.hpp"

namespace nexa::io::hdf5 {

/// Writes the HDF5 file of a run, format `nexa-run`. One dataset is one column; the columns of a
/// group have equal lengths, so `{k: v[:] for k, v in f["jobs"].items()}` makes a data frame.
///
/// Root attributes: format, format_version, complete, config_yaml, seed, commit.
///   /jobs          one row per job, in the order of leaving: job_id, number, user,
///                  workload_index, submit_us, start_us, end_us, wait_us, time_limit_us, state,
///                  selected_by, slots, cores, gpus, cores_held, tier, node_class, nodes_offset,
///                  nodes_count
///   /allocations   node intervals first..last (both included): those of a job are the rows
///                  nodes_offset to nodes_offset + nodes_count
///   /nodes         one row per node class: name, tier, count, first_node, cores, gpus, gpu_type,
///                  memory_kib, speed_permille, owner, site, price_per_core_hour_microcredits,
///                  owners, rack, host_class
///   /series/load   one row per time bucket: time_us, queue_length, running_jobs and for each
///                  tier busy_cores_<tier>; absent without `set_series`
///   /meta          attributes command_line, policy, platform, workload, version, compiler
///   /meta/inputs   one row per file read: path, sha256, bytes
///
/// Times are int64 microseconds since the first submission, exactly as they were simulated; -1
/// stands for what did not happen. `state`, `selected_by` and `tier` are enumerations. Every
/// column has the attributes `units` and `description`. Equal runs give equal bytes.
class RunWriter {
 public:
  /// `jobs` (for numbers and users) must outlive the writer. Errors: as those of `PartialPath`;
  /// `unsupported` for a device or pipe; `io` with the reason.
  static core::Result<RunWriter> create(const std::string& path, const RunMeta& meta,
                                        const core::Platform& platform,
                                        std::span<const core::WorkloadJob> jobs);
  RunWriter(RunWriter&&) noexcept;
  RunWriter& operator=(RunWriter&&) noexcept;
  /// Without `close` nothing is left of the file.
  ~RunWriter();

  core::Result<void> append(const core::JobOutcome& outcome);
  /// At most once; its tiers are those of the platform.
  core::Result<void> set_series(const core::LoadSeries& series);
  /// Puts all on disk and gives the file its name. `complete` is false for a run that was stopped
  /// early. After an error nothing is left under the name.
  core::Result<void> close(bool complete);

 private:
  struct State;
  explicit RunWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace nexa::io::hdf5
