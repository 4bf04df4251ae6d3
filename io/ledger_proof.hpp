#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "io/checkpoint.hpp"
#include "io/receipt.hpp"
#include "io/witness.hpp"

namespace nexa::io {

/// The receipt for an entry of a journal under a checkpoint, and the entry. One pass over the lines
/// that the checkpoint covers, which are not parsed: that they have the checkpoint's root says
/// enough. Whether the checkpoint's signatures hold is for others to check.
///
/// Errors: `invalid_argument` for an entry that the checkpoint does not cover; `conflict` where the
/// journal's lines do not have the checkpoint's root; those of reading the file.
struct ProvenEntry {
  std::string line;
  Receipt receipt;
};
core::Result<ProvenEntry> prove_entry(const std::string& journal, std::uint64_t index,
                                      SignedCheckpoint checkpoint);

/// What convinces a witness that a checkpoint continues the one of `old_size` entries. Errors: as
/// above, `invalid_argument` for an old size above that of the checkpoint.
core::Result<WitnessRequest> prove_continuation(const std::string& journal, std::uint64_t old_size,
                                                SignedCheckpoint checkpoint);

}  // namespace nexa::io
