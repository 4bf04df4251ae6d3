#include <algorithm>
#include <cmath>

#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// sqrt(limit) cores + 25600 log10(submit)
/// Source: Carastan-Santos, de Camargo, "Obtaining dynamic scheduling policies with simulation and
/// machine learning", SC'17, table 3. The submission time is taken as at least one second, where
/// its logarithm is zero.
struct LearnedF2 {
  double key(const JobView& job, core::Time /*now*/) const {
    const double limit = core::to_seconds(job.time_limit);
    const auto cores = static_cast<double>(job.cores);
    const double submit = std::max(core::to_seconds(job.submit), 1.0);
    return std::sqrt(limit) * cores + 25600 * std::log10(submit);
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(f2, nexa::scheduler::LearnedF2, "Learned order F2 of Carastan-Santos and de Camargo.")
