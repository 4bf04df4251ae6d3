#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/result.hpp"
#include "io/byte_source.hpp"
#include "io/receipt.hpp"
#include "ledger/ledger.hpp"
#include "ledger/merkle.hpp"

namespace nexa::io {

/// What a journal must be for `quick_check` to be done with it.
struct QuickExpectations {
  std::span<const ledger::TreeHead> trees;   ///< by size, all of which it must have
  std::span<const Receipt* const> receipts;  ///< by index, all of which it must fulfil
};

/// A journal in which everything holds.
struct SoundJournal {
  std::string origin;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::uint64_t torn_bytes = 0;
  ledger::TreeHead tree;
};

/// Checks all that `LedgerWalk` does, with the hashes in a thread of their own, which is about
/// twice as fast. It only answers whether everything holds: empty means that something does not, or
/// looks odd, and a slower look will say what. `books` is as for `LedgerWalk`, and of no use after
/// an empty answer. Errors: those of the source.
core::Result<std::optional<SoundJournal>> quick_check(ByteSource& source,
                                                      const QuickExpectations& expected,
                                                      ledger::Ledger* books);

}  // namespace nexa::io
