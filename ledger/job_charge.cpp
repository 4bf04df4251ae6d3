#include "ledger/job_charge.hpp"

#include <algorithm>
#include <utility>

#include "ledger/id_text.hpp"

namespace nexa::ledger {

using core::ErrorCode;

namespace {

PriceView view_of(const JobRecord& job, const ReplicaReport& report) {
  const auto of_tier =
      std::find_if(job.limits.begin(), job.limits.end(),
                   [&](const PriceView& view) { return view.tier == report.tier; });
  const PriceView& limit = of_tier == job.limits.end() ? job.limits.front() : *of_tier;
  return {.tier = report.tier, .work = limit.work, .usage = report.usage};
}

core::Error bad_report(const JobRecord& job, const ReplicaReport& report, std::string why,
                       std::string hint) {
  return core::make_error(ErrorCode::invalid_argument,
                          "the report on replica " + text_of(report.replica) + " of job " +
                              text_of(job.id()) + ' ' + std::move(why),
                          std::move(hint));
}

RewardView reward_view(const JobRecord& job, const Charge& charge) {
  const ReplicaReport& report = *charge.report;
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

/// Notes in the charge where somebody asks.
Factors factors_of(Charge& charge, bool explain) {
  return explain ? Factors(charge.factors) : Factors();
}

}  // namespace

Amount price_of(const JobRecord& job, const ReplicaReport& report, const Factors& factors) {
  if (is_negative(report.usage)) return 0;
  return std::min(job.terms->price->price(view_of(job, report), factors), job.quote.replica);
}

core::Result<void> check_reports(const JobRecord& job, std::span<const ReplicaReport> reports,
                                 std::optional<core::ReplicaId> canonical) {
  FlatMap<core::ReplicaId, bool> seen;
  bool canonical_is_valid = !canonical.has_value();
  for (const ReplicaReport& report : reports) {
    if (!job.replicas.contains(report.replica)) {
      return bad_report(job, report, "is about no replica that was assigned",
                        "assign it before it starts");
    }
    if (reports.size() > 1 && std::exchange(seen[report.replica], true)) {
      return bad_report(job, report, "comes twice", "report each replica once");
    }
    if (is_negative(report.usage)) {
      return bad_report(job, report, "has a negative usage", "usage is zero or more");
    }
    const bool valid = report.outcome == ReplicaOutcome::valid;
    canonical_is_valid = canonical_is_valid || (report.replica == canonical && valid);
  }
  if (canonical_is_valid) return {};
  return core::make_error(ErrorCode::invalid_argument,
                          "the canonical replica " + text_of(*canonical) + " of job " +
                              text_of(job.id()) + " is not among the valid ones",
                          "name a valid replica, or none");
}

void Charger::weigh_rewards(const JobRecord& job, bool explain) {
  views_.clear();
  amounts_.clear();
  factors_.clear();
  valid_.clear();
  for (Charge& charge : std::span(charges_).first(used_)) {
    if (charge.report->outcome != ReplicaOutcome::valid) continue;
    if (job.replicas.at(charge.report->replica).forfeited) continue;
    views_.push_back(reward_view(job, charge));
    amounts_.push_back(charge.price);
    factors_.push_back(factors_of(charge, explain));
    valid_.push_back(&charge);
  }
  if (valid_.empty()) return;
  job.terms->reward->reward(job.about, views_, amounts_, factors_);
  for (std::size_t i = 0; i < valid_.size(); ++i) {
    valid_[i]->amount = std::min(amounts_[i], job.quote.most);
  }
}

std::span<Charge> Charger::charge(const JobRecord& job, std::span<const ReplicaReport> reports,
                                  core::Time now, bool explain) {
  used_ = reports.size();
  if (charges_.size() < used_) charges_.resize(used_);
  const std::span<Charge> charges = std::span(charges_).first(used_);
  for (std::size_t i = 0; i < used_; ++i) charges[i].report = &reports[i];
  std::sort(charges.begin(), charges.end(),
            [](const Charge& a, const Charge& b) { return a.report->replica < b.report->replica; });
  const Contract& terms = *job.terms;
  for (Charge& charge : charges) {
    const ReplicaReport& report = *charge.report;
    charge.factors.clear();
    const ReplicaMoney& money = job.replicas.at(report.replica);
    const Factors factors = factors_of(charge, explain);
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
  }
  weigh_rewards(job, explain);
  for (Charge& charge : charges) {
    charge.fee = fee_of(charge.amount, terms.fee);
    const Factors factors = factors_of(charge, explain);
    factors.add("charge", charge.amount, "micro-credits");
    factors.add("fee rate", terms.fee, "basis points");
    factors.add("fee, rounded down", charge.fee, "micro-credits");
  }
  return charges;
}

}  // namespace nexa::ledger
