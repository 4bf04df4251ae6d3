#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "io/note.hpp"
#include "ledger/merkle.hpp"

namespace nexa::io {

/// What a log states about itself in a signed note. Source: c2sp.org/tlog-checkpoint.
struct Checkpoint {
  std::string origin;                   ///< the log's name, as in the journal's first line
  ledger::TreeHead tree;                ///< number of lines, and the root above them
  std::vector<std::string> extensions;  ///< lines that other programs may understand
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// The text of the note: origin, size and root in base64, then extension lines.
std::string to_text(const Checkpoint& checkpoint);

/// Reads the text of a note. Errors (`corrupt`) carry the line.
core::Result<Checkpoint> parse_checkpoint(std::string_view text, const std::string& file);

/// A checkpoint with its signatures, as it is kept in files.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;
};

/// Reads the bytes of a note, and its text. Nothing has been verified then. Errors: as `parse_note`
/// and `parse_checkpoint`.
core::Result<SignedCheckpoint> parse_signed_checkpoint(std::string_view bytes,
                                                       const std::string& file);
/// The same for a file, of which no more is read than a note may have.
core::Result<SignedCheckpoint> read_signed_checkpoint(const std::string& path);

/// A number as notes and receipts write it: decimal digits without leading zeros, below 2^63.
std::optional<std::uint64_t> parse_tree_size(std::string_view digits);

/// 32 bytes in base64.
std::optional<core::Digest> parse_digest_base64(std::string_view text);

}  // namespace nexa::io
