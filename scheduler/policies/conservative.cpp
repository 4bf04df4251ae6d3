#include "scheduler/pass.hpp"
#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// Every job holds a reservation from its arrival on, and never starts later than it says.
/// Source: Mu'alem, Feitelson, "Utilization, predictability, workloads, and user runtime estimates
/// in scheduling the IBM SP2 with backfilling", TPDS 12(6), 2001. Cost: see `scheduler/plan.hpp`.
struct Conservative {
  static constexpr bool plans_reservations = true;

  struct Params {
    bool compress = true;
    static constexpr auto fields() {
      return std::tuple{field("compress", &Params::compress,
                              "move jobs to earlier holes when another ends early")};
    }
  } params;

  void run(Pass& pass) const { pass.follow_plan(params.compress); }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(conservative, nexa::scheduler::Conservative,
            "Conservative backfill: every job holds a reservation.")
