#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace nexa::core {

/// The integers `first` to `last`, both included.
struct Interval {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  friend constexpr auto operator<=>(const Interval&, const Interval&) = default;
  [[nodiscard]] constexpr std::uint32_t size() const { return last - first + 1; }
};

/// Sorts and merges overlapping or adjacent intervals, which makes the form canonical: two equal
/// sets have equal intervals.
void canonicalise(std::vector<Interval>& intervals);

/// The number of integers in a canonical set.
std::uint64_t cardinality(std::span<const Interval> intervals);

/// Batsim's text form, e.g. `1-3 5`. The empty set prints as nothing.
std::string to_text(std::span<const Interval> intervals);

/// Appends what `to_text` gives.
void append_text(std::string& out, std::span<const Interval> intervals);

/// Reads the text form; accepts any order and overlaps, and gives the canonical set.
Result<std::vector<Interval>> parse_interval_set(std::string_view text);

}  // namespace nexa::core
