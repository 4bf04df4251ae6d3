#include <algorithm>
#include <cmath>

#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// -wait / (log2(cores) limit), with at least two cores, so that the logarithm is not zero.
/// Source: Tang, Lan, Desai, Buettner, "Fault-aware, utility-based job scheduling on Blue Gene/P
/// systems", CLUSTER'09.
struct Unicep {
  static constexpr bool key_depends_on_time = true;

  double key(const JobView& job, core::Time now) const {
    const double wait = core::to_seconds(now - job.submit);
    const double limit = core::to_seconds(job.time_limit);
    return -wait / (std::log2(static_cast<double>(std::max<std::uint64_t>(job.cores, 2))) * limit);
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(unicep, nexa::scheduler::Unicep, "Wait per limit and logarithm of cores (UNICEP).")
