#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace nexa::core {

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`
/// (optimal string alignment distance).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `typed`, or an empty view where none is near enough to be meant: at
/// most a third of the longer word may differ. Ties go to the earlier candidate.
std::string_view nearest(std::string_view typed, std::span<const std::string_view> candidates);

/// "did you mean 'X'?" for the nearest candidate, otherwise "known: A, B, C".
std::string suggestion(std::string_view typed, std::span<const std::string_view> candidates);

}  // namespace nexa::core
