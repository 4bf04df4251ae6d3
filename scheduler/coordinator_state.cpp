#include "scheduler/coordinator_state.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"

namespace nexa::scheduler {
namespace {

/// Replicas of a job that can have a place of their own in the order of arrival, more than any rule
/// allows.
constexpr std::uint64_t places_per_job = 4096;

/// A task starts once: what fails is replaced by another replica, which is another task.
constexpr core::ReplicaId only_start{1};

std::uint8_t bucket_number(validator::TrustBucket bucket) {
  return static_cast<std::uint8_t>(bucket);
}

void insert_sorted(std::vector<core::FaultDomain>& domains, core::FaultDomain domain) {
  const auto place = std::lower_bound(domains.begin(), domains.end(), domain);
  if (place == domains.end() || *place != domain) domains.insert(place, domain);
}

}  // namespace

Coordinator::State::State(CoordinatorConfig config)
    : engine(std::move(config.policies)),
      validator(config.validation, config.sha256),
      trusted_tiers(config.trusted_tiers) {}

template <class AnyFact>
void Coordinator::State::tell_engine(const AnyFact& fact, core::Time now) {
  ++events;
  engine_was_told_ = true;
  if (recorder != nullptr) recorder->on_event({now, fact});
  engine.apply(fact, now);
}

void Coordinator::State::add_node(core::NodeId node, const core::NodeSpec& spec,
                                  validator::MachineId machine, core::Time now) {
  if (node.value >= nodes_.size()) nodes_.resize(node.value + 1);
  if (nodes_[node.value].known || nodes_[node.value].expelled) return;
  const bool trusted = (trusted_tiers >> spec.tier.value & 1) != 0;
  Node& known = nodes_[node.value];
  known = {.spec = spec, .known = true};
  known.spec.trust_bucket =
      bucket_number(trusted ? validator::TrustBucket::trusted : validator::TrustBucket::newcomer);
  tell_engine(NodeAdded{node, known.spec}, now);
  validator.apply(validator::NodeJoined{.node = node,
                                        .owner = spec.owner,
                                        .site = spec.site,
                                        .rack = spec.rack,
                                        .machine = machine,
                                        .host_class = spec.host_class,
                                        .trusted = trusted},
                  now);
}

void Coordinator::State::set_availability(core::NodeId node, core::NodeAvailability wanted,
                                          core::Time now) {
  if (node.value >= nodes_.size() || !nodes_[node.value].known) return;
  Node& known = nodes_[node.value];
  const bool was_down = known.availability == core::NodeAvailability::down;
  const bool is_down = wanted == core::NodeAvailability::down;
  known.availability = wanted;
  tell_availability(node, now);
  if (is_down && !was_down) validator.apply(validator::NodeLeft{node}, now);
  if (!is_down && was_down) validator.apply(validator::NodeReturned{node}, now);
}

void Coordinator::State::tell_availability(core::NodeId node, core::Time now) {
  const Node& known = nodes_[node.value];
  const bool is_kept_out = known.quarantined && known.availability == core::NodeAvailability::up;
  tell_engine(
      NodeStateChanged{node, is_kept_out ? core::NodeAvailability::draining : known.availability},
      now);
}

void Coordinator::State::remove_if_idle(core::NodeId node, core::Time now) {
  Node& known = nodes_[node.value];
  if (!known.known || !engine.is_idle(node)) return;
  known.known = false;
  tell_engine(NodeRemoved{node}, now);
}

void Coordinator::State::replica_left(core::JobId job, core::ReplicaId replica, core::Time now) {
  Contract* contract = jobs.find(job);
  if (contract == nullptr) return;
  const Task* task = contract->find(replica);
  if (task == nullptr || !task->running) return;
  tell_engine(ReplicaEnded{task->id, only_start, ReplicaEnd::completed}, now);
  for (const core::NodeId node : leaving_) remove_if_idle(node, now);
  std::erase_if(leaving_, [this](core::NodeId node) { return !nodes_[node.value].known; });
  remove_task(*contract, replica, now);
}

void Coordinator::State::remove_task(Contract& contract, core::ReplicaId replica, core::Time now) {
  contract.tasks.erase_if([&](const Task& task) { return task.replica == replica; });
  submit_next(contract, now);
  forget_if_over(contract.job.id);
}

void Coordinator::State::forget_if_over(core::JobId job) {
  const Contract* contract = jobs.find(job);
  if (contract == nullptr || !contract->tasks.empty() || !contract->wanted.empty()) return;
  // As long as the validator knows it, a conviction or a dispute may ask for another replica.
  if (!validator.knows(job)) jobs.forget(job);
}

void Coordinator::State::submit_next(Contract& contract, core::Time now) {
  if (contract.wanted.empty() || contract.has_waiting_task()) return;
  WantedReplica wanted = jobs.take_wanted(contract);
  submit(contract, wanted, now);
}

void Coordinator::State::submit(Contract& contract, WantedReplica& wanted, core::Time now) {
  if (!contract.placed.empty()) avoid_domains_of_placed(contract, wanted.avoid);
  core::Job task = contract.job;
  task.id = jobs.new_task(contract, wanted);
  task.request = wanted.request;
  const std::uint64_t place = contract.arrival * places_per_job + wanted.replica.value;
  tell_engine(JobSubmitted{.job = task, .place = place, .avoid = wanted.avoid}, now);
}

void Coordinator::State::avoid_domains_of_placed(const Contract& contract,
                                                 std::vector<core::FaultDomain>& avoid) {
  std::vector<core::FaultDomain>& own = scratch_domains_;
  list_domains_of_placed(contract, own);
  // Most often the validator has named all of them.
  if (std::includes(avoid.begin(), avoid.end(), own.begin(), own.end())) return;
  avoid.insert(avoid.end(), own.begin(), own.end());
  core::canonicalise(avoid);
}

void Coordinator::State::list_domains_of_placed(const Contract& contract,
                                                std::vector<core::FaultDomain>& domains) const {
  domains.clear();
  // One kind after the other, in the order of kinds: nodes ascend, and so do their owners as a
  // rule, which leaves nothing to be sorted.
  const auto add = [&](validator::Distinct kind, auto domain_of) {
    if ((contract.distinct & kind) == 0) return;
    for (const core::Interval nodes : contract.placed) {
      for (std::uint32_t node = nodes.first; node <= nodes.last; ++node) {
        domain_of(core::NodeId{node}, nodes_[node].spec);
      }
    }
  };
  add(validator::distinct_owner, [&](core::NodeId, const core::NodeSpec& spec) {
    domains.push_back(core::FaultDomain::of(spec.owner));
  });
  add(validator::distinct_site, [&](core::NodeId, const core::NodeSpec& spec) {
    domains.push_back(core::FaultDomain::of(spec.site));
  });
  add(validator::distinct_rack, [&](core::NodeId, const core::NodeSpec& spec) {
    if (spec.rack != core::RackId{}) domains.push_back(core::FaultDomain::of(spec.rack));
  });
  add(validator::distinct_machine, [&](core::NodeId node, const core::NodeSpec&) {
    domains.push_back(core::FaultDomain::of(node));
  });
  core::canonicalise(domains);
}

// --- what the validator decides

bool Coordinator::State::decide(core::Time now) {
  const std::span<const validator::Decision> decisions = validator.decide(now);
  for (const validator::Decision& decision : decisions) {
    std::visit([&](const auto& alternative) { on(alternative, now); }, decision);
  }
  const bool decided = !decisions.empty();
  for (const core::JobId job : validator.forgotten()) forget_if_over(job);
  for (const validator::ReplicaUnplaceable& replica : unplaceable_) validator.apply(replica, now);
  unplaceable_.clear();
  return decided;
}

core::Request Coordinator::State::request_of(const Contract& contract,
                                             const validator::SendReplica& send) const {
  core::Request request = contract.job.request;
  request.min_trust = std::max(request.min_trust, bucket_number(send.min_trust));
  if (send.host_class != core::HostClassId{}) request.host_class = send.host_class;
  if (send.min_trust == validator::TrustBucket::trusted) {
    request.tiers = trusted_tiers;
  } else if ((request.tiers & ~trusted_tiers) != 0) {
    request.tiers &= ~trusted_tiers;
  }
  return request;
}

void Coordinator::State::list_domains_to_avoid(const validator::SendReplica& send,
                                               std::vector<core::FaultDomain>& avoid) const {
  avoid.assign(send.avoid.begin(), send.avoid.end());
  if (send.other_than != core::HostClassId{}) {
    insert_sorted(avoid, core::FaultDomain::of(send.other_than));
  }
  if (send.only_node) {
    // There is no request for a single node, and the same one is asked for so seldom.
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
      if (nodes_[node].known && core::NodeId{node} != *send.only_node) {
        insert_sorted(avoid, core::FaultDomain::of(core::NodeId{node}));
      }
    }
  }
}

