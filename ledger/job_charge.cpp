#include "ledger/job_charge.hpp"

#include <algorithm>
#include <set>

#include "ledger/money_error.hpp"

namespace nexa::ledger {

using core::ErrorCode;

namespace {

PriceView view_of(const JobTerms& terms, const ReplicaReport& report) {
  const auto of_tier =
      std::find_if(terms.limits.begin(), terms.limits.end(),
                   [&](const PriceView& view) { return view.tier == report.tier; });
  const PriceView& limit = of_tier == terms.limits.end() ? terms.limits.front() : *of_tier;
  return {.tier = report.tier, .work = limit.work, .usage = report.usage};
}

bool is_negative(const Usage& usage) {
  constexpr core::Duration zero{};
  return usage.elapsed < zero || usage.core_time < zero || usage.gpu_time < zero ||
         usage.gib_seconds < 0;
}

core::Error bad_report(const JobRecord& job, const ReplicaReport& report, std::string why,
                       std::string hint) {
  return money_error(ErrorCode::invalid_argument,
                     "the report on replica " + text_of(report.replica) + " of job " +
                         text_of(job.id()) + ' ' + std::move(why),
                     std::move(hint));
}

RewardView reward_view(const JobRecord& job, const Charge& charge) {
  const ReplicaReport& report = charge.report;
  return {.replica = report.replica,
          .node = job.replicas.at(report.replica).node,
          .price = charge.price,
          .usage = report.usage,
          .quality = report.quality,
          .version = report.version,
          .on_gpu = report.on_gpu,
          .claimed_flops = report.claimed_flops,
          .valid_in_a_row = report.valid_in_a_row};
}

/// Asks the reward policy about the valid replicas among `charges`.
void weigh_rewards(const JobRecord& job, std::vector<Charge>& charges) {
  std::vector<RewardView> views;
  std::vector<Amount> amounts;
  std::vector<Factors> factors;
  std::vector<Charge*> valid;
  for (Charge& charge : charges) {
    if (charge.report.outcome != ReplicaOutcome::valid) continue;
    if (job.replicas.at(charge.report.replica).forfeited) continue;
    views.push_back(reward_view(job, charge));
    amounts.push_back(charge.price);
    factors.emplace_back(charge.factors);
    valid.push_back(&charge);
  }
  if (valid.empty()) return;
  job.terms->reward->reward(job.terms->about, views, amounts, factors);
  for (std::size_t i = 0; i < valid.size(); ++i) {
    valid[i]->amount = std::min(amounts[i], job.quote.most);
  }
}

}  // namespace

Amount price_of(const JobRecord& job, const ReplicaReport& report, const Factors& factors) {
  if (is_negative(report.usage)) return 0;
  return std::min(job.terms->price->price(view_of(*job.terms, report), factors), job.quote.replica);
}

core::Result<void> check_reports(const JobRecord& job, const Verdict& verdict) {
  std::set<core::ReplicaId> seen;
  bool canonical_is_valid = !verdict.canonical.has_value();
  for (const ReplicaReport& report : verdict.reports) {
    if (!job.replicas.contains(report.replica)) {
      return bad_report(job, report, "is about no replica that was assigned",
                        "assign it before it starts");
    }
    if (!seen.insert(report.replica).second) {
      return bad_report(job, report, "comes twice", "report each replica once");
    }
    if (is_negative(report.usage)) {
      return bad_report(job, report, "has a negative usage", "usage is zero or more");
    }
    const bool valid = report.outcome == ReplicaOutcome::valid;
    canonical_is_valid = canonical_is_valid || (report.replica == verdict.canonical && valid);
  }
  if (canonical_is_valid) return {};
  return money_error(ErrorCode::invalid_argument,
                     "the canonical replica " + text_of(*verdict.canonical) + " of job " +
                         text_of(job.id()) + " is not among the valid ones",
                     "name a valid replica, or none");
}

std::vector<Charge> charges_of(const JobRecord& job, std::vector<ReplicaReport> reports,
                               core::Time now) {
  std::sort(reports.begin(), reports.end(),
            [](const auto& a, const auto& b) { return a.replica < b.replica; });
  std::vector<Charge> charges;
  const JobTerms& terms = *job.terms;
  for (const ReplicaReport& report : reports) {
    Charge charge{.report = report, .factors = {}};
    const ReplicaMoney& money = job.replicas.at(report.replica);
    const Factors factors(charge.factors);
    if (money.stream.has_value()) {
      Stream stream = *money.stream;
      stream.close(now);
      charge.price = money.forfeited ? 0 : stream.due_at(now);
      factors.add("last valid tick", stream.last_tick(), "s");
    } else {
      charge.price = price_of(job, report, factors);
    }
    factors.add("price", charge.price, "micro-credits");
    charge.amount = charge_of(report.outcome, charge.price, terms.refunds, report.progress);
    charges.push_back(std::move(charge));
  }
  weigh_rewards(job, charges);
  for (Charge& charge : charges) {
    charge.fee = fee_of(charge.amount, terms.fee);
    const Factors factors(charge.factors);
    factors.add("charge", charge.amount, "micro-credits");
    factors.add("fee rate", terms.fee, "basis points");
    factors.add("fee, rounded down", charge.fee, "micro-credits");
  }
  return charges;
}

}  // namespace nexa::ledger
