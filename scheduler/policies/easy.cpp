#include "scheduler/pass.hpp"
#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {

/// The head of the queue holds a reservation at the earliest time at which it fits if running jobs
/// use their whole limits (the shadow time); a later job may start now if that does not move it.
/// Source: Lifka, "The ANL/IBM SP scheduling system", JSSPP'95; Mu'alem, Feitelson, TPDS 12(6),
/// 2001. Cost of a pass: one step per running job up to the shadow time, and one per 64 waiting
/// jobs, or per waiting job where a chunk of the queue has a job that may fit.
struct Easy {
  struct Params {
    OrderName order{"queue"};
    std::int64_t depth = 0;
    static constexpr auto fields() {
      return std::tuple{
          field("order", &Params::order,
                "order of the backfill pass: an order policy, or 'queue' for that of the queue"),
          field("depth", &Params::depth, Range{0, 1e9, "jobs"},
                "jobs behind the head that a pass looks at; 0 means all")};
    }
  } params;

  std::string_view backfill_order() const { return params.order.name; }

  void run(Pass& pass) const {
    pass.start_in_order();
    pass.backfill_around_head(static_cast<std::uint64_t>(params.depth));
  }
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(easy, nexa::scheduler::Easy, "EASY backfill: only the head of the queue is protected.")
