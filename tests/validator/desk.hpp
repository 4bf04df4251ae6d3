#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/rng.hpp"
#include "tests/validator/population.hpp"
#include "validator/validator.hpp"

namespace nexa::validator::test {

/// Decisions whose spans are their own.
struct Wish {
  SendReplica send;
  std::vector<core::FaultDomain> avoid;
};
struct Said {
  Verdict verdict;
  std::vector<ReplicaVerdict> replicas;
  [[nodiscard]] const ReplicaVerdict& of(std::uint32_t replica) const {
    for (const ReplicaVerdict& one : replicas) {
      if (one.replica.value == replica) return one;
    }
    static const ReplicaVerdict none{};
    return none;
  }
};
struct Revised {
  VerdictRevised revised;
  std::vector<ReplicaVerdict> replicas;
};

/// A validator, the facts of a test, and everything that was decided.
class Desk {
 public:
  explicit Desk(const ValidatorConfig& config = {}) : validator(config, sha256_for_tests()) {}

  void tell(const Fact& fact) { validator.apply(fact, now); }

  /// A node of an owner, site, rack and machine of its own unless said otherwise.
  NodeJoined node(std::uint32_t id) const {
    return {.node = core::NodeId{id},
            .owner = core::OwnerId{id},
            .site = core::SiteId{id},
            .rack = core::RackId{id},
            .machine = MachineId{id},
            .host_class = core::HostClassId{1},
            .trusted = false};
  }
  void join(std::uint32_t from, std::uint32_t to, bool trusted = false) {
    for (std::uint32_t id = from; id <= to; ++id) {
      NodeJoined fact = node(id);
      fact.trusted = trusted;
      tell(fact);
    }
  }
  void submit(std::uint32_t job, const Redundancy& rules, std::int64_t value = 1,
              ComparatorKind comparator = ComparatorKind::exact) {
    tell(JobSubmitted{.job = core::JobId{job},
                      .rules = rules,
                      .value = core::Credits::whole(value),
                      .comparator = comparator,
                      .job_class = JobClass{0}});
  }
  void place(std::uint32_t job, std::uint32_t replica, std::vector<std::uint32_t> nodes) {
    std::vector<core::NodeId> ids;
    for (const std::uint32_t id : nodes) ids.emplace_back(id);
    tell(ReplicaPlaced{core::JobId{job}, core::ReplicaId{replica}, ids});
  }
  void report(std::uint32_t job, std::uint32_t replica, std::uint64_t variant,
              std::vector<Comparison> comparisons = {}) {
    tell(ResultReported{core::JobId{job}, core::ReplicaId{replica}, digest_of(job, variant),
                        comparisons});
  }
  void fail(std::uint32_t job, std::uint32_t replica, FailureKind how) {
    tell(ReplicaFailed{core::JobId{job}, core::ReplicaId{replica}, how});
  }

