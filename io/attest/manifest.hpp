#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "io/attest/statement.hpp"

namespace nexa::io {

/// The file of an archive that lists the others, as `sha256sum` writes and checks it.
inline constexpr std::string_view manifest_name = "SHA256SUMS";

/// One line per file, in the given order: the digest, two blanks, the name. A name with a backslash
/// is escaped as `sha256sum` does it.
std::string manifest_text(const std::vector<OutputFile>& files);

/// Reads such a list. Errors (`corrupt`) carry the line: no digest, a name that leads out of the
/// folder, a name that stands twice, more than a million lines.
core::Result<std::vector<OutputFile>> parse_manifest(std::string_view text,
                                                     const std::string& file);

}  // namespace nexa::io
