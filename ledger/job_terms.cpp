#include "ledger/job_terms.hpp"

#include <algorithm>

namespace nexa::ledger {
namespace {

core::Error wrong(std::string message, std::string hint) {
  return {.code = core::ErrorCode::invalid_argument,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {}};
}

core::Result<void> check_times(const JobTerms& terms) {
  // A century, so that an instant plus a few of them stays in range.
  constexpr core::Duration longest = core::seconds(std::int64_t{36'525} * 86'400);
  const auto [low, high] =
      std::minmax({terms.hold_timeout, terms.stream_grace, terms.dispute_timeout,
                   terms.vesting.dispute_window, terms.vesting.longest});
  if (low >= core::Duration{} && high <= longest) return {};
  const core::Duration bad = low < core::Duration{} ? low : high;
  return wrong("the job's contract has a time of " + std::to_string(bad.count()) + " us",
               "times are not negative and at most a century");
}

core::Result<void> check_stream(const JobTerms& terms) {
  if (terms.stream == StreamMode::none) return {};
  const auto rate = terms.price->stream_rate();
  if (rate.has_value()) return check(*rate);
  return wrong("price policy '" + std::string(terms.price->name()) + "' posts no price per second",
               "stream under posted_stream, or do not stream");
}

core::Result<void> check_terms(const JobTerms& terms) {
  if (terms.price == nullptr || terms.reward == nullptr) {
    return wrong("a job without a price or a reward policy", "name one of each");
  }
  if (terms.max_replicas == 0) return wrong("a job of no replicas", "allow at least one");
  if (terms.limits.empty()) {
    return wrong("a job without limits", "say what a replica may use at most on each tier");
  }
  if (terms.fee > basis_points) {
    return wrong("a fee of " + std::to_string(terms.fee) + " basis points",
                 "a fee is a part of the charge, from 0 to 10000 basis points");
  }
  for (const PriceView& view : terms.limits) {
    if (is_negative(view.usage) || view.work < 0) {
      return wrong("a limit of the job is negative", "usage and work are zero or more");
    }
  }
  if (terms.vesting.by_word && terms.vesting.vest_jobs != 0) {
    return wrong("rewards that vest by the validator's word and after " +
                     std::to_string(terms.vesting.vest_jobs) + " further results",
                 "wait for one of the two: with by_word, vest_jobs is 0");
  }
  if (auto status = check(terms.refunds); !status) return status;
  if (auto status = check_times(terms); !status) return status;
  return check_stream(terms);
}

}  // namespace

core::Result<Quote> quote(const JobTerms& terms) {
  if (auto status = check_terms(terms); !status) return status.error();
  Quote quote;
  for (const PriceView& view : terms.limits) {
    quote.replica = std::max(quote.replica, terms.price->price(view, {}));
  }
  quote.most = terms.reward->most(quote.replica);
  Amount bounties = 0;
  bool in_range = quote.most < price_limit && terms.arbitration_reserve < price_limit;
  for (const BountyPledge& pledge : terms.bounties) {
    in_range = in_range && pledge.amount < price_limit && bounties < price_limit;
    bounties += pledge.amount;
  }
  if (!in_range) {
    return core::Error{.code = core::ErrorCode::limit_exceeded,
                       .message = "a price of " + to_decimal(quote.most) +
                                  " micro-credits for a replica, or a reserve or bounty",
                       .hint = "amounts of a job stay below " + to_decimal(price_limit),
                       .where = {}};
  }
  quote.job = quote.most * terms.max_replicas + terms.arbitration_reserve;
  return quote;
}

}  // namespace nexa::ledger
