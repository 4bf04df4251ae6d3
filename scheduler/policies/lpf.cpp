#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// The reverse of sjf.
struct LongestProcessingFirst {
  double key(const JobView& job, core::Time /*now*/) const {
    return -core::to_seconds(job.time_limit);
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(lpf, nexa::scheduler::LongestProcessingFirst,
            "Longest processing time first, by time limit.")
