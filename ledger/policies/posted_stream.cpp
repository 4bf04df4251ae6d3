#include "ledger/policy_descriptor.hpp"

namespace nexa::ledger {
namespace {

using core::field;
using core::Range;

/// floor(rate elapsed): a posted price per second, due while the replica runs. The rate and the
/// word are ComputeStream's; its sums of rounded parts, and time as a caller's word, are not.
/// Source: ComputeStream, compute-stream/move/sources/payment_stream.move; `ledger/stream.hpp`.
struct PostedStream {
  struct Params {
    std::int64_t rate = 280;
    std::int64_t seconds = 1;
    static constexpr auto fields() {
      return std::tuple{
          field("rate", &Params::rate, Range{0, 1e12, "micro-credits"}, "in so many seconds"),
          field("seconds", &Params::seconds, Range{1, 1e6, "s"},
                "time in which the rate is earned, for rates below one a second")};
    }
  } params;

  [[nodiscard]] StreamRate stream_rate() const { return {params.rate, params.seconds}; }

  Amount price(const PriceView& view, Factors factors) const {
    factors.add("rate", static_cast<Amount>(params.rate), "micro-credits");
    factors.add("in", static_cast<Amount>(params.seconds), "s");
    factors.add("elapsed", static_cast<Amount>(view.usage.elapsed.count()), "us");
    return due(price_limit - 1, stream_rate(), view.usage.elapsed);
  }
};

}  // namespace
}  // namespace nexa::ledger

NEXA_PRICE_POLICY(posted_stream, nexa::ledger::PostedStream,
                  "A posted price per second, due while the replica runs (ComputeStream).")
