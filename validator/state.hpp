#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/short_list.hpp"
#include "validator/agreement.hpp"
#include "validator/config.hpp"
#include "validator/decision.hpp"
#include "validator/fact.hpp"
#include "validator/job_book.hpp"
#include "validator/lottery.hpp"
#include "validator/node_book.hpp"
#include "validator/policies/policy.hpp"
#include "validator/reputation.hpp"
#include "validator/span_arena.hpp"

namespace nexa::validator {

/// So often a job's judges may crash, or be placed where they should not, until it does without.
inline constexpr std::uint8_t most_arbiter_failures = 3;

/// How far the results of a host class can be trusted to be those of others.
struct HostClassRecord {
  BetaEvidence evidence;
  std::uint32_t samples = 0;
  std::uint32_t mismatches = 0;  ///< since it was last believed
  std::uint32_t clean_run = 0;   ///< samples without a mismatch, the last ones
  bool suspected = false;        ///< jobs keep away from it
};

/// The results of one job that take part in a decision, and how they compare.
struct Case {
  core::ShortList<Vote, 4> votes;  ///< those that vote, in order of arrival; then those that judge
  std::size_t voting = 0;
  Equality equality;
};

/// What a replica is found to be.
struct Finding {
  ReplicaState state = ReplicaState::inconclusive;
  Ground ground = Ground::undecided;
  core::ReplicaId against;
};

/// How a job was decided.
struct Settlement {
  Rule rule = Rule::none;
  std::size_t canonical = 0;         ///< index in Case::votes
  ResultMask members = 0;            ///< of Case::votes
  std::optional<std::size_t> judge;  ///< the trusted result that decided
  bool others_are_wrong = true;
};

/// The state behind `Validator`, and the steps that change it, each in the file that is named above
/// it.
struct ValidatorState {
  ValidatorState(const ValidatorConfig& given_config, core::Sha256 sha256);

  // facts.cpp
  void on(const NodeJoined& fact);
  void on(const NodeLeft& fact);
  void on(const NodeReturned& fact);
  void on(const JobSubmitted& fact);
  void on(const JobCancelled& fact);
  void on(const ReplicaPlaced& fact);
  void on(const ReplicaUnplaceable& fact);
  void on(const ResultCommitted& fact);
  void on(const ResultReported& fact);
  void on(const ReplicaFailed& fact);
  void on(const EpochEnded& fact);
  void on(const VerdictDisputed& fact);
  ReplicaRecord* find(core::JobId job, core::ReplicaId replica, JobSlot& slot);
  void end_of(ReplicaRecord& replica);
  [[nodiscard]] bool is_expelled(const ReplicaRecord& replica);
  void expire_deadlines();
  void drop_old_deadlines();

  // hearing.cpp
  [[nodiscard]] bool has_arbiter(const JobRecord& job) const;
  void mark_dirty(JobSlot slot);
  void consider(JobSlot slot);
  void look_at_placement(JobRecord& job);
  void carry_out(JobSlot slot, const Hearing& hearing, const Ruling& ruling, const Case& results);
  bool lottery_wants_more(JobSlot slot, const Hearing& hearing, const Ruling& ruling,
                          const Case& results);
  [[nodiscard]] Draw draw_for(const JobRecord& job, const Hearing& hearing, const Ruling& ruling,
                              const Vote& vote) const;
  /// The only replica, by index, that may have a say in the job's first verdict.
  [[nodiscard]] static std::optional<std::size_t> lone_replica(const JobRecord& job);
  [[nodiscard]] Candidate candidate_of(const JobRecord& job, std::size_t index) const;

  // host_class.cpp
  bool cross_class_wants_more(JobSlot slot, const Ruling& ruling, const Case& results);
  void note_sample(JobRecord& job, bool same);
  void suspect_class(JobRecord& job);
  [[nodiscard]] Threshold cross_class_share(core::HostClassId host_class) const;
  /// The class that the next job keeps away from; zero: none.
  [[nodiscard]] core::HostClassId class_to_avoid();

  // results.cpp
  [[nodiscard]] Case gather(const JobRecord& job, bool with_judges);
  [[nodiscard]] bool equal(const JobRecord& job, std::size_t a, std::size_t b) const;
  void note_lean(const JobRecord& job, const ReplicaRecord& replica, const ReplicaRecord& other,
                 std::int32_t lean_permille);
  [[nodiscard]] bool share_a_domain(const Redundancy& rules, const ReplicaRecord& a,
                                    const ReplicaRecord& b);
  /// What no other replica of the job may share with this one, sorted. A machine is named by its
  /// first node.
  void list_domains(const Redundancy& rules, const ReplicaRecord& replica,
                    std::vector<core::FaultDomain>& domains) const;

