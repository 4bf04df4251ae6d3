#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/behaviour.hpp"
#include "core/credits.hpp"
#include "core/defences.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "simulator/answer.hpp"

/// What a node does with a replica that it was given. Every decision is a function of what is
/// passed in: the seed, the names of job, replica and node, and for those that learn from their
/// verdicts the `NodeState`. The order in which nodes are asked does not matter.
namespace nexa::simulator {

/// A replica as its node sees it.
struct Assignment {
  std::uint64_t seed = 0;  ///< of the simulation
  core::JobId job{};
  std::uint32_t replica = 0;  ///< number of the replica within the job, below 2^24
  std::uint32_t attempt = 0;  ///< of the replica, below 128
  core::NodeId node{};
  std::uint32_t host_class = 0;     ///< nodes of one give the same bits; see `core::Noisy`
  std::uint32_t job_class = 0;      ///< what kind of job it is, as the scenario numbers them
  core::Credits value{};            ///< what the job pays for a valid result
  core::Duration run_time{};        ///< on this node, if it computes
  core::Duration time_limit{};      ///< all that the node knows of the run time beforehand
  std::uint32_t answer_bits = 256;  ///< entropy of the answer to somebody who does not compute it
  bool poison = false;              ///< A16: the job crashes wherever it runs
  core::Time now{};
};

/// How a replica ends, seen from outside.
enum class Ending : std::uint8_t {
  result,    ///< hands in a report
  crash,     ///< fails, and the node says so
  abort,     ///< gives the replica back
  no_reply,  ///< is never heard of again
};

/// What is decided when the replica starts.
struct Conduct {
  Ending ending = Ending::result;
  core::Duration duration{};  ///< from now to the ending; meaningless for `no_reply`
};

/// What other nodes have handed in for the job by now, in the order of arrival.
struct Disclosure {
  core::CommitReveal commit_reveal = core::CommitReveal::salted;
  std::span<const Answer> others;  ///< in clear; what a node may see of them follows from the above
};

/// By which key, and how well, a report is signed.
enum class Signature : std::uint8_t {
  own,
  stolen,         ///< by somebody else who has the node's key
  malleated,      ///< S + L in place of S; verifies where that is not checked (RFC 8032, 5.1.7)
  small_order,    ///< by a key of small order, which signs any message
  non_canonical,  ///< by a key whose encoding is not the canonical one
};

/// To which execution an attestation is bound.
struct Attested {
  core::JobId job{};
  std::uint32_t replica = 0;
  std::uint32_t attempt = 0;
  friend constexpr auto operator<=>(const Attested&, const Attested&) = default;
};

/// What a node hands in at the end of a replica.
struct Report {
  Answer answer;
  core::JobId output_job{};   ///< whose digest the header of the output carries
  Attested attested;          ///< what the attestation says it is for
  std::uint32_t resends = 0;  ///< times that the same attestation comes again afterwards
  Signature signature = Signature::own;
  std::uint32_t claimed_permille = 1000;  ///< usage claimed, of the true one
  core::Duration start_error{};           ///< reported start less the true one
  core::Duration end_error{};             ///< reported end less the true one
  bool copied_commitment = false;         ///< repeats a commitment of another, which it cannot open
  bool attacks_checker = false;           ///< a comparator without sandbox and limits would break
  bool computed = true;                   ///< false: the node saved itself the work
  bool cheats = false;  ///< on purpose; for statistics, never for decisions of the host
};

/// What a node is told of its own replica in the end.
struct OwnVerdict {
  bool valid = false;
  bool checked = false;  ///< some other execution was compared with it
  bool strike = false;   ///< the node was convicted
};

/// What a node makes of a verdict.
struct Reaction {
  bool comes_back_new = false;  ///< A10: leaves now and registers again under a new identity
  core::Duration rest{};        ///< time in between
};

/// What a node remembers. Everything that its conduct depends on besides the assignment.
struct NodeState {
  std::uint32_t identity = 0;        ///< times that it has come back under a new one
  std::uint32_t strikes = 0;         ///< of this identity
  std::uint32_t valid_in_a_row = 0;  ///< as its behaviour counts them
  std::uint32_t betrayals = 0;       ///< since it last began to build trust
  bool cheating_pays = false;        ///< what an opportunist has reckoned
  std::optional<core::JobId> last_computed{};
  std::optional<Attested> last_attested{};
  friend constexpr bool operator==(const NodeState&, const NodeState&) = default;
};

/// What a node with these behaviours does with a replica. They act in their order, and the first
/// that keeps the replica from ending well decides. No behaviours: honest.
[[nodiscard]] Conduct begin(std::span<const core::BehaviourShare> behaviours,
                            const Assignment& assignment);

/// What it hands in, if `begin` said that the replica ends with a result. Faults act before what is
/// done on purpose, whatever their order. `assignment.now` is the time of handing in.
[[nodiscard]] Report finish(std::span<const core::BehaviourShare> behaviours, NodeState& state,
                            const Assignment& assignment, const Disclosure& disclosure);

/// Tells the node a verdict on one of its own replicas. After `comes_back_new` the state is that of
/// a new identity.
Reaction learn(std::span<const core::BehaviourShare> behaviours, NodeState& state,
               const OwnVerdict& verdict);

}  // namespace nexa::simulator
