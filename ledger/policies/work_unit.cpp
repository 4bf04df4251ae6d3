#include "ledger/fixed_point.hpp"
#include "ledger/policy_descriptor.hpp"

namespace nexa::ledger {
namespace {

using core::field;
using core::Range;

/// floor(rate work). The work of a job is known from trusted re-execution before it starts, so time
/// does not matter: a slow, idle or lying node earns as much as a fast one, for the same result.
/// Against: credit by elapsed time and peak speed, which pays for idling (Gridcoin-Tasks#245).
struct WorkUnit {
  struct Params {
    std::int64_t rate = 300;
    static constexpr auto fields() {
      return std::tuple{field("rate", &Params::rate, Range{0, 1e12, "micro-credits per unit"},
                              "for the work of one core of reference speed in a second")};
    }
  } params;

  Amount price(const PriceView& view, Factors factors) const {
    const auto rate = static_cast<Amount>(params.rate);
    const auto work = static_cast<Amount>(view.work);
    factors.add("rate", rate, "micro-credits per unit");
    factors.add("work", work, "millionths of a unit");
    return multiply_divide(rate, work, static_cast<Amount>(fixed_one));
  }
};

}  // namespace
}  // namespace nexa::ledger

NEXA_PRICE_POLICY(work_unit, nexa::ledger::WorkUnit,
                  "A rate per unit of work, which trusted re-execution calibrates.")
