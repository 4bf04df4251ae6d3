#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "io/attest/check.hpp"
#include "io/attest/statement.hpp"

namespace nexa::io {

/// How a bundle's name ends.
inline constexpr std::string_view bundle_suffix = ".intoto.jsonl";

/// What an archive of a result holds: the files that were attested, the bundle, and the list
/// `SHA256SUMS` of all files but itself.
struct Archive {
  std::string path;
  std::vector<OutputFile> files;        ///< all of them
  std::optional<std::string> manifest;  ///< the text of SHA256SUMS
  std::string bundle_name;              ///< empty where there is no bundle
  std::string bundle;                   ///< its text
};

/// Reads a folder, or an archive of tar (packed with gzip or not) without writing to disk.
///
/// Errors: `not_found`, `io`, `corrupt`; `unsupported` for links and devices; `conflict` for a name
/// that stands twice or a second bundle. O(bytes).
core::Result<Archive> read_archive(const std::string& path);

/// Adds to the report what does not hold (`archive`): the list names exactly the files that are
/// there, with their digests; the bundle has the given digest; the files that were attested are all
/// there as they were attested.
void check_archive(const Archive& archive, const core::Digest& bundle, BundleReport& report);

/// Writes a folder with its bundle as a tar archive, with a new SHA256SUMS before the other files,
/// which are in the order of their names. The same files give the same bytes.
///
/// Errors: those of `read_archive`; `invalid_argument` where the folder has no bundle, or would
/// contain the archive; `conflict` for a file that changed meanwhile; `io`.
core::Result<void> write_archive(const std::string& folder, const std::string& path);

}  // namespace nexa::io
