#include "ledger/payword.hpp"

#include <algorithm>
#include <string_view>

#include "core/assert.hpp"

namespace nexa::ledger {
namespace {

using core::Digest;
using core::ErrorCode;

// The terminating zero is part of the prefix.
constexpr std::string_view prefix{"nexapod/tick/v1", sizeof("nexapod/tick/v1")};

/// The smallest number whose square is at least `square`, and at least one.
std::uint64_t root_of(std::uint64_t square) {
  std::uint64_t low = 1;
  std::uint64_t high = std::uint64_t{1} << 32;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    // Divided, because the square of 2^32 does not fit.
    if (middle >= (square + middle - 1) / middle) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

Digest payword_before(core::Sha256 sha256, const Digest& word) {
  return core::hash(sha256, {core::bytes_of(prefix), word.bytes});
}

PayWordChain::PayWordChain(core::Sha256 sha256, const Digest& last, std::uint64_t ticks)
    : sha256_(sha256), ticks_(ticks), stride_(root_of(ticks)), last_(last) {
  Digest word = last;
  for (std::uint64_t n = ticks; n > 0; --n) {
    if (n % stride_ == 0) kept_.push_back(word);
    word = payword_before(sha256_, word);
  }
  kept_.push_back(word);
  std::reverse(kept_.begin(), kept_.end());
}

Digest PayWordChain::word(std::uint64_t n) const {
  NEXA_ASSERT(n <= ticks_, "a chain has no word beyond its last tick");
  const std::uint64_t slot = (n + stride_ - 1) / stride_;
  const bool is_kept = slot < kept_.size();
  std::uint64_t at = is_kept ? slot * stride_ : ticks_;
  Digest word = is_kept ? kept_[slot] : last_;
  for (; at > n; --at) word = payword_before(sha256_, word);
  return word;
}

PayWordMeter::PayWordMeter(core::Sha256 sha256, const Digest& anchor, std::uint64_t ticks,
                           std::uint64_t max_gap)
    : sha256_(sha256), word_(anchor), ticks_(ticks), max_gap_(max_gap) {}

core::Result<std::uint64_t> PayWordMeter::accept(std::uint64_t n, const Digest& word) {
  if (n < known_) {
    return core::make_error(
        ErrorCode::conflict,
        "tick " + std::to_string(n) + " comes after tick " + std::to_string(known_),
        "the later word pays for all ticks before it");
  }
  if (n > ticks_) {
    return core::make_error(ErrorCode::limit_exceeded,
                            "tick " + std::to_string(n) + " is beyond the chain",
                            "the stream was opened for " + std::to_string(ticks_) + " ticks");
  }
  const std::uint64_t gap = n - known_;
  if (gap > max_gap_) {
    return core::make_error(ErrorCode::limit_exceeded,
                            "tick " + std::to_string(n) + " is " + std::to_string(gap) +
                                " ticks after the last one known",
                            "at most " + std::to_string(max_gap_) + " are accepted at once");
  }
  Digest at = word;
  for (std::uint64_t i = 0; i < gap; ++i) at = payword_before(sha256_, at);
  if (at != word_) {
    return core::make_error(ErrorCode::refused,
                            "the word of tick " + std::to_string(n) +
                                " does not lead to the word of tick " + std::to_string(known_),
                            "it is of another stream, or was made up");
  }
  known_ = n;
  word_ = word;
  return gap;
}

}  // namespace nexa::ledger
