#include "ledger/credit_new.hpp"

#include <algorithm>

#include "core/time.hpp"
#include "ledger/fixed_point.hpp"
#include "ledger/policy_descriptor.hpp"

namespace nexa::ledger {
namespace {

using core::field;
using core::Range;

/// Far above any price, so that a host's absurd claim stays a number that can be rounded.
constexpr double most_credit = 9e12;

/// BOINC's CreditNew: all valid replicas of a job are granted the same credit, from what their
/// hosts claim (elapsed time x peak speed), scaled by averages of host and version. For comparison:
/// it is the one policy that computes with real numbers. The credit is rounded to the nearest
/// millionth of a Cobblestone, a tie to the even one, and the amount is rounded down; a replica is
/// never charged more than its price, which is what is held for it.
/// Source: BOINC, sched/credit.cpp; `ledger/credit_new.hpp`.
class CreditNewReward {
 public:
  struct Params {
    std::int64_t rate = 432'000;
    std::int64_t rescale_every = 100;
    Decimal max_granted;
    bool host_scale_check = true;
    bool from_runtime = false;
    static constexpr auto fields() {
      return std::tuple{
          field("rate", &Params::rate, Range{0, 1e12, "micro-credits"}, "for a Cobblestone"),
          field("rescale_every", &Params::rescale_every, Range{1, 1e9, "jobs"},
                "after so many the scales of versions are computed anew"),
          field("max_granted", &Params::max_granted, Range{0, 1e9, "Cobblestones"},
                "claims above are ignored; 0: none"),
          field("host_scale_check", &Params::host_scale_check,
                "hosts are scaled only after ten valid results in a row"),
          field("from_runtime", &Params::from_runtime,
                "low average of the claims in place of the pegged one")};
    }
  } params;

  void reward(const RewardedJob& job, std::span<const RewardView> views, std::span<Amount> charges,
              std::span<const Factors> factors) {
    if (views.empty()) return;
    std::vector<credit_new::Claim> claims;
    for (const RewardView& view : views) claims.push_back(claim_of(view));
    const double credit = std::min(averages().grant(estimate_of(job), claims), most_credit);
    if (++jobs_ % params.rescale_every == 0) averages().rescale();
    const auto millionths = fixed_from_double(credit);
    NEXA_ASSERT(millionths.has_value(), "credit is a number from zero to the most");
    const Amount granted =
        multiply_divide(static_cast<Amount>(*millionths), static_cast<Amount>(params.rate),
                        static_cast<Amount>(fixed_one));
    for (std::size_t i = 0; i < views.size(); ++i) {
      factors[i].add("granted", static_cast<Amount>(*millionths), "millionths of a Cobblestone");
      factors[i].add("rate", static_cast<Amount>(params.rate), "micro-credits per Cobblestone");
      charges[i] = std::min(views[i].price, granted);
    }
  }

 private:
  static credit_new::Claim claim_of(const RewardView& view) {
    return {.host = view.node.value,
            .version = view.version,
            .on_gpu = view.on_gpu,
            .elapsed_s = core::to_seconds(view.usage.elapsed),
            .flops = static_cast<double>(view.claimed_flops),
            .valid_in_a_row = view.valid_in_a_row};
  }

  static credit_new::JobEstimate estimate_of(const RewardedJob& job) {
    credit_new::JobEstimate estimate;
    estimate.application = job.application;
    if (job.estimated_flop != 0) estimate.flop = static_cast<double>(job.estimated_flop);
    estimate.flop_bound = static_cast<double>(job.bound_flop);
    return estimate;
  }

  credit_new::CreditNew& averages() {
    if (!averages_.has_value()) {
      const double most = static_cast<double>(params.max_granted.millionths) / 1e6;
      averages_.emplace(credit_new::CreditNew::Rules{.max_granted_credit = most,
                                                     .host_scale_check = params.host_scale_check,
                                                     .from_runtime = params.from_runtime});
    }
    return *averages_;
  }

  std::optional<credit_new::CreditNew> averages_;
  std::int64_t jobs_ = 0;
};

}  // namespace
}  // namespace nexa::ledger

NEXA_REWARD_POLICY(credit_new, nexa::ledger::CreditNewReward,
                   "BOINC's CreditNew, as BOINC codes it; for comparison.")
