#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/chunks.hpp"
#include "core/short_list.hpp"
#include "validator/decision.hpp"
#include "validator/fact.hpp"
#include "validator/id_table.hpp"

namespace nexa::validator {

using NodeSlot = std::uint32_t;
using JobSlot = std::uint32_t;

/// One replica, from the wish for it to its last verdict. What is asked of decided jobs comes
/// first.
struct ReplicaRecord {
  ReplicaState state = ReplicaState::assigned;
  Purpose purpose = Purpose::work;
  Ground ground = Ground::none;
  bool placed = false;
  bool ended = false;  ///< a result or a failure was reported, or it was never placed
  bool has_result = false;
  bool votes = true;       ///< takes part in V3; not so copies of the trusted tier that judge
  bool judges = false;     ///< such a copy
  bool trusted = false;    ///< ran on trusted nodes only
  bool newcomer = false;   ///< a node of it had not earned trust when the result came
  bool kept_away = false;  ///< was asked for outside of a suspected host class
  bool checked = false;    ///< has counted as a checked result
  bool struck = false;     ///< has caused a strike, or was forgiven: never again
  bool vested = false;     ///< nothing more is to be said of its reward
  bool looked_at = false;  ///< the policy has seen where it was placed
  std::uint8_t order = 0;  ///< of its result among those of the job, from 1
  TrustBucket min_trust = TrustBucket::newcomer;
  bool machines_repeat = false;  ///< several of its nodes are names of one machine
  std::uint32_t weight = 0;      ///< of its vote, as it was when the result came
  std::uint32_t checks = 0;      ///< checked results of its node, then
  core::ReplicaId against;
  NodeSlot node = no_slot;
  std::vector<NodeSlot> more_nodes;  ///< of a parallel job
  core::Time deadline = core::never;
  core::Digest digest;

  /// Becomes a fresh record, which keeps the memory.
  void start_anew() {
    std::vector<NodeSlot> memory = std::move(more_nodes);
    memory.clear();
    *this = ReplicaRecord{};
    more_nodes = std::move(memory);
  }
};

struct PairRecord {
  std::uint8_t a = 0;  ///< indices of replicas
  std::uint8_t b = 0;
  bool equal = false;
  std::uint64_t distance = 0;
};

enum class JobPhase : std::uint8_t { gone, open, decided };

/// One job. Most of those in memory are decided and held by vesting windows: all that is asked of
/// them, with their only replica, is at the beginning, in one or two cache lines.
struct JobRecord {
  core::JobId id;
  JobPhase phase = JobPhase::gone;
  bool dirty = false;
  bool reopened = false;   ///< decided, and looked at again
  bool failed = false;     ///< decided without a result
  bool confirmed = false;  ///< a trusted node has the same canonical result
  Rule rule = Rule::none;
  core::ReplicaId canonical;
  core::ShortList<ReplicaRecord, 1> replicas;  ///< replica i + 1 is element i
  Redundancy rules;
  core::Credits value;
  ComparatorKind comparator = ComparatorKind::exact;
  JobClass job_class;
  bool replicated = false;     ///< one result will not do
  bool drawn = false;          ///< the lottery has spoken
  bool cross_checked = false;  ///< a cross-class copy was asked for
  bool cross_counted = false;
  bool cross_mismatch = false;   ///< another host class got something else
  bool cross_suspected = false;  ///< ... and that was said
  bool open_to_newcomers = true;
  bool may_use_suspects = false;  ///< nothing else was found, or it is a sample of them
  bool arbiter_drawn = false;     ///< whether a second arbiter looks was drawn
  bool no_arbiter = false;        ///< the trusted tier cannot run it
  bool unplaceable = false;
  bool cancel_wanted = false;      ///< a person withdrew it
  bool disputed = false;           ///< and somebody waits for what the trusted tier says
  bool no_second_arbiter = false;  ///< nobody is left to look at the first
  std::uint8_t results = 0;
  std::uint8_t arbiter_failures = 0;
  std::uint32_t errors = 0;
  std::uint32_t error_run = 0;
  std::vector<NodeSlot> error_nodes;  ///< of the run, distinct
  core::HostClassId host_class;       ///< of the first replica, if the rules want one
  std::unique_ptr<Draw> draw;         ///< of a lottery that has asked for more, until then
  std::vector<PairRecord> pairs;

  /// Becomes the record of another job, which keeps the memory.
  void start_anew(core::JobId new_id);
  /// A fresh record at the end of `replicas`.
  ReplicaRecord& add_replica() {
    ReplicaRecord& added = replicas.grow();
    added.start_anew();
    return added;
  }
  [[nodiscard]] ReplicaRecord* replica(core::ReplicaId which) {
    if (which.value == 0 || which.value > replicas.size()) return nullptr;
    return &replicas[which.value - 1];
  }
  [[nodiscard]] bool undecided() const {
    return phase == JobPhase::open || (phase == JobPhase::decided && reopened);
  }
};

/// What is asked of a decided job whenever an entry leaves a vesting window. Windows hold most jobs
/// for long, so this is kept apart from the record, and close to that of others.
struct JobHold {
  std::uint32_t pins = 0;          ///< vesting windows that hold the job
  std::uint32_t vested_early = 0;  ///< bit i: replica i is vested; of the first 32 replicas only

  [[nodiscard]] bool is_vested_early(std::size_t index) const {
    return index < 32 && (vested_early >> index & 1) != 0;
  }
  void note_vested(std::size_t index) {
    if (index < 32) vested_early |= std::uint32_t{1} << index;
  }
};

constexpr core::ReplicaId replica_id(std::size_t index) {
  return core::ReplicaId{static_cast<std::uint32_t>(index + 1)};
}

/// The jobs in memory, found by id.
class JobBook {
 public:
  /// A fresh record; the id must be new.
  JobSlot add(core::JobId id);
  void remove(JobSlot slot);
  [[nodiscard]] JobSlot find(core::JobId id) const { return by_id_.find(id.value); }
  JobRecord& operator[](JobSlot slot) { return records_[slot]; }
  const JobRecord& operator[](JobSlot slot) const { return records_[slot]; }
  JobHold& hold(JobSlot slot) { return holds_[slot]; }
  [[nodiscard]] const JobHold& hold(JobSlot slot) const { return holds_[slot]; }
  [[nodiscard]] std::size_t size() const { return records_.size() - spare_.size(); }
  [[nodiscard]] std::size_t slot_limit() const { return records_.size(); }

 private:
  core::Chunks<JobRecord, 64> records_;
  std::vector<JobHold> holds_;
  std::vector<JobSlot> spare_;
  IdTable by_id_;
};

}  // namespace nexa::validator
