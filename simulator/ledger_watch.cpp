#include "simulator/ledger_watch.hpp"

namespace nexa::simulator {
namespace {

/// Whether the checkpoint may follow the last one that was believed, if there was one.
bool may_follow(core::Sha256 sha256, const std::optional<ledger::TreeHead>& last,
                const ShownCheckpoint& shown) {
  if (!last) return true;
  const auto how =
      ledger::continuation_of(sha256, *last, shown.head, shown.proof_from, shown.proof);
  return how == ledger::Continuation::same || how == ledger::Continuation::continues;
}

}  // namespace

bool LedgerWitness::cosign(const ShownCheckpoint& shown) {
  if (!may_follow(sha256_, last_, shown)) return false;
  last_ = shown.head;
  return true;
}

LedgerDoubt LedgerReader::read(const ShownCheckpoint& shown, core::Time first_new) {
  if (asks_for_cosignature_ && !shown.cosigned_at) return LedgerDoubt::not_cosigned;
  if (!may_follow(sha256_, last_, shown)) return LedgerDoubt::contradicts;
  if (cosigned_at_ && first_new < *cosigned_at_) return LedgerDoubt::backdated;
  last_ = shown.head;
  cosigned_at_ = shown.cosigned_at;
  return LedgerDoubt::none;
}

}  // namespace nexa::simulator
