#include "simulator/node_history.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

namespace nexa::simulator {
namespace {

auto numbers_of(const validator::NodeStanding& standing) {
  return std::tie(standing.owner, standing.bucket, standing.earned, standing.earned_needed,
                  standing.valid, standing.invalid, standing.inconclusive, standing.good,
                  standing.bad, standing.errors, standing.wrong, standing.late, standing.aborted,
                  standing.strikes, standing.soft_strikes, standing.strikes_that_count,
                  standing.expelled, standing.quarantined_until, standing.quarantined_for,
                  standing.intermittent, standing.leans);
}

/// A result that was believed because of who computed it: it counts as valid and for nothing else.
bool is_uncompared(const StandingChange& change) {
  if (change.events.size() != 1 || change.forfeited > 0) return false;
  if (change.events.front().kind != NodeEvent::Kind::verdict) return false;
  validator::NodeStanding expected = change.before;
  expected.valid = change.after.valid;
  return change.after.valid > change.before.valid && !differs(expected, change.after);
}

/// What a verdict on a replica rests on. The canonical one is said to agree with itself; it does
/// with the next valid one, too, if there is any.
core::ReplicaId other_of(const validator::ReplicaVerdict& verdict,
                         std::span<const validator::ReplicaVerdict> replicas) {
  if (verdict.against != verdict.replica || verdict.ground != validator::Ground::agrees) {
    return verdict.against;
  }
  const auto other = std::find_if(replicas.begin(), replicas.end(), [&](const auto& one) {
    return one.replica != verdict.replica && one.state == validator::ReplicaState::valid;
  });
  return other == replicas.end() ? verdict.against : other->replica;
}

}  // namespace

bool differs(const validator::NodeStanding& before, const validator::NodeStanding& after) {
  return numbers_of(before) != numbers_of(after);
}

bool NodeHistory::is_ours(core::NodeId node) const {
  return std::any_of(names_.begin(), names_.end(),
                     [&](const Name& name) { return name.node == node && name.one_record; });
}

const NodeHistory::Placed* NodeHistory::find(core::JobId job, core::ReplicaId replica) const {
  if (job.value >= placed_.size()) return nullptr;
  const std::vector<Placed>& placed = placed_[job.value];
  const auto found = std::find_if(placed.begin(), placed.end(),
                                  [&](const Placed& one) { return one.replica == replica; });
  return found == placed.end() ? nullptr : &*found;
}

const NodeHistory::Placed* NodeHistory::find_ours(core::JobId job, core::ReplicaId replica) const {
  const Placed* const placed = find(job, replica);
  return placed != nullptr && placed->ours ? placed : nullptr;
}

std::optional<core::NodeId> NodeHistory::node_of(core::JobId job, core::ReplicaId replica) const {
  const Placed* const placed = find(job, replica);
  if (placed == nullptr) return std::nullopt;
  return placed->node;
}

NodeEvent NodeHistory::event_of(NodeEvent::Kind kind, core::JobId job,
                                core::ReplicaId replica) const {
  NodeEvent event;
  event.kind = kind;
  event.job = job;
  event.replica = replica;
  if (const Placed* const placed = find(job, replica)) {
    event.node = placed->node;
    event.wrong = placed->wrong;
  }
  return event;
}

void NodeHistory::on_identity(core::NodeId node, core::NodeId machine, core::OwnerId owner,
                              const validator::Validator& validator, core::Time now) {
  machines_.push_back(machine);
  if (machine != machine_) return;
  const auto standing = validator.standing(node);
  const bool is_known = standing && standing->machine.value != 0;
  names_.push_back(
      {.node = node, .owner = owner, .since = now, .one_record = is_known || node == node_});
  if (!names_.back().one_record) return;
  if (known_) {
    NodeEvent event;
    event.kind = NodeEvent::Kind::renamed;
    event.node = node;
    events_.push_back(event);
  }
  conclude(validator, now);
}

void NodeHistory::on_answer(core::JobId job, core::ReplicaId replica, core::NodeId node, bool wrong,
                            core::Time now) {
  if (find_ours(job, replica) == nullptr) return;
  ++results_;
  if (!wrong) return;
  for (Placed& placed : placed_[job.value]) {
    if (placed.replica == replica) placed.wrong = true;
  }
  if (!is_ours(node)) return;  // another node of a parallel job was the culprit
  ++wrong_results_;
  if (!first_wrong_) first_wrong_ = now;
}

void NodeHistory::on_fact(const validator::Fact& fact, const validator::Validator& validator,
                          core::Time now) {
  if (const auto* const failed = std::get_if<validator::ReplicaFailed>(&fact)) {
    if (find_ours(failed->job, failed->replica) == nullptr) return;
    events_.push_back(event_of(NodeEvent::Kind::failure, failed->job, failed->replica));
    events_.back().failure = failed->how;
  } else if (const auto* const result = std::get_if<validator::ResultReported>(&fact)) {
    if (find_ours(result->job, result->replica) == nullptr) return;
    events_.push_back(event_of(NodeEvent::Kind::result, result->job, result->replica));
  }
  conclude(validator, now);
}

void NodeHistory::on_commands(std::span<const scheduler::CoordinatorCommand> commands,
                              const validator::Validator& validator, core::Time now) {
  last_instant_ = now;
  const std::size_t suspicions_before = suspicions_.size();
  for (const scheduler::CoordinatorCommand& command : commands) {
    std::visit([this](const auto& alternative) { on(alternative); }, command);
  }
  for (std::size_t i = suspicions_before; i < suspicions_.size(); ++i) suspicions_[i].time = now;
  conclude(validator, now);
}

void NodeHistory::on(const scheduler::StartReplica& start) {
  if (start.job.value >= placed_.size()) placed_.resize(start.job.value + std::size_t{1});
  Placed placed{.replica = start.replica, .node = core::NodeId{start.nodes.front().nodes.first}};
  for (const Name& name : names_) {
    if (!name.one_record) continue;
    for (const scheduler::NodeShare& share : start.nodes) {
      if (name.node.value < share.nodes.first || name.node.value > share.nodes.last) continue;
      placed.ours = true;
      placed.node = name.node;
    }
  }
  if (placed.ours) ++replicas_;
  placed_[start.job.value].push_back(placed);
}

void NodeHistory::on(const scheduler::CancelReplica& cancel) {
  if (find_ours(cancel.job, cancel.replica) == nullptr) return;
  events_.push_back(event_of(NodeEvent::Kind::cancelled, cancel.job, cancel.replica));
}

void NodeHistory::judge(NodeEvent::Kind kind, core::JobId job,
                        std::span<const validator::ReplicaVerdict> replicas) {
  for (const validator::ReplicaVerdict& verdict : replicas) {
    if (find_ours(job, verdict.replica) == nullptr) continue;
    NodeEvent event = event_of(kind, job, verdict.replica);
    event.state = verdict.state;
    event.ground = verdict.ground;
    event.against = other_of(verdict, replicas);
    event.against_node = node_of(job, event.against);
    events_.push_back(event);
  }
}

void NodeHistory::on(const validator::Verdict& verdict) {
  judge(NodeEvent::Kind::verdict, verdict.job, verdict.replicas);
}

void NodeHistory::on(const validator::VerdictRevised& revised) {
  judge(NodeEvent::Kind::revision, revised.job, revised.replicas);
}

void NodeHistory::on(const validator::Convict& convict) {
  if (!is_ours(convict.node)) return;
  NodeEvent event = event_of(NodeEvent::Kind::strike, convict.job, convict.replica);
  event.against = convict.against;
  event.against_node = node_of(convict.job, convict.against);
  event.strike = convict.kind;
  event.convicted = convict.convicted;
  events_.push_back(event);
}

void NodeHistory::on(const validator::Release& release) {
  if (!is_ours(release.node)) return;
  const bool is_said = std::any_of(events_.begin(), events_.end(), [](const NodeEvent& event) {
    return event.kind == NodeEvent::Kind::released;
  });
  if (is_said) return;  // each name of the machine is released
  NodeEvent event;
  event.kind = NodeEvent::Kind::released;
  event.node = release.node;
  events_.push_back(event);
}

void NodeHistory::on(const validator::Diagnosed& diagnosed) {
  if (!is_ours(diagnosed.node)) return;
  events_.push_back(event_of(NodeEvent::Kind::diagnosis, diagnosed.job, diagnosed.replica));
  events_.back().against = diagnosed.rerun;
  events_.back().against_node = diagnosed.node;
  events_.back().diagnosis = diagnosed.diagnosis;
}

void NodeHistory::on(const validator::Forfeited& forfeited) {
  if (find_ours(forfeited.job, forfeited.replica) != nullptr) ++forfeited_;
}

void NodeHistory::on(const validator::ClassSuspected& suspected) {
  if (suspected.host_class == host_class_) suspicions_.push_back({.said = suspected});
}

void NodeHistory::conclude(const validator::Validator& validator, core::Time now) {
  if (known_ && events_.empty() && forfeited_ == 0) return;
  const auto subject =
      std::find_if(names_.begin(), names_.end(), [](const Name& name) { return name.one_record; });
  if (subject == names_.end()) return;
  auto standing = validator.standing(subject->node);
  if (!standing) return;
  if (known_ && (forfeited_ > 0 || differs(*known_, *standing))) {
    keep_change({.first = now,
                 .last = now,
                 .events = events_,
                 .forfeited = forfeited_,
                 .before = std::move(*known_),
                 .after = *standing});
  }
  known_ = std::move(*standing);
  events_.clear();
  forfeited_ = 0;
}

void NodeHistory::keep_change(StandingChange change) {
  change.uncompared = is_uncompared(change);
  if (std::exchange(last_is_uncompared_, change.uncompared) && change.uncompared) {
    if (changes_.empty()) return;
    StandingChange& earlier = changes_.back();
    earlier.last = change.last;
    ++earlier.moments;
    earlier.events = std::move(change.events);
    earlier.after = std::move(change.after);
    return;
  }
  changes_.push_back(std::move(change));
  if (changes_.size() <= keep_) return;
  changes_.pop_front();
  ++left_out_;
}

}  // namespace nexa::simulator
