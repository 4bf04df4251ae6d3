#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// The area is what the job takes away from others at the most, in core seconds.
struct SmallestAreaFirst {
  double key(const JobView& job, core::Time /*now*/) const {
    return core::to_seconds(job.time_limit) * static_cast<double>(job.cores);
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(saf, nexa::scheduler::SmallestAreaFirst, "Smallest area first: time limit times cores.")
