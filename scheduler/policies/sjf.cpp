#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// The limit stands for the run time, which nobody knows beforehand.
struct ShortestJobFirst {
  double key(const JobView& job, core::Time /*now*/) const {
    return core::to_seconds(job.time_limit);
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(sjf, nexa::scheduler::ShortestJobFirst,
            "Shortest job first, by time limit (also called SPF).")
