#pragma once

#include <string_view>

namespace nexa::validator::compare {

/// Whether a path such as `/fields/u` matches a pattern: `*` stands for any characters of one name,
/// `**` for any characters, slashes included; all others stand for themselves. O(path * pattern).
bool matches_path(std::string_view path, std::string_view pattern);

}  // namespace nexa::validator::compare
