#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "io/checkpoint.hpp"

namespace nexa::io {

/// The proof that one line is in a journal: its index, the path up the tree, and the checkpoint
/// whose root the path leads to. Source: c2sp.org/tlog-proof@v1; files end in `.tlog-proof`.
struct Receipt {
  std::optional<std::vector<std::uint8_t>> extra;  ///< data for other programs, proven by nothing
  std::uint64_t index = 0;
  std::vector<core::Digest> path;
  SignedCheckpoint checkpoint;
};

std::string to_text(const Receipt& receipt);

/// Reads a receipt; nothing has been verified then. Errors (`corrupt`) carry the line.
core::Result<Receipt> parse_receipt(std::string_view bytes, const std::string& file);
core::Result<Receipt> read_receipt(const std::string& path);

/// Whether the receipt's path leads from the line, given without its line break, to the root of the
/// receipt's checkpoint. The signatures of that are checked by `verify_note`.
bool proves(const Receipt& receipt, std::string_view line);

}  // namespace nexa::io