  // send.cpp
  void send(JobSlot slot, Purpose purpose, std::optional<std::size_t> about = std::nullopt);
  [[nodiscard]] TrustBucket least_trust(JobRecord& job, Purpose purpose);
  [[nodiscard]] std::span<const core::FaultDomain> domains_to_avoid(const JobRecord& job,
                                                                    Purpose purpose);
  void cancel_outstanding(JobRecord& job);

  // bench.cpp
  [[nodiscard]] static bool bench_is_sitting(const JobRecord& job);
  void hear_bench(JobSlot slot);

  // settle.cpp
  void settle(JobSlot slot, const Case& results, const Settlement& how);
  void fail(JobSlot slot, Outcome outcome, FailedBecause why);
  void judge_late_results(JobSlot slot);
  void keep_verdict(JobSlot slot);
  void release_if_done(JobSlot slot);
  void emit_verdict(const JobRecord& job, const Case& results, ResultMask members, Outcome outcome,
                    FailedBecause why);
  /// Notes in `verdict_scratch` who belongs to a class of results.
  void number_class(std::span<const Vote> votes, ResultMask clique, std::uint8_t number);
  void take_findings(JobSlot slot, const Case& results, const Settlement& how);
  [[nodiscard]] Finding finding_of(const JobRecord& job, std::size_t index, const Case& results,
                                   const Settlement& how) const;
  void reward(JobSlot slot, std::uint32_t domains);
  void diagnose(const JobRecord& job, std::size_t rerun);

  // dispute.cpp
  void decide_dispute(JobRecord& job, bool upheld);

  // convict.cpp
  void strike(JobSlot slot, std::size_t index, core::ReplicaId against);
  void backtrack(MachineRecord& machine);
  void withdraw(MachineRecord& machine);
  /// One node of each machine that it ran on.
  [[nodiscard]] std::vector<NodeSlot> machines_of(const ReplicaRecord& replica);
  void reopen(JobSlot slot, std::size_t index);
  void look_again(JobSlot slot);
  void vest(JobSlot slot, std::size_t index);
  void forfeit(JobSlot slot, std::size_t index);
  void unpin(JobSlot slot);

  template <class Function>
  void for_each_machine(const ReplicaRecord& replica, Function function) {
    if (replica.node == no_slot) return;
    function(nodes.machine_of(replica.node), replica.node);
    for (std::size_t i = 0; i < replica.more_nodes.size(); ++i) {
      if (replica.machines_repeat && !is_first_of_machine(replica, i)) continue;
      const NodeSlot node = replica.more_nodes[i];
      function(nodes.machine_of(node), node);
    }
  }
  /// Costs a step per node before it, so it is asked only where machines repeat.
  [[nodiscard]] bool is_first_of_machine(const ReplicaRecord& replica, std::size_t index) const;
  [[nodiscard]] bool do_machines_repeat(const ReplicaRecord& replica);

  ValidatorConfig config;
  Lottery lottery;
  std::vector<Decision> building;  ///< for the next `decide` to return
  std::vector<Decision> shown;     ///< what the last one returned
  NodeBook nodes;
  JobBook jobs;
  std::vector<core::JobId> forgotten;  ///< in the last `decide`; no fact makes a job forgotten
  std::vector<JobSlot> dirty;
  std::vector<JobSlot> batch;  ///< of those, what is being considered
  std::optional<Draw>
      fresh_draw;  ///< of the job that is being considered, if it was drawn just now
  std::vector<std::pair<core::Time, std::pair<core::JobId, core::ReplicaId>>> deadlines;  ///< heap
  std::vector<HostClassRecord> host_classes;                                              ///< by id
  SpanArena<core::FaultDomain> domain_arena;
  SpanArena<ReplicaVerdict> verdict_arena;
  std::vector<core::FaultDomain> domain_scratch;
  std::vector<core::FaultDomain> other_domain_scratch;
  std::vector<ReplicaVerdict> verdict_scratch;
  std::vector<std::uint32_t> machine_scratch;
  core::Time now{};
  std::size_t undecided = 0;
  std::uint64_t suspect_tokens = 0;   ///< millionths of a job that may use suspected classes
  std::uint64_t newcomer_tokens = 0;  ///< millionths of a job that is open to newcomers
  std::int64_t mean_value = 0;        ///< of jobs, in micro-credits
  std::int64_t values_seen = 0;
  std::uint32_t epochs_to_end = 0;
  bool seed_is_committed = false;
};

}  // namespace nexa::validator
