#include "core/interval_set.hpp"

#include <algorithm>
#include <charconv>

namespace nexa::core {
namespace {

void append_number(std::string& out, std::uint32_t number) {
  char digits[10];
  const auto [end, status] = std::to_chars(std::begin(digits), std::end(digits), number);
  out.append(digits, end);
}

Error malformed(std::string_view text) {
  return Error{.code = ErrorCode::invalid_argument,
               .message = "malformed interval set '" + std::string(text) + "'",
               .hint = "write numbers and ranges separated by spaces, such as '1-3 5'",
               .where = {}};
}

}  // namespace

void canonicalise(std::vector<Interval>& intervals) {
  if (intervals.empty()) return;
  std::sort(intervals.begin(), intervals.end());
  std::size_t kept = 0;
  for (std::size_t i = 1; i < intervals.size(); ++i) {
    const bool touches =
        intervals[kept].last == UINT32_MAX || intervals[i].first <= intervals[kept].last + 1;
    if (touches) {
      intervals[kept].last = std::max(intervals[kept].last, intervals[i].last);
    } else {
      intervals[++kept] = intervals[i];
    }
  }
  intervals.resize(kept + 1);
}

std::uint64_t cardinality(std::span<const Interval> intervals) {
  std::uint64_t total = 0;
  for (const Interval& interval : intervals) total += interval.size();
  return total;
}

void append_text(std::string& out, std::span<const Interval> intervals) {
  bool first = true;
  for (const Interval& interval : intervals) {
    if (!first) out += ' ';
    first = false;
    append_number(out, interval.first);
    if (interval.last == interval.first) continue;
    out += '-';
    append_number(out, interval.last);
  }
}

std::string to_text(std::span<const Interval> intervals) {
  std::string out;
  append_text(out, intervals);
  return out;
}

Result<std::vector<Interval>> parse_interval_set(std::string_view text) {
  std::vector<Interval> intervals;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (*at == ' ') {
      ++at;
      continue;
    }
    Interval interval;
    auto parsed = std::from_chars(at, end, interval.first);
    if (parsed.ec != std::errc{}) return malformed(text);
    interval.last = interval.first;
    if (parsed.ptr != end && *parsed.ptr == '-') {
      parsed = std::from_chars(parsed.ptr + 1, end, interval.last);
      if (parsed.ec != std::errc{} || interval.last < interval.first) return malformed(text);
    }
    at = parsed.ptr;
    if (at != end && *at != ' ') return malformed(text);
    intervals.push_back(interval);
  }
  canonicalise(intervals);
  return intervals;
}

}  // namespace nexa::core
