#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/platform.hpp"
#include "core/result.hpp"
#include "core/workload.hpp"

namespace nexa::cli {

/// Jobs that no idle platform could run.
struct MisfitJobs {
  std::uint64_t count = 0;
  std::size_t first = 0;            ///< position in the workload
  std::uint64_t slots_at_most = 0;  ///< of the first one's kind, on the idle platform
};

/// Counts the jobs that the engine will reject. Costs a step per job and one per kind of request
/// and node group.
MisfitJobs find_misfits(const core::Workload& workload, const core::Platform& platform);

/// `job 17 needs 128 slots at once, platform 'tiered' has room for 112`.
std::string misfit_message(const MisfitJobs& misfits, const core::Workload& workload,
                           const core::Platform& platform);

/// The same as an error with the place of the job's line in the trace, if it can be found there.
core::Error misfit_error(const MisfitJobs& misfits, const core::Workload& workload,
                         const core::Platform& platform, const std::string& trace);

/// The place of a job's line in an SWF trace, by its number in the first field, with the column
/// of the processors asked for. The line is unknown where the trace cannot be read again.
core::SourcePos find_job_line(const std::string& trace, std::uint32_t number);

}  // namespace nexa::cli
