#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "io/attest/dsse.hpp"

namespace nexa::io {

/// What a bundle may ask of its reader.
inline constexpr std::size_t most_bundle_bytes = std::size_t{64} << 20;
inline constexpr std::size_t most_bundle_lines = 1024;

/// A line of a bundle: an envelope, or what is wrong with it.
struct BundleLine {
  int number = 0;  ///< from 1
  core::Result<Envelope> envelope;
};

/// Reads a bundle, `<job>.intoto.jsonl`: one envelope per line. Nothing says that a bundle is
/// complete; that is for the ledger to show. A line that is no envelope is kept as an error, so
/// that all of them can be told at once. Errors: `corrupt` for a bundle without lines,
/// `limit_exceeded`.
core::Result<std::vector<BundleLine>> parse_bundle(std::string_view text, const std::string& file);

/// The same from a file. Errors: also `not_found`, `io`.
core::Result<std::vector<BundleLine>> read_bundle(const std::string& path);

}  // namespace nexa::io
