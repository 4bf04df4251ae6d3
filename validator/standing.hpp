#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "validator/decision.hpp"
#include "validator/fact.hpp"

namespace nexa::validator {

/// A strike and its evidence.
struct Strike {
  StrikeKind kind = StrikeKind::hard;
  core::JobId job;
  core::ReplicaId replica;
  core::ReplicaId against;
  core::Time time{};
  std::uint64_t at_result = 0;  ///< how many results of the machine had been judged
  friend constexpr auto operator<=>(const Strike&, const Strike&) = default;
};

/// Checked results in a row with one class of jobs: the k of rule V5.
struct Earned {
  JobClass job_class;
  std::uint32_t checked = 0;
  friend constexpr auto operator<=>(const Earned&, const Earned&) = default;
};

/// How often in a row something went wrong, and how often that had consequences. A success is a
/// result that was handed in; where wrong results are counted, one that was compared and is valid.
struct Run {
  std::uint32_t length = 0;  ///< since the last success
  std::uint32_t level = 0;   ///< quarantines since the last success; each doubles the next
  std::uint64_t total = 0;
  friend constexpr auto operator<=>(const Run&, const Run&) = default;
};

/// All that made a node what it is to the validator.
struct NodeStanding {
  core::NodeId node;
  core::OwnerId owner;
  MachineId machine;
  TrustBucket bucket = TrustBucket::newcomer;
  std::vector<Earned> earned;       ///< by job class
  std::uint32_t earned_needed = 0;  ///< k0, longer for owners with a history
  std::uint64_t valid = 0;
  std::uint64_t invalid = 0;
  std::uint64_t inconclusive = 0;
  double good = 0;  ///< Beta evidence, with forgetting
  double bad = 0;
  std::uint32_t reputation_ppm = 0;  ///< lower 5 % quantile of Beta(good + 1, bad + 1)
  Run errors;
  Run wrong;
  Run late;
  std::uint64_t aborted = 0;
  std::vector<Strike> strikes;       ///< hard and arbiter ones, oldest first
  std::vector<Strike> soft_strikes;  ///< those in the window
  std::uint32_t suspicion_ppm = 0;   ///< chance that it spoils what several machines compute
  std::uint32_t wrong_crowds = 0;    ///< remembered wrong results of several machines with it
  std::int32_t lean_permille = 0;  ///< by which its results lie off those of others, see `LeanTest`
  std::uint32_t lean_comparisons = 0;  ///< that say so
  bool leans = false;                  ///< by more than chance and what is harmless
  std::uint32_t strikes_that_count = 0;
  std::uint32_t inherited_strikes = 0;  ///< held against the owner when the machine came
  bool expelled = false;
  std::optional<core::Time> quarantined_until;
  QuarantineReason quarantined_for = QuarantineReason::errors;
  std::uint32_t in_flight = 0;
  std::uint32_t in_flight_cap = 0;
  std::uint32_t unvested = 0;      ///< results that a conviction would reopen
  std::uint64_t intermittent = 0;  ///< re-runs that disagreed with the node's own result
};

/// How far results of a host class can be trusted to be those of others, and what made it so. All
/// zeroes but for the reputation for a class of which no result was compared with another class's.
struct HostClassStanding {
  core::HostClassId host_class;
  double good = 0;  ///< Beta evidence, with forgetting: samples that were right
  double bad = 0;
  std::uint32_t reputation_ppm = 0;  ///< lower 5 % quantile of Beta(good + 1, bad + 1)
  std::uint32_t samples = 0;         ///< results that another class has computed too
  std::uint32_t mismatches = 0;      ///< defects of the class, since it was last believed
  std::uint32_t clean_run = 0;       ///< right samples since the last such mismatch
  bool suspected = false;            ///< jobs keep away from the class
};

}  // namespace nexa::validator
