#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// -(wait / limit)^3 cores: a job gains with the cube of its relative wait, wide jobs gain more.
/// Source: Tang, Lan, Desai, Buettner, "Fault-aware, utility-based job scheduling on Blue Gene/P
/// systems", CLUSTER'09.
struct Wfp3 {
  static constexpr bool key_depends_on_time = true;

  double key(const JobView& job, core::Time now) const {
    const double relative_wait =
        core::to_seconds(now - job.submit) / core::to_seconds(job.time_limit);
    return -(relative_wait * relative_wait * relative_wait) * static_cast<double>(job.cores);
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(wfp3, nexa::scheduler::Wfp3, "Cube of the relative wait, times cores (WFP3).")
