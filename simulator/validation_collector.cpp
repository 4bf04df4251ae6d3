#include "simulator/validation_collector.hpp"

#include <algorithm>
#include <numeric>

namespace nexa::simulator {
namespace {

std::size_t index_of(ReplicaFate fate) {
  return static_cast<std::size_t>(fate);
}

double ratio(std::uint64_t count, std::uint64_t of) {
  return of == 0 ? 0 : static_cast<double>(count) / static_cast<double>(of);
}

/// Nearest-rank percentiles of a short list.
Distribution distribution_of(std::vector<double> sample) {
  if (sample.empty()) return {};
  std::sort(sample.begin(), sample.end());
  const auto at_percent = [&](std::size_t percent) {
    return sample[std::max<std::size_t>((sample.size() * percent + 99) / 100, 1) - 1];
  };
  const double sum = std::accumulate(sample.begin(), sample.end(), 0.0);
  return {.mean = sum / static_cast<double>(sample.size()),
          .p50 = at_percent(50),
          .p95 = at_percent(95),
          .max = sample.back()};
}

}  // namespace

std::size_t ValidationCollector::bucket_of(std::size_t job) const {
  return std::min(job * TrustSeries::buckets / std::max<std::size_t>(jobs_, 1),
                  TrustSeries::buckets - 1);
}

BehaviourFigures& ValidationCollector::behaviour_of(core::NodeId node) {
  return figures_.behaviours[identities_[node.value].behaviour];
}

void ValidationCollector::identity_joined(core::NodeId node, std::string_view label,
                                          core::Intent intent, bool is_new_node) {
  if (node.value >= identities_.size()) identities_.resize(node.value + 1);
  auto known =
      std::find_if(figures_.behaviours.begin(), figures_.behaviours.end(),
                   [&](const BehaviourFigures& behaviour) { return behaviour.name == label; });
  if (known == figures_.behaviours.end()) {
    figures_.behaviours.push_back({.name = std::string(label), .intent = intent});
    known = figures_.behaviours.end() - 1;
  }
  ++known->identities;
  if (is_new_node) ++known->nodes;
  Identity& identity = identities_[node.value];
  identity.behaviour = static_cast<std::uint32_t>(known - figures_.behaviours.begin());
  identity.intent = intent;
}

void ValidationCollector::replica_started(std::span<const core::NodeId> nodes, std::size_t job,
                                          bool trusted) {
  ++figures_.replicas;
  if (trusted) ++figures_.trusted_replicas;
  if (is_late(job)) ++late_replicas_;
  ++series_.replicas[bucket_of(job)];
  for (const core::NodeId node : nodes) identities_[node.value].computed = true;
}

void ValidationCollector::computed(core::NodeId node, double core_seconds, bool trusted) {
  behaviour_of(node).computed_core_s += core_seconds;
  core_seconds_ += core_seconds;
  if (trusted) trusted_core_seconds_ += core_seconds;
}

void ValidationCollector::answered_wrongly(core::NodeId node, core::Time now) {
  Identity& identity = identities_[node.value];
  identity.first_wrong = std::min(identity.first_wrong, now);
}

void ValidationCollector::ended(core::NodeId node, ReplicaFate fate) {
  ++behaviour_of(node).replicas[index_of(fate)];
}

void ValidationCollector::ended_otherwise(core::NodeId node, ReplicaFate before,
                                          ReplicaFate after) {
  --behaviour_of(node).replicas[index_of(before)];
  ++behaviour_of(node).replicas[index_of(after)];
}

void ValidationCollector::convicted(core::NodeId node, core::Time now) {
  Identity& identity = identities_[node.value];
  identity.first_convicted = std::min(identity.first_convicted, now);
}

void ValidationCollector::leaned(core::NodeId node) {
  identities_[node.value].leaned = true;
}

void ValidationCollector::accepted(std::size_t job, bool wrong, core::Credits value) {
  ++verdicts_;
  if (is_late(job)) ++late_verdicts_;
  ++series_.verdicts[bucket_of(job)];
  ++figures_.jobs_accepted;
  figures_.value_accepted += value;
  if (!wrong) return;
  ++figures_.wrong_accepted;
  ++figures_.wrong_at_first;
  ++series_.wrong[bucket_of(job)];
  ++series_.wrong_at_end[bucket_of(job)];
  figures_.value_wrong += value;
}

void ValidationCollector::without_result(std::size_t job) {
  ++verdicts_;
  if (is_late(job)) ++late_verdicts_;
  ++series_.verdicts[bucket_of(job)];
  ++figures_.jobs_without_result;
}

void ValidationCollector::revised(std::size_t job, bool was_wrong, bool is_wrong,
                                  core::Credits value) {
  ++figures_.revised;
  if (was_wrong == is_wrong) return;
  if (is_wrong) {
    ++figures_.wrong_accepted;
    ++series_.wrong_at_end[bucket_of(job)];
    figures_.value_wrong += value;
  } else {
    --figures_.wrong_accepted;
    --series_.wrong_at_end[bucket_of(job)];
    figures_.value_wrong -= value;
  }
}

void ValidationCollector::sample_reputation(core::Time now, double honest, double hostile) {
  series_.reputation_at_s.push_back(core::to_seconds(now.time_since_epoch()));
  series_.reputation_honest.push_back(honest);
  series_.reputation_hostile.push_back(hostile);
}

void ValidationCollector::count_identities() {
  std::vector<double> detection;
  for (const Identity& identity : identities_) {
    const bool convicted = identity.first_convicted != core::never;
    if (convicted) ++figures_.behaviours[identity.behaviour].convicted;
    if (identity.leaned) ++figures_.behaviours[identity.behaviour].leaning;
    if (identity.intent == core::Intent::honest && identity.computed) {
      ++figures_.honest_identities;
      if (convicted) ++figures_.honest_convicted;
    }
    if (identity.first_wrong == core::never) continue;
    if (convicted) {
      detection.push_back(core::to_seconds(
          std::max(identity.first_convicted - identity.first_wrong, core::Duration::zero())));
    } else {
      ++figures_.undetected;
    }
  }
  figures_.detection_s = distribution_of(std::move(detection));
}

ValidationFigures ValidationCollector::summarise() {
  figures_.copies_per_job = ratio(figures_.replicas, verdicts_);
  figures_.copies_per_job_steady = ratio(late_replicas_, late_verdicts_);
  if (core_seconds_ > 0) figures_.trusted_core_share = trusted_core_seconds_ / core_seconds_;
  count_identities();
  return figures_;
}

}  // namespace nexa::simulator
