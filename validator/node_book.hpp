#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "validator/config.hpp"
#include "validator/crowd_blame.hpp"
#include "validator/job_book.hpp"
#include "validator/lean.hpp"
#include "validator/reputation.hpp"
#include "validator/standing.hpp"
#include "validator/vesting_window.hpp"

namespace nexa::validator {

struct NodeRecord {
  core::NodeId id;
  core::OwnerId owner;
  core::SiteId site;
  core::RackId rack;
  core::HostClassId host_class;
  std::uint32_t machine = 0;
  bool trusted = false;
  bool present = true;
};

/// A replica that a machine runs, or whose job is undecided.
struct ActiveEntry {
  JobSlot job = no_slot;
  std::uint32_t replica = 0;  ///< index
};

/// The record of a machine, which it keeps whatever it calls itself.
struct MachineRecord {
  MachineId id;
  core::OwnerId owner;
  std::vector<NodeSlot> nodes;
  bool trusted = false;
  TrustBucket bucket = TrustBucket::newcomer;
  std::vector<Earned> earned;
  std::uint32_t earned_total = 0;
  std::uint32_t earned_needed = 0;
  BetaEvidence evidence;
  std::uint64_t valid = 0;
  std::uint64_t invalid = 0;
  std::uint64_t inconclusive = 0;
  std::uint64_t judged = 0;
  std::uint64_t aborted = 0;
  std::uint64_t intermittent = 0;
  Run errors;
  Run wrong;
  Run late;
  std::vector<Strike> strikes;
  std::vector<Strike> soft_strikes;
  std::uint32_t inherited = 0;
  bool expelled = false;
  std::optional<core::Time> quarantined_until;
  QuarantineReason quarantined_for = QuarantineReason::errors;
  bool capped = false;
  std::uint32_t in_flight = 0;
  std::uint32_t boinc_consecutive_valid = 0;
  std::uint64_t poco_score = 0;
  LeanTest lean;
  VestingWindow window;
  std::vector<ActiveEntry> active;

  [[nodiscard]] std::uint32_t earned_with(JobClass job_class) const;
  /// Neither expelled nor waiting for the end of a quarantine.
  [[nodiscard]] bool in_good_standing() const { return !expelled && !quarantined_until; }
};

/// What is held against, or for, everybody who belongs to an owner.
struct OwnerRecord {
  std::uint32_t expelled = 0;    ///< machines
  std::uint64_t admissions = 0;  ///< machines that have come
  core::Time next_admission{};   ///< when the machine after the burst may begin
};

/// How many nodes there are of each kind, without those that left or were expelled.
struct NodeCounts {
  std::uint32_t newcomers = 0;
  std::uint32_t established = 0;
  std::uint32_t trusted = 0;
};

/// Nodes, machines and owners, and the counters and quarantines of rule V8. Decisions about them go
/// to `out`.
class NodeBook {
 public:
  NodeBook(const ValidatorConfig& config, std::vector<Decision>& out);

  void join(const NodeJoined& fact, core::Time now);
  void leave(core::NodeId id);
  void come_back(core::NodeId id);

  [[nodiscard]] NodeSlot find(core::NodeId id) const { return by_id_.find(id.value); }
  [[nodiscard]] const NodeRecord& node(NodeSlot slot) const { return nodes_[slot]; }
  [[nodiscard]] MachineRecord& machine_of(NodeSlot slot) { return machines_[nodes_[slot].machine]; }
  [[nodiscard]] const MachineRecord& machine_of(NodeSlot slot) const {
    return machines_[nodes_[slot].machine];
  }
  [[nodiscard]] const NodeCounts& counts() const { return counts_; }
  /// Whether enough nodes have earned trust to give newcomers a small share of the work only. So it
  /// is from when they were the majority until half of them have gone; newcomers, who may be many
  /// names of one attacker, cannot end it by their number.
  [[nodiscard]] bool newcomers_are_guests() const { return most_established_ > 0; }
  [[nodiscard]] std::span<const MachineRecord> machines() const { return machines_; }
  [[nodiscard]] std::span<const NodeRecord> nodes() const { return nodes_; }

  /// A replica begins or ends on a machine.
  void begin(MachineRecord& machine, ActiveEntry entry);
  void end(MachineRecord& machine);
  void forget_active(MachineRecord& machine, JobSlot job);

  /// What a replica's end says of the machine.
  void failed(MachineRecord& machine, FailureKind how, core::Time now);
  void reported(MachineRecord& machine);
  void judged(MachineRecord& machine, ReplicaState state, bool was_replicated);
  /// A result of the node agrees with another one's within the tolerance, so far above or below it.
  void compared(NodeSlot node, NodeSlot other, std::int32_t lean_permille);
  /// A result of several machines was wrong: those that are to be held responsible for it, because
  /// what is known of all of them makes it likely enough that each of these was the culprit. Most
  /// often nobody, until several such results are known.
  std::vector<NodeSlot> culprits(std::span<const NodeSlot> crowd);
  /// The machine may have been the culprit: what it had earned counts no more, so that its results
  /// are compared again. Nothing else follows.
  void doubt(MachineRecord& machine);
  /// A checked result of a class of jobs.
  void earn(MachineRecord& machine, JobClass job_class);

  /// Notes a strike and its consequences for the machine alone. Returns whether it was convicted:
  /// whether this is a hard strike, or the soft one that makes a hard one of several.
  bool strike(MachineRecord& machine, NodeSlot node, Strike strike, core::Time now);

  /// Ends quarantines that are over.
  void release_until(core::Time now);
  [[nodiscard]] std::optional<core::Time> next_release() const;

  [[nodiscard]] NodeStanding standing(NodeSlot slot) const;
  void check() const;

 private:
  void admit(MachineRecord& machine, bool is_new_owner, core::Time now);
  void count(const MachineRecord& machine, std::int32_t sign);
  void follow_majority();
  void forget_earned(MachineRecord& machine);
  void rebucket(MachineRecord& machine);
  void run_of(MachineRecord& machine, Run& run, const BackOff& rule, QuarantineReason why,
              core::Time now);
  void quarantine(MachineRecord& machine, core::Time until, QuarantineReason why);
  void release(MachineRecord& machine);
  void recap(MachineRecord& machine);
  void expel(MachineRecord& machine);
  [[nodiscard]] std::uint32_t cap_of(const MachineRecord& machine) const;
  [[nodiscard]] std::uint32_t strikes_that_count(const MachineRecord& machine) const;

  [[nodiscard]] std::uint32_t number_of(const MachineRecord& machine) const {
    return static_cast<std::uint32_t>(&machine - machines_.data());
  }

  const ValidatorConfig& config_;
  std::vector<Decision>& out_;
  CrowdBlame crowds_;
  std::vector<NodeRecord> nodes_;
  std::vector<MachineRecord> machines_;
  IdTable by_id_;
  std::map<MachineId, std::uint32_t> by_fingerprint_;
  std::map<core::OwnerId, OwnerRecord> owners_;
  std::vector<std::pair<core::Time, std::uint32_t>> releases_;  ///< heap of times and machines
  NodeCounts counts_;
  std::uint32_t most_established_ = 0;  ///< since they became the majority; 0: they are not
};

}  // namespace nexa::validator
