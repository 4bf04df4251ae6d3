#pragma once

#include <cstdint>
#include <span>
#include <type_traits>
#include <variant>

#include "core/credits.hpp"
#include "core/digest.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "validator/redundancy.hpp"

namespace nexa::validator {

/// The fingerprint of a machine, which it keeps under a new name or owner; zero: not known, and the
/// node then stands for itself.
using MachineId = core::Id<struct MachineTag, std::uint64_t>;

/// Jobs that fail, or are worth cheating at, alike: an application, or a decile of run time. What a
/// node has earned with one class counts for that class only.
using JobClass = core::Id<struct JobClassTag, std::uint32_t>;

/// Whether results agree only if they are equal byte by byte.
enum class ComparatorKind : std::uint8_t { exact, tolerance };

/// A node may run replicas. Of a node that is known already nothing changes. Its record is that of
/// its machine; a machine that is new begins with what is held against its owner.
struct NodeJoined {
  core::NodeId node;
  core::OwnerId owner;
  core::SiteId site;
  core::RackId rack;
  MachineId machine;
  core::HostClassId host_class;
  bool trusted = false;  ///< of the tier that arbitrates
};

/// The node runs nothing any more. The host reports the ends of its replicas by themselves.
struct NodeLeft {
  core::NodeId node;
};

/// A node that left is back, with its record.
struct NodeReturned {
  core::NodeId node;
};

/// A job whose replicas the validator asks for from now on. `rules` have passed `check`; a job that
/// has not, or whose id is in use, is ignored.
struct JobSubmitted {
  core::JobId job;
  Redundancy rules;
  core::Credits value;  ///< what the result is worth; jobs worth more than most are audited more
  ComparatorKind comparator = ComparatorKind::exact;
  JobClass job_class;
};

/// A person withdraws a job.
struct JobCancelled {
  core::JobId job;
};

/// The replica runs from now on, on these nodes, of which none is named twice. The span need not
/// outlive the call.
struct ReplicaPlaced {
  core::JobId job;
  core::ReplicaId replica;
  std::span<const core::NodeId> nodes;
};

/// No node that exists could ever run the replica as it was asked for. The validator asks for less
/// (newcomers too, no spot check), or ends the job.
struct ReplicaUnplaceable {
  core::JobId job;
  core::ReplicaId replica;
};

/// The node has committed to a result without having shown it.
struct ResultCommitted {
  core::JobId job;
  core::ReplicaId replica;
};

/// How a new result compares with one that was reported before for the same job.
struct Comparison {
  core::ReplicaId other;
  bool equal = false;
  std::uint64_t distance = 0;  ///< in a unit that is the same for all results of the job
  /// How far the numbers of the new result lie above (positive) or below those of the other in the
  /// mean, in thousandths of the tolerance; zero under an exact comparator.
  std::int32_t lean_permille = 0;
};

/// A result has arrived and what it was committed to holds. Results that no comparison names are
/// equal if their digests are. The span need not outlive the call.
struct ResultReported {
  core::JobId job;
  core::ReplicaId replica;
  core::Digest digest;
  std::span<const Comparison> comparisons = {};
};

enum class FailureKind : std::uint8_t {
  error,      ///< crashed, or left no result that can be read
  no_reply,   ///< past its deadline, as the host sees it
  aborted,    ///< by a person, or after a CancelReplica; nobody's fault
  node_lost,  ///< a node went away; nobody's fault
  bad_proof,  ///< commitment, signature or structure is false: the result is invalid at once
};

/// A replica ended without a result.
struct ReplicaFailed {
  core::JobId job;
  core::ReplicaId replica;
  FailureKind how = FailureKind::error;
};

/// The seed of the lottery changes: the old one is shown, a new one is committed to.
struct EpochEnded {};

/// Somebody contests a verdict: the job is computed again on a trusted node, if it was on none. The
/// validator answers with DisputeDecided, unless there is no trusted node.
struct VerdictDisputed {
  core::JobId job;
};

/// What a host may tell the validator. The order of alternatives is part of log formats.
using Fact = std::variant<NodeJoined, NodeLeft, NodeReturned, JobSubmitted, JobCancelled,
                          ReplicaPlaced, ReplicaUnplaceable, ResultCommitted, ResultReported,
                          ReplicaFailed, EpochEnded, VerdictDisputed>;
static_assert(std::is_trivially_destructible_v<Fact>);

}  // namespace nexa::validator
