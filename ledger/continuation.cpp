#include "ledger/continuation.hpp"

namespace nexa::ledger {

Continuation continuation_of(core::Sha256 sha256, const TreeHead& last, const TreeHead& next,
                             std::optional<std::uint64_t> proof_from,
                             std::span<const core::Digest> proof) {
  if (next.size < last.size) return Continuation::smaller;
  if (next.size == last.size) {
    return next.root == last.root ? Continuation::same : Continuation::other_root;
  }
  if (proof_from.value_or(0) != last.size) return Continuation::unproven;
  return verify_consistency(sha256, last, next, proof) ? Continuation::continues
                                                       : Continuation::false_proof;
}

}  // namespace nexa::ledger
