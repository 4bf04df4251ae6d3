#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/behaviour.hpp"
#include "core/credits.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "simulator/statistics.hpp"

namespace nexa::simulator {

/// What became of a replica, as the figures count it.
enum class ReplicaFate : std::uint8_t {
  valid,
  invalid,
  inconclusive,
  too_late,
  error,
  no_reply,
  not_needed,
};
inline constexpr std::size_t replica_fates = 7;

/// Figures of all nodes that behave alike.
struct BehaviourFigures {
  std::string name;  ///< of the behaviour that tells most, or `honest`
  core::Intent intent = core::Intent::honest;
  std::uint64_t nodes = 0;
  std::uint64_t identities = 0;  ///< `nodes`, and one for each time that a node came back as new
  std::uint64_t convicted = 0;   ///< identities that were convicted at least once
  std::uint64_t leaning = 0;  ///< identities that were once found to lean (`validator::LeanTest`)
  std::array<std::uint64_t, replica_fates> replicas{};  ///< by fate
  double computed_core_s = 0;                           ///< work that was really done

  [[nodiscard]] std::uint64_t with_fate(ReplicaFate fate) const {
    return replicas[static_cast<std::size_t>(fate)];
  }
};

/// What redundancy achieved and cost. A result is *wrong* if it is none that an honest node could
/// have given; only a simulation knows.
struct ValidationFigures {
  std::uint64_t jobs_accepted = 0;
  std::uint64_t jobs_without_result = 0;  ///< given up: too many errors, no agreement
  std::uint64_t wrong_accepted = 0;       ///< and not revised by the end
  std::uint64_t wrong_at_first = 0;       ///< accepted at first, whatever became of it
  std::uint64_t revised = 0;              ///< verdicts that were changed afterwards
  core::Credits value_accepted{};
  core::Credits value_wrong{};

  std::uint64_t replicas = 0;  ///< started, of all kinds
  std::uint64_t trusted_replicas =
      0;                      ///< of them on trusted nodes because they were asked for there
  double copies_per_job = 0;  ///< replicas by jobs with a verdict
  /// The same of the jobs in the second half of the workload, when nodes have histories.
  double copies_per_job_steady = 0;
  double trusted_core_share = 0;  ///< core time on trusted nodes as arbiters, by all core time

  std::uint64_t honest_identities = 0;  ///< that computed something, be it a part of a wide job
  std::uint64_t honest_convicted = 0;
  /// From the first wrong answer of an identity to its first conviction, of those convicted.
  Distribution detection_s;
  std::uint64_t undetected = 0;  ///< identities that gave a wrong answer and were never convicted

  std::vector<BehaviourFigures> behaviours;  ///< in the order of their first node

  [[nodiscard]] double wrong_share() const {
    return jobs_accepted == 0
               ? 0
               : static_cast<double>(wrong_accepted) / static_cast<double>(jobs_accepted);
  }
  [[nodiscard]] double wrong_value_share() const {
    return value_accepted == core::Credits{} ? 0
                                             : static_cast<double>(value_wrong.micro()) /
                                                   static_cast<double>(value_accepted.micro());
  }
};

/// How redundancy did over time, by jobs in the order of submission, and what nodes were thought
/// of.
struct TrustSeries {
  static constexpr std::size_t buckets = 100;
  std::array<std::uint64_t, buckets> verdicts{};  ///< by bucket of the job
  std::array<std::uint64_t, buckets> replicas{};
  std::array<std::uint64_t, buckets> wrong{};         ///< accepted at first
  std::array<std::uint64_t, buckets> wrong_at_end{};  ///< accepted, and not revised by the end
  std::vector<double> reputation_at_s;                ///< times of the next two
  std::vector<double> reputation_honest;              ///< mean lower 5 % quantile, from 0 to 1
  std::vector<double> reputation_hostile;             ///< likewise; empty if there are none
};

}  // namespace nexa::simulator
