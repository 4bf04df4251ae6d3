#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "core/digest.hpp"
#include "core/fault_domain.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "validator/lottery.hpp"

namespace nexa::validator {

/// What a node has earned; a host may use it as `NodeSpec::trust_bucket` and `Request::min_trust`.
enum class TrustBucket : std::uint8_t {
  newcomer,     ///< too few checked results since it joined or since its last strike
  established,  ///< may be relied on alone, and is audited by lottery
  trusted,      ///< of the tier that arbitrates
};

/// Why a replica is asked for.
enum class Purpose : std::uint8_t {
  work,           ///< the first copies of a job
  quorum,         ///< another copy, because votes are missing
  audit,          ///< the lottery drew a result of an established node
  spot_check,     ///< the lottery drew a result for a trusted node
  arbitration,    ///< results disagree, a trusted node decides
  arbiter_check,  ///< a second trusted node looks at the first
  revalidation,   ///< a node was convicted, its earlier results are computed anew
  cross_class,    ///< does another host class get the same?
  rerun,          ///< the same node again: does it agree with itself?
};

/// Run one more replica. Replicas of a job count from 1.
struct SendReplica {
  core::JobId job;
  core::ReplicaId replica;
  Purpose purpose = Purpose::work;
  TrustBucket min_trust = TrustBucket::newcomer;
  /// Where it may not run, sorted. The span is valid until the validator is called again.
  std::span<const core::FaultDomain> avoid;
  core::HostClassId host_class;           ///< only this one; zero: any
  core::HostClassId other_than;           ///< any but this one; zero: any
  std::optional<core::NodeId> only_node;  ///< `rerun` only
};

/// A replica is not needed any more. If it was placed, its end is a fact as any other.
struct CancelReplica {
  core::JobId job;
  core::ReplicaId replica;
};

/// The states of a replica, V1.
enum class ReplicaState : std::uint8_t {
  assigned,
  committed,
  revealed,
  valid,
  invalid,
  inconclusive,
  too_late,
  error,
  no_reply,
  not_needed,
};

/// Money goes to valid replicas only.
constexpr bool is_payable(ReplicaState state) {
  return state == ReplicaState::valid;
}

/// Why a replica was found to be as it is; with `ReplicaVerdict::against` it is the pointer to the
/// evidence.
enum class Ground : std::uint8_t {
  none,
  agrees,           ///< with the canonical result, `against`
  disagrees,        ///< with the canonical result, `against`
  arbiter,          ///< disagrees with what the trusted replica `against` computed
  bad_proof,        ///< its own commitment, signature or structure
  not_independent,  ///< shares a fault domain with the replica `against`
  expelled,         ///< its node was expelled before the job was decided
  undecided,        ///< no class of results has won
};

/// What became of one replica.
struct ReplicaVerdict {
  core::ReplicaId replica;
  ReplicaState state = ReplicaState::inconclusive;
  Ground ground = Ground::none;
  core::ReplicaId against;
  std::uint8_t class_number = 0;  ///< classes of agreeing results count from 1; 0: has no vote
  std::uint8_t domain = 0;        ///< votes with equal numbers share a fault domain and count once
  std::uint32_t weight = 0;       ///< of its vote
  bool trusted = false;           ///< ran on the trusted tier
};

enum class Outcome : std::uint8_t { accepted, failed, cancelled };

/// Which rule made the verdict.
enum class Rule : std::uint8_t {
  none,
  quorum,       ///< V3: strict plurality over enough fault domains
  arbiter,      ///< V4: a trusted node decided
  earned,       ///< V5: one result of an established node that the lottery spared
  spot_check,   ///< V5: a trusted node got the same
  credibility,  ///< the class is credible enough
  boinc,        ///< as BOINC's check_set
  poco,         ///< as iExec's checkConsensus
};

enum class FailedBecause : std::uint8_t {
  none,
  too_many_errors,
  too_many_replicas,  ///< max_total_results
  no_agreement,       ///< max_success_results, and nobody to arbitrate
  poison,             ///< crashes on every node that tries it
  unplaceable,        ///< no nodes that are apart enough
  arbiters_disagree,
};

/// The decision on a job, with all that is needed to check it again.
struct Verdict {
  core::JobId job;
  Outcome outcome = Outcome::accepted;
  FailedBecause why = FailedBecause::none;
  Rule rule = Rule::none;
  core::ReplicaId canonical;  ///< zero unless accepted
  core::Digest digest;        ///< of the canonical result
  bool confirmed = false;     ///< a trusted node computed the same
  std::optional<Draw> draw;   ///< of the lottery, if there was one
  std::span<const ReplicaVerdict> replicas;
};

enum class RevisedBecause : std::uint8_t {
  late_result,   ///< a replica that was not waited for has reported
  revalidation,  ///< its result was computed anew after a conviction
};

/// A decided job was looked at again: the replicas whose state is new, and the canonical result as
/// it now is.
struct VerdictRevised {
  core::JobId job;
  RevisedBecause why = RevisedBecause::revalidation;
  bool canonical_changed = false;
  core::ReplicaId canonical;
  core::Digest digest;
  std::span<const ReplicaVerdict> replicas;
};

enum class StrikeKind : std::uint8_t {
  hard,     ///< wrong under an exact comparator, or a false proof
  soft,     ///< wrong under a tolerance, or most likely the culprit of several nodes
  arbiter,  ///< a trusted node that other trusted nodes contradict
};

/// A node is held responsible for a wrong result. A soft strike is only a note, unless it is the
/// one that makes a hard strike of several. All else starts anew for the node: what it has earned
/// is gone, its unvested rewards are void, its unconfirmed results are computed again.
struct Convict {
  core::NodeId node;
  StrikeKind kind = StrikeKind::hard;
  bool convicted = true;  ///< false: a soft strike that has no consequence yet
  core::JobId job;        ///< with `replica`, the evidence
  core::ReplicaId replica;
  core::ReplicaId against;
  std::uint32_t strikes = 0;  ///< hard ones that count, with this one
  bool expelled = false;
};

enum class QuarantineReason : std::uint8_t {
  errors,     ///< failed too often in a row
  wrong,      ///< a strike
  late,       ///< did not answer in time, too often in a row
  expelled,   ///< too many strikes; for ever
  admission,  ///< its owner brings in new machines too fast
  in_flight,  ///< has as many replicas as it has earned; until one of them ends
};

/// The node gets no new replicas until then; `core::never`: until a Release, which may never come.
struct Quarantine {
  core::NodeId node;
  core::Time until{};
  QuarantineReason why = QuarantineReason::errors;
};

struct Release {
  core::NodeId node;
};

/// What the node has earned is now in another bucket. Nodes join as newcomers, or as trusted.
struct TrustChanged {
  core::NodeId node;
  TrustBucket bucket = TrustBucket::newcomer;
};

/// Whether a node that was wrong is wrong in the same way when it runs the job again, V9.
enum class Diagnosis : std::uint8_t {
  intermittent,  ///< disagrees with itself: a matter for hardware tests
  repeatable,    ///< the same wrong answer: a defect of its data path or software, or intent
};

struct Diagnosed {
  core::NodeId node;
  core::JobId job;
  core::ReplicaId replica;
  core::ReplicaId rerun;
  Diagnosis diagnosis = Diagnosis::intermittent;
};

/// Nodes of a host class agreed on what another class contradicts, and the trusted tier, if there
/// is one, does too: a defect of the class rather than of a node. Nobody is struck for it.
struct ClassSuspected {
  core::HostClassId host_class;
  core::JobId job;
  std::uint32_t mismatches = 0;  ///< so far
  std::uint32_t samples = 0;     ///< cross-class comparisons so far
};

/// The results of a node lie to one side of those of others, inside the tolerance and by more than
/// chance explains (see `LeanTest`), or no longer do. Nothing follows from it: which side is right
/// is for a comparison with a tighter tolerance to say.
struct Leaning {
  core::NodeId node;
  bool leans = true;
  std::int32_t mean_permille = 0;  ///< of the tolerance
  std::uint32_t comparisons = 0;
};

/// The reward of a valid replica is no longer at risk: a trusted node confirmed its result, or it
/// has left the vesting windows of its nodes.
struct Vested {
  core::JobId job;
  core::ReplicaId replica;
};

/// The reward of a valid replica is void, because its node was convicted before it had vested. Of a
/// replica that is or becomes valid comes exactly one of Vested and Forfeited, sooner or later,
/// unless a revision makes it invalid before.
struct Forfeited {
  core::JobId job;
  core::ReplicaId replica;
};

/// SHA-256 of the next seed; published before the epoch's first draw.
struct SeedCommitted {
  std::uint64_t epoch = 0;
  core::Digest commitment;
};

/// The seed of an epoch that is over.
struct SeedRevealed {
  std::uint64_t epoch = 0;
  core::Digest seed;
};

/// What became of a dispute. It is upheld if the canonical result is another one now; the
/// VerdictRevised that says so comes at the same instant.
struct DisputeDecided {
  core::JobId job;
  bool upheld = false;
  bool computed = false;  ///< a trusted node computed the job for it
};

/// What the validator asks of its host, or tells it. Spans are valid until the validator is called
/// again.
using Decision = std::variant<SendReplica, CancelReplica, Verdict, VerdictRevised, Convict,
                              Quarantine, Release, TrustChanged, Diagnosed, ClassSuspected, Vested,
                              Forfeited, SeedCommitted, SeedRevealed, DisputeDecided, Leaning>;

/// One line of text: `send job=7 replica=1 purpose=work min_trust=newcomer avoid=owner:3,node:5`.
std::string to_text(const Decision& decision);

/// Folds every field of a decision into a hash: the golden value of a decision stream.
void add_to_hash(core::StreamHash& hash, const Decision& decision);

std::string_view to_text(TrustBucket bucket);
std::string_view to_text(Purpose purpose);
std::string_view to_text(ReplicaState state);
std::string_view to_text(Ground ground);
std::string_view to_text(Outcome outcome);
std::string_view to_text(Rule rule);
std::string_view to_text(FailedBecause why);
std::string_view to_text(StrikeKind kind);
std::string_view to_text(QuarantineReason why);

}  // namespace nexa::validator
