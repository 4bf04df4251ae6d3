#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>

#include "core/fault_domain.hpp"
#include "core/node.hpp"
#include "core/request.hpp"

namespace nexa::scheduler {

/// A person asks for a job, or the host for one more replica of an earlier one.
///
/// `place` is the job's place in the order of arrival, in which ties of the queue's order are
/// broken. Zero is the usual case: behind every job that came before. A host that wants a later
/// replica to wait where its job waited numbers places itself, such as 256 x (number of the job) +
/// (number of the replica), and gives the replica its job's `submit`, from which keys are made.
/// Places are compared as integers; a host never gives one twice. A job that comes with the place
/// of an old one may get ahead of the head of the queue; reservations that a plan has made stand.
///
/// `avoid` are the fault domains that the job must not be placed in, in any order; the engine
/// copies them. What keeps a job out for good, such as a tier, a host class or a bucket of trust,
/// is part of its request, since jobs share requests.
struct JobSubmitted {
  core::Job job;
  std::uint64_t place = 0;
  std::span<const core::FaultDomain> avoid = {};
};

/// A person withdraws a job, waiting or running.
struct JobCancelled {
  core::JobId job;
};

/// A node becomes known; of one that is known already nothing changes. Nodes that arrive before one
/// step are numbered by class and id, so their order of arrival has no influence on decisions.
struct NodeAdded {
  core::NodeId node;
  core::NodeSpec spec;
};

struct NodeStateChanged {
  core::NodeId node;
  core::NodeAvailability availability = core::NodeAvailability::up;
};

/// Why a replica no longer runs.
enum class ReplicaEnd : std::uint8_t {
  completed,    ///< by itself, with whatever exit status
  killed,       ///< after a CancelReplica
  node_failed,  ///< a node was lost: the job goes back to the queue, at its old place
};

struct ReplicaEnded {
  core::JobId job;
  core::ReplicaId replica;
  ReplicaEnd how = ReplicaEnd::completed;
};

/// The host could not carry out a StartReplica: the job goes back to the queue, at its old place,
/// and is tried again when the next fact arrives. Under a policy that plans reservations everything
/// is then planned anew, in the order of the queue.
struct CommandRejected {
  core::JobId job;
  core::ReplicaId replica;
};

/// Nothing happened; the host only lets the engine look at the clock.
struct Tick {};

/// A person changes a job; `job` is the whole record as it now is. A waiting job keeps its id, its
/// submission, its place in the order of arrival and what it has to avoid, and is looked at anew in
/// all else: it may now be one that can never run. Of a running job only the time limit changes; if
/// the host was told to end it, that stands, and the limit is that of a later run. Other jobs keep
/// their reservations where a waiting job changes; where a running one does, everything is planned
/// anew in the order of the queue.
struct JobChanged {
  core::Job job;
};

/// From now on the engine decides by other policies; `policies` is what `parse_policy_set` reads,
/// and the host has made sure that it can. What runs goes on. Waiting jobs that no node is left for
/// are rejected; reservations are made anew. The text need not outlive the call; a view keeps facts
/// free of destructors, of which every job would pay for four.
struct PolicyReloaded {
  std::string_view policies;
};

/// What is known of a node has changed, but for its capacity: its tier after a new measurement, its
/// bucket of trust, its price, its place. It counts at once, for all that starts from now on. What
/// runs there goes on, also where it could not start there any more; should it come back to the
/// queue, it is looked at anew. Waiting jobs that no node is left for are rejected; reservations
/// are made anew in the order of the queue. A node that is not known is ignored.
struct NodeChanged {
  core::NodeId node;
  core::NodeSpec spec;
};

/// A node has left for good; the host has reported the end of all that ran there. Its id may come
/// again. A node that is not known is ignored.
struct NodeRemoved {
  core::NodeId node;
};

/// What a host may tell the engine. The order of alternatives is part of the event log's format.
using Fact =
    std::variant<JobSubmitted, JobCancelled, NodeAdded, NodeStateChanged, ReplicaEnded,
                 CommandRejected, Tick, JobChanged, PolicyReloaded, NodeChanged, NodeRemoved>;
static_assert(std::is_trivially_destructible_v<Fact>);

/// A fact and when it happened. Times never decrease from one event to the next.
struct Event {
  core::Time time{};
  Fact fact;
};

}  // namespace nexa::scheduler
