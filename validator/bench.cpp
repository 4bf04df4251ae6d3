// The trusted tier as arbiter, V4: it decides against any majority, and is itself looked at.
#include <algorithm>
#include <bit>

#include "validator/state.hpp"

namespace nexa::validator {
namespace {

/// The judges that agree with more judges than any others do.
struct Majority {
  std::size_t judge = 0;  ///< one of them: smallest digest, then replica
  int size = 0;
  bool strict = false;
};

Majority majority_of_judges(const Case& results) {
  ResultMask judges = 0;
  for (std::size_t i = results.voting; i < results.votes.size(); ++i) judges |= mask_of(i);
  Majority best;
  ResultMask best_group = 0;
  for (std::size_t i = results.voting; i < results.votes.size(); ++i) {
    const ResultMask group = results.equality.row(i) & judges;
    const int size = std::popcount(group);
    const Vote& vote = results.votes[i];
    const Vote& old = results.votes[best.judge];
    const bool smaller =
        vote.digest < old.digest || (vote.digest == old.digest && vote.replica < old.replica);
    if (size > best.size || (size == best.size && smaller)) {
      best.strict = size > best.size || (best.strict && group == best_group);
      best.judge = i;
      best.size = size;
      best_group = group;
    } else if (size == best.size && group != best_group) {
      best.strict = false;
    }
  }
  return best;
}

}  // namespace

bool ValidatorState::bench_is_sitting(const JobRecord& job) {
  if (job.no_arbiter) return false;
  return std::any_of(job.replicas.begin(), job.replicas.end(), [](const ReplicaRecord& replica) {
    return replica.judges && replica.state != ReplicaState::not_needed;
  });
}

void ValidatorState::hear_bench(JobSlot slot) {
  JobRecord& job = jobs[slot];
  const auto runs = [](const ReplicaRecord& replica) { return replica.judges && !replica.ended; };
  if (std::any_of(job.replicas.begin(), job.replicas.end(), runs)) return;
  const Case results = gather(job, true);
  const std::size_t judges = results.votes.size() - results.voting;
  if (judges == 0) {
    if (!has_arbiter(job)) {
      job.no_arbiter = true;
      mark_dirty(slot);
      return;
    }
    return send(slot, Purpose::arbitration);
  }
  const Majority majority = majority_of_judges(results);
  const bool may_ask = judges < config.max_arbiters && !job.no_second_arbiter &&
                       job.arbiter_failures < most_arbiter_failures;
  const ResultMask voting = results.voting == 0 ? 0 : ~ResultMask{0} >> (64 - results.voting);
  if (judges == 1) {
    const ResultMask supporters = results.equality.row(majority.judge) & voting;
    const bool conflict = supporters != voting;
    bool wants_second = conflict && supporters == 0;
    if (conflict && !wants_second && !job.arbiter_drawn) {
      const ReplicaRecord& judge = job.replicas[results.votes[majority.judge].entry];
      wants_second =
          lottery.draw(job.id, results.votes[majority.judge].replica, nodes.node(judge.node).id) <
          threshold_of_ppm(config.arbiter_check_ppm);
    }
    job.arbiter_drawn = true;
    if (wants_second && may_ask) return send(slot, Purpose::arbiter_check);
  } else if (majority.size < 2 || !majority.strict) {
    if (may_ask) return send(slot, Purpose::arbiter_check);
    return fail(slot, Outcome::failed, FailedBecause::arbiters_disagree);
  }
  const Agreement agreement = agree(results.votes, results.equality, mask_of(majority.judge));
  const bool all_agree = (agreement.members & voting) == voting;
  settle(slot, results,
         {.rule = all_agree ? Rule::spot_check : Rule::arbiter,
          .canonical = agreement.canonical,
          .members = agreement.members,
          .judge = majority.judge,
          .others_are_wrong = true});
}

}  // namespace nexa::validator
