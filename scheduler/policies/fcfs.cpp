#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// All keys are equal, and ties keep the order of submission.
struct FirstComeFirstServed {
  double key(const JobView& /*job*/, core::Time /*now*/) const { return 0; }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(fcfs, nexa::scheduler::FirstComeFirstServed, "First come, first served.")