void Coordinator::State::on(const validator::SendReplica& send, core::Time now) {
  Contract* contract = jobs.find(send.job);
  if (contract == nullptr) {
    unplaceable_.push_back({send.job, send.replica});
    return;
  }
  WantedReplica& wanted = scratch_wanted_;
  wanted.replica = send.replica;
  wanted.request = request_of(*contract, send);
  wanted.purpose = send.purpose;
  list_domains_to_avoid(send, wanted.avoid);
  if (contract->wanted.empty() && !contract->has_waiting_task()) {
    submit(*contract, wanted, now);
  } else {
    jobs.want(*contract, wanted);
  }
}

void Coordinator::State::on(const validator::CancelReplica& cancel, core::Time now) {
  Contract* contract = jobs.find(cancel.job);
  if (contract == nullptr || jobs.withdraw_wanted(*contract, cancel.replica)) return;
  const Task* task = contract->find(cancel.replica);
  if (task == nullptr) return;
  const bool running = task->running;
  tell_engine(JobCancelled{task->id}, now);
  if (!running) remove_task(*contract, cancel.replica, now);
}

void Coordinator::State::on(const validator::Quarantine& quarantine, core::Time now) {
  commands.add(quarantine);
  Node& node = nodes_[quarantine.node.value];
  const bool was_quarantined = std::exchange(node.quarantined, true);
  if (quarantine.why != validator::QuarantineReason::expelled) {
    if (!was_quarantined && node.known) tell_availability(quarantine.node, now);
    return;
  }
  // Nothing will ever be placed there again. As long as the engine knew the node, a job that only
  // such nodes could take would wait for ever instead of being rejected.
  if (std::exchange(node.expelled, true)) return;
  remove_if_idle(quarantine.node, now);
  if (!node.known) return;
  leaving_.push_back(quarantine.node);
  if (!was_quarantined) tell_availability(quarantine.node, now);
}

