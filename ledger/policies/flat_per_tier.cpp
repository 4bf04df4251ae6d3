#include "ledger/fixed_point.hpp"
#include "ledger/policy_descriptor.hpp"

namespace nexa::ledger {
namespace {

using core::field;
using core::Range;

constexpr Amount microseconds_per_hour = 3'600'000'000;

/// floor(rate[tier] core_time) + fixed, the rate by the hour. What is charged is the time that
/// cores were set aside, whether they were busy or not, which no node can inflate.
struct FlatPerTier {
  struct Params {
    IntegerList rates{{1'000'000, 4'000'000, 2'000'000}};
    std::int64_t fixed = 0;
    static constexpr auto fields() {
      return std::tuple{
          field("rates", &Params::rates, Range{0, 1e12, "micro-credits per core-hour"},
                "one for each tier from the lowest, the last for all above"),
          field("fixed", &Params::fixed, Range{0, 1e15, "micro-credits"},
                "for each replica, however short")};
    }
  } params;

  Amount price(const PriceView& view, Factors factors) const {
    const auto rate = static_cast<Amount>(params.rates.at(view.tier.value));
    const auto time = static_cast<Amount>(view.usage.core_time.count());
    factors.add("tier", view.tier.value, "");
    factors.add("rate", rate, "micro-credits per core-hour");
    factors.add("core time", time, "us");
    factors.add("fixed", static_cast<Amount>(params.fixed), "micro-credits");
    return multiply_divide(rate, time, microseconds_per_hour) + static_cast<Amount>(params.fixed);
  }
};

}  // namespace
}  // namespace nexa::ledger

NEXA_PRICE_POLICY(flat_per_tier, nexa::ledger::FlatPerTier,
                  "A rate per core-hour for each tier, rounded down.")
