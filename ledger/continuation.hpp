#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/digest.hpp"
#include "core/sha256_port.hpp"
#include "ledger/merkle.hpp"

namespace nexa::ledger {

/// How a checkpoint of a journal stands to one that was seen before. The last two show that the
/// journal has two histories, or try to.
enum class Continuation : std::uint8_t {
  same,         ///< it is the one that was seen
  continues,    ///< a proof shows that it begins with what was seen
  unproven,     ///< the proof is missing, or begins elsewhere
  smaller,      ///< it covers fewer entries: a repeat, or another history
  other_root,   ///< it covers as many entries, which are others
  false_proof,  ///< the proof does not lead from the one to the other
};

constexpr bool is_contradiction(Continuation how) {
  return how == Continuation::other_root || how == Continuation::false_proof;
}

/// The rule by which a witness cosigns, and by which any reader may follow a journal. `proof` is
/// meant to lead from a tree of `proof_from` entries to `next`; zero entries or none said: there is
/// no proof. Costs a step per digest of the proof.
Continuation continuation_of(core::Sha256 sha256, const TreeHead& last, const TreeHead& next,
                             std::optional<std::uint64_t> proof_from,
                             std::span<const core::Digest> proof);

}  // namespace nexa::ledger
