#include "validator/compare/path_pattern.hpp"

#include <cstdint>
#include <vector>

namespace nexa::validator::compare {

bool matches_path(std::string_view path, std::string_view pattern) {
  // reached[i]: the part of the pattern that was read matches the first i characters of the path.
  // A table instead of recursion, since a hostile pattern would make that exponential.
  std::vector<std::uint8_t> reached(path.size() + 1, 0);
  reached[0] = 1;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '*') {
      const bool across = at + 1 < pattern.size() && pattern[at + 1] == '*';
      if (across) ++at;
      for (std::size_t i = 1; i <= path.size(); ++i) {
        if (reached[i - 1] != 0 && (across || path[i - 1] != '/')) reached[i] = 1;
      }
      continue;
    }
    for (std::size_t i = path.size(); i > 0; --i) {
      reached[i] = reached[i - 1] != 0 && path[i - 1] == pattern[at] ? 1 : 0;
    }
    reached[0] = 0;
  }
  return reached[path.size()] != 0;
}

}  // namespace nexa::validator::compare
