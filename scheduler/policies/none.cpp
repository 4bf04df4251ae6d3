#include "scheduler/pass.hpp"
#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// Jobs start strictly in the order of the queue; the first that does not fit blocks the rest.
/// Cost of a pass: one step per job that starts.
struct NoBackfill {
  void run(Pass& pass) const { pass.start_in_order(); }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(none, nexa::scheduler::NoBackfill,
            "No backfill: the head of the queue blocks the rest.")
