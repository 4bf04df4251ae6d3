#include "io/rfc3339.hpp"

#include <fmt/format.h>

#include <chrono>

#include "core/assert.hpp"

namespace nexa::io {
namespace {

constexpr std::int64_t us_per_second = 1'000'000;

/// Reads exactly so many digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

/// Microseconds behind the point, of one to six digits; zero where there is no point.
std::optional<int> take_fraction(std::string_view& text) {
  if (!take(text, ".")) return 0;
  int value = 0;
  int digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (++digits > 6) return std::nullopt;
    value = value * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 6; ++digits) value *= 10;
  return value;
}

}  // namespace

std::string utc_text(core::Time time) {
  const core::Duration since_epoch = time.time_since_epoch();
  const auto days = std::chrono::floor<std::chrono::days>(since_epoch);
  const std::chrono::year_month_day date{std::chrono::sys_days{days}};
  const int year = static_cast<int>(date.year());
  NEXA_ASSERT(year >= 0 && year <= 9999, "RFC 3339 has years of four digits");
  const std::int64_t in_day = (since_epoch - days).count();
  const std::int64_t second = in_day / us_per_second;
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", year, static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), second / 3600, second / 60 % 60, second % 60);
  if (in_day % us_per_second != 0) text += fmt::format(".{:06}", in_day % us_per_second);
  return text + 'Z';
}

std::optional<core::Time> parse_utc(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !(take(text, "T") || take(text, "t"))) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take(text, ":")) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction || !(text == "Z" || text == "z" || text == "+00:00")) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const core::Duration days = std::chrono::sys_days{date}.time_since_epoch();
  return core::Time{days + core::seconds(*hour * 3600 + *minute * 60 + *second) +
                    core::Duration{*fraction}};
}

}  // namespace nexa::io