void Coordinator::State::on(const validator::Release& release, core::Time now) {
  commands.add(release);
  Node& node = nodes_[release.node.value];
  if (!std::exchange(node.quarantined, node.expelled) || node.expelled) return;
  tell_availability(release.node, now);
}

void Coordinator::State::on(const validator::TrustChanged& changed, core::Time now) {
  commands.add(changed);
  Node& node = nodes_[changed.node.value];
  node.spec.trust_bucket = bucket_number(changed.bucket);
  if (!node.known) return;
  tell_engine(NodeChanged{changed.node, node.spec}, now);
}

// --- what the engine decides

bool Coordinator::State::place(core::Time now) {
  const auto wakeup = engine.next_wakeup();
  if (!engine_was_told_ && !(wakeup && *wakeup <= now)) return false;
  engine_was_told_ = false;
  ++steps;
  const std::span<const Command> list = engine.step(now);
  if (recorder != nullptr) recorder->on_step(now, list);
  for (const Command& command : list) {
    add_to_hash(hash, command);
    std::visit([&](const auto& alternative) { on(alternative, now); }, command);
  }
  const bool placed = !list.empty();
  // Only now, since the engine's commands are gone as soon as it is told of anything.
  for (const core::JobId job : next_to_submit_) {
    if (Contract* contract = jobs.find(job)) submit_next(*contract, now);
  }
  next_to_submit_.clear();
  return placed;
}

void Coordinator::State::on(const StartReplica& start, core::Time now) {
  const core::JobId job = jobs.job_of(start.job);
  const core::ReplicaId replica = jobs.replica_of(start.job);
  Contract& contract = *jobs.find(job);
  contract.find(replica)->running = true;
  scratch_nodes_.clear();
  for (const NodeShare& share : start.nodes) {
    contract.placed.push_back(share.nodes);
    for (std::uint32_t node = share.nodes.first; node <= share.nodes.last; ++node) {
      scratch_nodes_.emplace_back(node);
    }
  }
  validator.apply(validator::ReplicaPlaced{job, replica, scratch_nodes_}, now);
  StartReplica named = start;
  named.job = job;
  named.replica = replica;
  commands.add(named);
  next_to_submit_.push_back(job);
}

void Coordinator::State::on(const CancelReplica& cancel, core::Time /*now*/) {
  CancelReplica named = cancel;
  named.job = jobs.job_of(cancel.job);
  named.replica = jobs.replica_of(cancel.job);
  commands.add(named);
}

void Coordinator::State::on(const RejectJob& reject, core::Time now) {
  const core::JobId job = jobs.job_of(reject.job);
  const core::ReplicaId replica = jobs.replica_of(reject.job);
  Contract& contract = *jobs.find(job);
  contract.tasks.erase_if([&](const Task& task) { return task.replica == replica; });
  validator.apply(validator::ReplicaUnplaceable{job, replica}, now);
  next_to_submit_.push_back(job);
}

}  // namespace nexa::scheduler
