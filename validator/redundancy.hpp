#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace nexa::validator {

/// How many copies a job gets, and which of them count.
enum class RedundancyPolicy : std::uint8_t {
  fixed,           ///< always `target_nresults` copies
  adaptive,        ///< one copy of a node that has earned it, audited by lottery
  credibility,     ///< copies until the answer is credible enough
  arbitrated,      ///< as adaptive, and a trusted tier decides where copies disagree
  boinc_adaptive,  ///< as BOINC codes it; for comparison only
  iexec_poco,      ///< as iExec's contracts code it; for comparison only
};

inline constexpr std::array<std::string_view, 6> redundancy_policy_names{
    "fixed", "adaptive", "credibility", "arbitrated", "boinc_adaptive", "iexec_poco"};
static_assert(redundancy_policy_names.size() ==
              static_cast<std::size_t>(RedundancyPolicy::iexec_poco) + 1);

/// The word of a scenario for a policy.
constexpr std::string_view name_of(RedundancyPolicy policy) {
  return redundancy_policy_names[static_cast<std::size_t>(policy)];
}

/// What no two replicas of a job may share: bits of `Redundancy::distinct`.
enum Distinct : std::uint8_t {
  distinct_machine = 1,
  distinct_owner = 2,
  distinct_rack = 4,
  distinct_site = 8,
};

/// Which nodes may be compared bit by bit.
enum class HostClassRule : std::uint8_t { none, isa, uarch, image };

/// So many replicas of a job are compared with each other at the most, which leaves room for
/// trusted copies among the 64 of validator/agreement.hpp.
inline constexpr std::uint32_t most_replicas_compared = 48;

/// The rules for the replicas of one job. Names are BOINC's where BOINC has them.
/// Source: BOINC wiki, "Job processing options"; `sched/transitioner.cpp`.
struct Redundancy {
  RedundancyPolicy policy = RedundancyPolicy::fixed;
  std::uint32_t target_nresults = 2;  ///< replicas that are sent at first
  std::uint32_t min_quorum = 2;       ///< agreeing replicas that make a result
  std::uint32_t max_error_results = 3;
  std::uint32_t max_total_results = 10;
  std::uint32_t max_success_results = 6;
  core::Duration delay_bound{};  ///< a replica is late this long after its start; zero: never
  std::uint8_t distinct = distinct_machine | distinct_owner;
  HostClassRule host_class = HostClassRule::none;

  friend constexpr auto operator<=>(const Redundancy&, const Redundancy&) = default;
};

/// In so many fault domains of each kind that `distinct` names must there be nodes, or every job
/// fails as `unplaceable` before any node can earn trust. Under `credibility` and `iexec_poco` it
/// may take more, as the nodes' records have it.
std::uint32_t domains_needed(const Redundancy& rules);

/// Why rules cannot be kept, and the members of `Redundancy` that are to blame, first the
/// likeliest.
struct RedundancyFault {
  std::string message;
  std::string hint;
  std::vector<std::string_view> knobs;
};

/// What is wrong with the rules, if anything: a quorum that cannot be reached, or one of a single
/// result under a policy that does not audit.
std::optional<RedundancyFault> fault_of(const Redundancy& rules);

/// The same as an error, `invalid_argument`.
core::Result<void> check(const Redundancy& rules);

}  // namespace nexa::validator
