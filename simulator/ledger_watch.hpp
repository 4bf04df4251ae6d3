#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/digest.hpp"
#include "core/sha256_port.hpp"
#include "core/time.hpp"
#include "ledger/continuation.hpp"
#include "ledger/merkle.hpp"

namespace nexa::simulator {

/// A checkpoint as somebody is asked to believe it.
struct ShownCheckpoint {
  ledger::TreeHead head;
  std::uint64_t proof_from = 0;           ///< entries of the older tree that `proof` starts from
  std::span<const core::Digest> proof;    ///< that `head` continues it
  std::optional<core::Time> cosigned_at;  ///< by a witness; none: it refused, or there is none
};

/// A witness of checkpoints, by the rule of `io::cosign`: the first one is taken on trust, each
/// later one must continue the last. What it signs is left out: nobody forges it here.
class LedgerWitness {
 public:
  explicit LedgerWitness(core::Sha256 sha256) : sha256_(sha256) {}

  /// Whether it cosigns. A refused checkpoint changes nothing.
  bool cosign(const ShownCheckpoint& shown);
  /// Entries of the last checkpoint that it has cosigned, from which the next proof must start.
  [[nodiscard]] std::uint64_t size() const { return last_ ? last_->size : 0; }

 private:
  core::Sha256 sha256_;
  std::optional<ledger::TreeHead> last_;
};

/// What a reader can find wrong with a ledger.
enum class LedgerDoubt : std::uint8_t {
  none,
  not_cosigned,  ///< no witness vouches for what is shown
  contradicts,   ///< it is not a continuation of what was shown before
  backdated,     ///< an entry is older than a checkpoint that was cosigned without it
};

/// Somebody who follows a ledger by its checkpoints.
///
/// Each must continue the one before, which a fork does as well as the true ledger: only that
/// witnesses cosign one history tells the two apart. A cosignature also has the time of the
/// witness's clock, and a checkpoint covers all entries up to it; what comes behind cannot be
/// older. A shift by less than the time to the last checkpoint is not seen.
class LedgerReader {
 public:
  LedgerReader(core::Sha256 sha256, bool asks_for_cosignature)
      : sha256_(sha256), asks_for_cosignature_(asks_for_cosignature) {}

  /// `first_new` is the earliest time that an entry behind the last checkpoint claims,
  /// `core::never` if there is none. A checkpoint in doubt is not taken over.
  LedgerDoubt read(const ShownCheckpoint& shown, core::Time first_new);
  /// Entries of the last checkpoint that it has taken over.
  [[nodiscard]] std::uint64_t size() const { return last_ ? last_->size : 0; }

 private:
  core::Sha256 sha256_;
  bool asks_for_cosignature_;
  std::optional<ledger::TreeHead> last_;
  std::optional<core::Time> cosigned_at_;  ///< the last one
};

}  // namespace nexa::simulator
