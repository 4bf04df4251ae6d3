#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// Narrow jobs pass wide ones.
struct SmallestQuantityFirst {
  double key(const JobView& job, core::Time /*now*/) const {
    return static_cast<double>(job.cores);
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(sqf, nexa::scheduler::SmallestQuantityFirst, "Smallest number of cores first.")
