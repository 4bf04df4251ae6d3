#pragma once

#include <cstdint>
#include <span>

#include "validator/agreement.hpp"
#include "validator/config.hpp"
#include "validator/decision.hpp"
#include "validator/lottery.hpp"
#include "validator/redundancy.hpp"

namespace nexa::validator {

/// Who runs, or ran, the only replica of a job so far. Of a parallel job: the least of its
/// machines.
struct Candidate {
  const Lottery& lottery;
  core::JobId job;
  core::ReplicaId replica;
  core::NodeId node;
  std::uint32_t earned = 0;         ///< checked results with the class of the job
  std::uint32_t earned_needed = 0;  ///< k0
  std::uint32_t boinc_consecutive_valid = 0;
  bool trusted = false;
  bool in_good_standing = false;

  [[nodiscard]] std::uint32_t draw() const { return lottery.draw(job, replica, node); }
};

/// What a policy knows of a job.
struct Hearing {
  const Redundancy& rules;
  const ValidatorConfig& config;
  std::span<const Vote> votes;  ///< results that vote, in order of arrival
  const Equality& equality;
  const Agreement& agreement;
  std::uint32_t outstanding = 0;    ///< voting replicas that have not ended
  std::uint32_t issued = 0;         ///< voting replicas that were asked for
  std::uint32_t heaviest_vote = 1;  ///< the most that one more vote could weigh
  bool exact = true;                ///< agreeing is transitive
  bool replicated = false;          ///< it was decided that one result will not do
  bool relied_on = false;           ///< the node of the only result has earned to be believed
  std::uint32_t earned = 0;         ///< what it has, see `Candidate::earned`
  bool has_arbiter = false;         ///< the trusted tier could be asked
  bool reopened = false;            ///< decided before, and looked at again
};

enum class Move : std::uint8_t { wait, send, accept, arbitrate, fail };

/// What a policy says is next.
struct Ruling {
  Move move = Move::wait;
  Rule rule = Rule::none;                   ///< of `accept`
  ResultMask members = 0;                   ///< of `accept`: votes that are right
  std::size_t canonical = 0;                ///< of `accept`: one of them
  FailedBecause why = FailedBecause::none;  ///< of `fail`
  bool others_are_wrong = true;  ///< of `accept`: votes that disagree with the canonical one
};

/// How many copies, and which count. A policy is a function of the hearing: it keeps nothing.
class Policy {
 public:
  Policy() = default;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;
  virtual ~Policy() = default;

  /// The next step of a job. Called whenever something about the job has changed.
  [[nodiscard]] virtual Ruling rule(const Hearing& hearing) const = 0;

  /// Whether one result of this node could be enough. Asked when the first replica is placed; if
  /// not, others are sent at once.
  [[nodiscard]] virtual bool relies_on(const Candidate&, const ValidatorConfig&) const {
    return false;
  }
  /// Whether `relies_on` is asked again when the result is there.
  [[nodiscard]] virtual bool asks_again() const { return true; }
  /// Whether results that are about to be accepted take part in the lottery.
  [[nodiscard]] virtual bool has_lottery() const { return false; }
  /// Whether wrong results have the consequences of rule V7.
  [[nodiscard]] virtual bool convicts() const { return true; }
  /// The weight of a vote.
  [[nodiscard]] virtual std::uint32_t weight(bool newcomer, std::uint64_t poco_score) const {
    (void)newcomer;
    (void)poco_score;
    return 1;
  }
};

const Policy& policy_of(RedundancyPolicy policy);

// Each is defined in the file of its name.
const Policy& fixed_policy();
const Policy& adaptive_policy();
const Policy& credibility_policy();
const Policy& arbitrated_policy();
const Policy& boinc_adaptive_policy();
const Policy& iexec_poco_policy();

}  // namespace nexa::validator
