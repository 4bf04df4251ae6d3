#pragma once

#include <cstdint>
#include <vector>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "core/sha256_port.hpp"

namespace nexa::ledger {

/// The word that comes before `word` in a chain: SHA-256("nexapod/tick/v1" 0x00, word). Chains are
/// made from their end, because words can be computed only in this direction.
core::Digest payword_before(core::Sha256 sha256, const core::Digest& word);

/// The words of one stream of payments, as its payer holds them. The payer signs the anchor w_0
/// when the stream opens, and pays for tick n by disclosing w_n.
/// Source: Rivest and Shamir, "PayWord and MicroMint", 1996.
///
/// Keeps every k-th word of n, with k the square root of n, so that a day of seconds takes 10 kB.
class PayWordChain {
 public:
  /// `last` is the secret w_n from which the others follow. O(ticks) hashes.
  PayWordChain(core::Sha256 sha256, const core::Digest& last, std::uint64_t ticks);

  [[nodiscard]] std::uint64_t ticks() const { return ticks_; }
  [[nodiscard]] const core::Digest& anchor() const { return kept_.front(); }
  /// w_n; `n` is at most `ticks()`. O(sqrt(ticks)) hashes at the worst.
  [[nodiscard]] core::Digest word(std::uint64_t n) const;

 private:
  core::Sha256 sha256_;
  std::uint64_t ticks_;
  std::uint64_t stride_;
  core::Digest last_;
  std::vector<core::Digest> kept_;  ///< w_0, w_stride, w_2*stride, …
};

/// Counts the ticks of a stream on the side that is paid, from the words that were disclosed.
class PayWordMeter {
 public:
  /// `anchor` and `ticks` are those of the signed opening. `max_gap` bounds how many ticks one word
  /// may pay for at once, and with it the work that a wrong word can cause.
  PayWordMeter(core::Sha256 sha256, const core::Digest& anchor, std::uint64_t ticks,
               std::uint64_t max_gap);

  /// Takes w_n and returns how many ticks it pays for beyond those known before; the last word once
  /// more pays for none. A word that is refused changes nothing. Errors: `conflict` for a tick
  /// before the last, `limit_exceeded` beyond the chain or the gap, `refused` for a word that is
  /// not of this chain. O(gap) hashes.
  core::Result<std::uint64_t> accept(std::uint64_t n, const core::Digest& word);

  /// The last tick that was paid for.
  [[nodiscard]] std::uint64_t ticks() const { return known_; }
  /// Its word: the proof to present.
  [[nodiscard]] const core::Digest& word() const { return word_; }

 private:
  core::Sha256 sha256_;
  core::Digest word_;
  std::uint64_t known_ = 0;
  std::uint64_t ticks_;
  std::uint64_t max_gap_;
};

}  // namespace nexa::ledger