  /// Decides once and notes everything. Returns what was asked for.
  std::vector<Wish> step() {
    std::vector<Wish> fresh;
    for (const Decision& decision : validator.decide(now)) {
      add_to_hash(hash, decision);
      if (const auto* wish = std::get_if<SendReplica>(&decision)) {
        fresh.push_back({*wish, {wish->avoid.begin(), wish->avoid.end()}});
      } else if (const auto* said = std::get_if<Verdict>(&decision)) {
        verdicts[said->job.value] = {*said, {said->replicas.begin(), said->replicas.end()}};
        ++verdict_count[said->job.value];
      } else if (const auto* again = std::get_if<VerdictRevised>(&decision)) {
        revisions.push_back({*again, {again->replicas.begin(), again->replicas.end()}});
      } else if (const auto* convict = std::get_if<Convict>(&decision)) {
        convicts.push_back(*convict);
      } else if (const auto* quarantine = std::get_if<Quarantine>(&decision)) {
        quarantined[quarantine->node.value] = *quarantine;
      } else if (const auto* release = std::get_if<Release>(&decision)) {
        quarantined.erase(release->node.value);
      } else if (const auto* trust = std::get_if<TrustChanged>(&decision)) {
        buckets[trust->node.value] = trust->bucket;
      } else if (const auto* cancel = std::get_if<CancelReplica>(&decision)) {
        cancelled.emplace_back(cancel->job.value, cancel->replica.value);
      } else if (const auto* vested_now = std::get_if<Vested>(&decision)) {
        vested.emplace_back(vested_now->job.value, vested_now->replica.value);
      } else if (const auto* forfeit = std::get_if<Forfeited>(&decision)) {
        forfeited.emplace_back(forfeit->job.value, forfeit->replica.value);
      } else if (const auto* diagnosed = std::get_if<Diagnosed>(&decision)) {
        diagnoses.push_back(*diagnosed);
      } else if (const auto* suspected = std::get_if<ClassSuspected>(&decision)) {
        suspicions.push_back(*suspected);
      } else if (const auto* committed = std::get_if<SeedCommitted>(&decision)) {
        commitments[committed->epoch] = committed->commitment;
      } else if (const auto* revealed = std::get_if<SeedRevealed>(&decision)) {
        seeds[revealed->epoch] = revealed->seed;
      }
    }
    for (const core::JobId job : validator.forgotten()) forgotten.push_back(job.value);
    for (Wish& wish : fresh) wish.send.avoid = {};
    wishes.insert(wishes.end(), fresh.begin(), fresh.end());
    return fresh;
  }

  using Choose = std::function<std::uint32_t(const Wish&)>;  ///< a node; UINT32_MAX: none
  using Answer = std::function<std::uint64_t(const Wish&, std::uint32_t)>;  ///< a variant

  /// Places and answers everything that is asked for, until nothing is.
  void run(const Choose& choose, const Answer& answer) {
    while (true) {
      const std::vector<Wish> fresh = step();
      if (fresh.empty()) return;
      for (const Wish& wish : fresh) {
        const std::uint32_t job = wish.send.job.value;
        const std::uint32_t replica = wish.send.replica.value;
        const std::uint32_t chosen = choose(wish);
        if (chosen == UINT32_MAX) {
          tell(ReplicaUnplaceable{wish.send.job, wish.send.replica});
          continue;
        }
        place(job, replica, {chosen});
        report(job, replica, answer(wish, chosen));
      }
    }
  }

  /// Gives a node so many checked results: jobs from `job` on, with `partner`.
  std::uint32_t earn(std::uint32_t job, std::uint32_t node_id, std::uint32_t partner,
                     std::uint32_t count, const Redundancy& rules) {
    for (std::uint32_t i = 0; i < count; ++i, ++job) {
      submit(job, rules);
      std::uint32_t calls = 0;
      run(
          [&](const Wish& wish) {
            if (wish.send.min_trust == TrustBucket::trusted) return arbiter;
            return calls++ == 0 ? node_id : partner;
          },
          [](const Wish&, std::uint32_t) { return std::uint64_t{0}; });
    }
    return job;
  }

  Validator validator;
  core::Time now{};
  core::StreamHash hash;
  std::uint32_t arbiter = UINT32_MAX;
  std::vector<Wish> wishes;
  std::map<std::uint32_t, Said> verdicts;
  std::map<std::uint32_t, int> verdict_count;
  std::vector<Revised> revisions;
  std::vector<Convict> convicts;
  std::map<std::uint32_t, Quarantine> quarantined;
  std::map<std::uint32_t, TrustBucket> buckets;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> cancelled;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> vested;
  std::vector<std::uint32_t> forgotten;  ///< jobs
  std::vector<std::pair<std::uint32_t, std::uint32_t>> forfeited;
  std::vector<Diagnosed> diagnoses;
  std::vector<ClassSuspected> suspicions;
  std::map<std::uint64_t, core::Digest> commitments;
  std::map<std::uint64_t, core::Digest> seeds;
};

inline Redundancy rules_of(RedundancyPolicy policy, std::uint32_t target = 2,
                           std::uint32_t quorum = 2) {
  Redundancy rules;
  rules.policy = policy;
  rules.target_nresults = target;
  rules.min_quorum = quorum;
  return rules;
}

}  // namespace nexa::validator::test
