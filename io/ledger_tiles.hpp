#pragma once

#include <cstdint>
#include <string>

#include "core/result.hpp"
#include "io/checkpoint.hpp"

namespace nexa::io {

/// Where a tile lies below its level: three digits at a time, all but the last with an `x` in
/// front, and `.p/<width>` for one that is not full. 1234067 is `x001/x234/067`. Source:
/// c2sp.org/tlog-tiles.
std::string tile_name(std::uint64_t index, std::uint64_t width);

/// What was written.
struct TileExport {
  std::uint64_t entries = 0;
  std::uint64_t files = 0;
};

/// Writes the entries that a checkpoint covers as static files that any client of a log can use:
/// `checkpoint`, `tile/<level>/<n>` with 256 hashes each, `tile/entries/<n>` with the lines. The
/// folder is made where it is missing; full tiles of an earlier export are written again with the
/// same bytes.
///
/// One pass and bounded memory. Errors: `conflict` where the journal does not have the checkpoint's
/// root, in which case no checkpoint is written; those of reading and writing.
core::Result<TileExport> export_tiles(const std::string& journal, const std::string& folder,
                                      const SignedCheckpoint& checkpoint);

}  // namespace nexa::io
