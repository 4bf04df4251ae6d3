#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "io/ledger_walk.hpp"

namespace nexa::io {

/// What was done to a journal.
enum class Tampering : std::uint8_t {
  malformed,  ///< the entry is no line of a journal
  changed,    ///< the entry has other bytes than it had
  inserted,   ///< the entry was put in
  missing,    ///< entries were left out before the one that stands here
  moved,      ///< the entry stands in another place than it did
  forbidden,  ///< the books forbid the entry, and nothing shows that it was changed
  rewritten,  ///< all entries from some place on were written anew, each naming the one before it
  truncated,  ///< entries are missing at the end
  unproven,   ///< a receipt does not belong to the entry, though the journal is as it was signed
};

std::string_view name(Tampering tampering);

/// One place where a journal is not what it was.
struct LedgerFinding {
  Tampering tampering{};
  std::uint64_t entry = 0;  ///< counted from zero, as `seq`; its line is one more
  core::SourcePos where;
  std::string message;   ///< one sentence without a full stop
  std::string expected;  ///< a hash, a number, or nothing
  std::string found;
};

/// The lines around the first that is wrong.
struct Surroundings {
  std::uint64_t entry = 0;  ///< of the wrong line
  core::Digest head;        ///< the leaf hash of the line before it
  std::string before;       ///< that line, if `entry` is not zero
  std::string line;
  std::vector<std::string> after;  ///< two more, if there are
  bool before_is_certain = false;  ///< a checkpoint vouches for all lines before
};

/// Says which of the lines was tampered with, and how. A line is bound to the one before it by
/// `prev` and to its place by `seq`, so the lines behind tell a line that was changed from one that
/// shows the change of another. With no line behind, and nobody to vouch for the one before, both
/// are named.
LedgerFinding diagnose(const WrongLine& wrong, const Surroundings& lines);

}  // namespace nexa::io
