#include "cli/report_trust.hpp"

#include <algorithm>

namespace nexa::cli {
namespace {

using simulator::ReplicaFate;
using simulator::TrustSeries;

io::ReportBehaviour report_behaviour(const simulator::BehaviourFigures& behaviour) {
  return {.name = behaviour.name,
          .intent = behaviour.intent,
          .nodes = behaviour.nodes,
          .identities = behaviour.identities,
          .convicted = behaviour.convicted,
          .valid = behaviour.with_fate(ReplicaFate::valid),
          .invalid = behaviour.with_fate(ReplicaFate::invalid),
          .failed = behaviour.with_fate(ReplicaFate::error) +
                    behaviour.with_fate(ReplicaFate::no_reply) +
                    behaviour.with_fate(ReplicaFate::too_late)};
}

void add_parts(const TrustSeries& series, const core::Workload& workload, io::ReportTrust& trust) {
  const std::size_t jobs = workload.jobs.size();
  for (std::size_t part = 0; part < TrustSeries::buckets; ++part) {
    if (series.verdicts[part] == 0) continue;
    // The first job of a part, as the collector deals jobs to parts.
    const std::size_t first = (part * jobs + TrustSeries::buckets - 1) / TrustSeries::buckets;
    const auto of_jobs = [&](std::uint64_t count) {
      return static_cast<double>(count) / static_cast<double>(series.verdicts[part]);
    };
    trust.time_s.push_back(core::to_seconds(workload.jobs[std::min(first, jobs - 1)].submit));
    trust.copies.push_back(of_jobs(series.replicas[part]));
    trust.wrong_at_first_share.push_back(of_jobs(series.wrong[part]));
    trust.wrong_at_end_share.push_back(of_jobs(series.wrong_at_end[part]));
  }
}

}  // namespace

io::ReportTrust report_trust(const simulator::ValidationFigures& figures, const TrustSeries& series,
                             const core::Workload& workload) {
  io::ReportTrust trust;
  trust.jobs = figures.jobs_accepted + figures.jobs_without_result;
  trust.wrong = figures.wrong_accepted;
  trust.wrong_at_first = figures.wrong_at_first;
  trust.without_result = figures.jobs_without_result;
  trust.copies_per_job = figures.copies_per_job;
  trust.copies_per_job_steady = figures.copies_per_job_steady;
  trust.honest_identities = figures.honest_identities;
  trust.honest_convicted = figures.honest_convicted;
  trust.undetected = figures.undetected;
  add_parts(series, workload, trust);
  trust.reputation_at_s = series.reputation_at_s;
  trust.reputation_honest = series.reputation_honest;
  const bool some_are_hostile =
      std::any_of(figures.behaviours.begin(), figures.behaviours.end(),
                  [](const auto& one) { return one.intent == core::Intent::hostile; });
  if (some_are_hostile) trust.reputation_hostile = series.reputation_hostile;
  for (const auto& behaviour : figures.behaviours) {
    trust.behaviours.push_back(report_behaviour(behaviour));
  }
  return trust;
}

io::ReportMoney report_money(const simulator::CreditFigures& figures) {
  io::ReportMoney money;
  money.cost_per_valid_result = figures.cost_per_valid_result;
  money.gini = figures.gini;
  for (const simulator::BehaviourMoney& one : figures.behaviours) {
    money.earners.push_back({.name = one.name,
                             .intent = one.intent,
                             .nodes = one.nodes,
                             .earned = one.earned,
                             .computing = one.computing,
                             .idling = one.idling,
                             .slashed = one.slashed,
                             .fees = one.fees});
  }
  for (const simulator::MoneyFlow& flow : figures.flows) {
    if (flow.amount > core::Credits{}) money.flows.push_back({flow.from, flow.to, flow.amount});
    if (flow.amount < core::Credits{}) {
      money.flows.push_back({flow.to, flow.from, core::Credits{} - flow.amount});
    }
  }
  return money;
}

}  // namespace nexa::cli
