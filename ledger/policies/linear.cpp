#include "ledger/fixed_point.hpp"
#include "ledger/policy_descriptor.hpp"

namespace nexa::ledger {
namespace {

using core::field;
using core::Range;

constexpr Range coefficient{0, 1e9, "micro-credits"};

/// floor(sum of coefficient x usage) + fixed: Golem's linear model, with coefficients and usage as
/// integers of millionths. The sum is exact and rounded once, at its end.
/// Source: golem-architecture, standards/3-commercial/com/pricing/linear-model.md.
struct Linear {
  struct Params {
    Decimal per_second;
    Decimal per_core_second{280'000'000};
    Decimal per_gpu_second{5'600'000'000};
    Decimal per_gib_second;
    std::int64_t fixed = 0;
    static constexpr auto fields() {
      return std::tuple{field("per_second", &Params::per_second, coefficient, "for each second"),
                        field("per_core_second", &Params::per_core_second, coefficient,
                              "for each second of each core"),
                        field("per_gpu_second", &Params::per_gpu_second, coefficient,
                              "for each second of each GPU"),
                        field("per_gib_second", &Params::per_gib_second, coefficient,
                              "for each second of each GiB of memory"),
                        field("fixed", &Params::fixed, Range{0, 1e15, "micro-credits"},
                              "for each replica, however short")};
    }
  } params;

  Amount price(const PriceView& view, Factors factors) const {
    const Usage& usage = view.usage;
    // In trillionths of a micro-credit: each term is below 2^50 x 2^63.
    const Amount sum = term("elapsed", usage.elapsed.count(), params.per_second, factors) +
                       term("core time", usage.core_time.count(), params.per_core_second, factors) +
                       term("GPU time", usage.gpu_time.count(), params.per_gpu_second, factors) +
                       term("memory time", usage.gib_seconds, params.per_gib_second, factors);
    factors.add("fixed", static_cast<Amount>(params.fixed), "micro-credits");
    constexpr Amount trillion = Amount{fixed_one} * Amount{fixed_one};
    return sum / trillion + static_cast<Amount>(params.fixed);
  }

 private:
  static Amount term(std::string_view counter, std::int64_t used, const Decimal& coefficient_of,
                     Factors factors) {
    const auto rate = static_cast<Amount>(coefficient_of.millionths);
    if (rate == 0) return 0;
    factors.add(counter, static_cast<Amount>(used), "millionths of a second");
    factors.add("coefficient", rate, "millionths of a micro-credit per second");
    return rate * static_cast<Amount>(used);
  }
};

}  // namespace
}  // namespace nexa::ledger

NEXA_PRICE_POLICY(linear, nexa::ledger::Linear,
                  "Coefficients times usage, plus a fixed amount (Golem's linear model).")
