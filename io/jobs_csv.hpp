#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.hpp"
#include "core/platform.hpp"
#include "core/result.hpp"
#include "core/workload.hpp"
#include "io/atomic_file.hpp"

namespace nexa::io {

/// Writes `jobs.csv`: one line per job, in the order in which they are appended.
///
/// The first 17 columns are those of Batsim 4's jobs file, with its names, order, state names and
/// number format, so that tools for Batsim read the file:
///   job_id (the workload's job number), workload_name, profile (always `delay`: a run of known
///   length), submission_time, requested_number_of_resources (slots), requested_time, success,
///   final_state, starting_time, execution_time, finish_time, waiting_time, turnaround_time,
///   stretch (turnaround / execution), allocated_resources (interval set of node ids),
///   consumed_energy (-1: not known), metadata (empty).
/// Times are seconds with six decimals since the first submission. What a job never had is empty:
/// all times but the submission for a job that was not started, the end of an unfinished one.
/// `final_state` is COMPLETED_SUCCESSFULLY, COMPLETED_WALLTIME_REACHED, COMPLETED_KILLED,
/// REJECTED, or for an unfinished job RUNNING or SUBMITTED.
/// After them come our own: tier, node_class (names), selected_by, cores, cores_held, user,
/// workload_index (position in the sorted workload; unlike job_id, it is unique).
class JobsCsvWriter {
 public:
  /// The workload's jobs (for their number and user) and the platform (for names) must outlive
  /// the writer; outcomes of jobs beyond `jobs` are numbered by their id.
  static core::Result<JobsCsvWriter> create(const std::string& path,
                                            const std::string& workload_name,
                                            std::span<const core::WorkloadJob> jobs,
                                            const core::Platform& platform);

  core::Result<void> append(const core::JobOutcome& outcome);
  /// Writes what is buffered and gives the file its name. A run that was stopped does so too:
  /// every line that is there is whole.
  core::Result<void> commit();

 private:
  JobsCsvWriter(AtomicFile file, const std::string& workload_name,
                std::span<const core::WorkloadJob> jobs, const core::Platform& platform);
  void put_times(const core::JobOutcome& outcome);
  void put_extras(const core::JobOutcome& outcome);

  AtomicFile file_;
  std::string buffer_;
  std::string workload_field_;
  std::span<const core::WorkloadJob> jobs_;
  std::vector<std::string> tier_fields_;
  std::vector<std::string> class_fields_;
};

/// A field as RFC 4180 wants it: in quotes if it has a comma, quote or line break.
std::string csv_field(std::string_view text);

}  // namespace nexa::io
