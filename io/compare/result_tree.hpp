#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/result.hpp"

namespace nexa::io::compare {

enum class EntryKind : std::uint8_t { file, folder, link, other };

/// `a file`, `a folder`, `a symbolic link`, `something that is no file`.
const char* to_string(EntryKind kind);

/// What is at a path; links are followed. Errors: `not_found`, `io`.
core::Result<EntryKind> kind_of(const std::string& path);

/// Everything below a folder, by the path from there. Links are listed and not followed. Errors:
/// `io`; `limit_exceeded` beyond a million entries.
core::Result<std::map<std::string, EntryKind>> list_tree(const std::string& folder);

/// Where a symbolic link leads, as it stands in the folder. Errors: `io`.
core::Result<std::string> link_target(const std::string& path);

}  // namespace nexa::io::compare
