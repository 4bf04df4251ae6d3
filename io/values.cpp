#include "io/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "io/characters.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::int64_t second = 1'000'000;
constexpr std::array<Unit, 8> duration_units{{{"d", 86'400 * second},
                                              {"h", 3'600 * second},
                                              {"m", 60 * second},
                                              {"min", 60 * second},
                                              {"s", second},
                                              {"ms", 1'000},
                                              {"us", 1},
                                              {"µs", 1}}};

constexpr std::string_view duration_hint = "write 90s, 15m, 1.5h, 2d or D-HH:MM:SS";
constexpr std::string_view memory_hint = "write 512 MiB, 4 GiB or 1.5 TiB";

core::Error bad(std::string message, std::string_view hint = {}) {
  return {core::ErrorCode::invalid_argument, std::move(message), std::string(hint), {}};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Takes the digits, with at most one point, off the front of `text`.
std::string_view take_number(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && (is_digit(text[length]) || text[length] == '.')) ++length;
  const std::string_view number = text.substr(0, length);
  text.remove_prefix(length);
  return number;
}

/// digits * factor, or nothing if it does not fit.
std::optional<std::int64_t> digits_times(std::string_view digits, std::int64_t factor) {
  std::int64_t value = 0;
  for (const char c : digits) {
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value)) return std::nullopt;
    if (__builtin_add_overflow(value, std::int64_t{c - '0'}, &value)) return std::nullopt;
  }
  if (__builtin_mul_overflow(value, factor, &value)) return std::nullopt;
  return value;
}

enum class ScaleError { not_a_number, too_large, not_exact };
using Scaled = std::pair<std::int64_t, std::optional<ScaleError>>;

/// number * factor exactly, where `number` is decimal text without a sign.
Scaled scale(std::string_view number, std::int64_t factor) {
  const std::size_t point = number.find('.');
  const std::string_view whole = number.substr(0, point);
  std::string_view part = point == std::string_view::npos ? "" : number.substr(point + 1);
  const bool has_point = point != std::string_view::npos;
  if (whole.empty() || (has_point && part.empty()) || part.find('.') != std::string_view::npos) {
    return {0, ScaleError::not_a_number};
  }
  while (part.ends_with('0')) part.remove_suffix(1);
  auto value = digits_times(whole, factor);
  if (!value) return {0, ScaleError::too_large};
  // part / 10^n * factor is whole exactly if what is left of 10^n after reducing it against the
  // factor divides the part.
  if (part.size() > 18) return {0, ScaleError::not_exact};
  std::int64_t denominator = 1;
  for (std::size_t i = 0; i < part.size(); ++i) denominator *= 10;
  const std::int64_t common = std::gcd(denominator, factor);
  const std::int64_t numerator = *digits_times(part, 1);
  if (numerator % (denominator / common) != 0) return {0, ScaleError::not_exact};
  const std::int64_t fraction = numerator / (denominator / common) * (factor / common);
  if (__builtin_add_overflow(*value, fraction, &*value)) return {0, ScaleError::too_large};
  return {*value, std::nullopt};
}

core::Error scale_error(std::string_view text, ScaleError error, std::string_view kind,
                        std::string_view finest, std::string_view hint) {
  switch (error) {
    case ScaleError::too_large:
      return bad(fmt::format("{} is too large", in_quotes(text)));
    case ScaleError::not_exact:
      return bad(fmt::format("{} is not a whole number of {}", in_quotes(text), finest));
    case ScaleError::not_a_number:
      break;
  }
  return bad(fmt::format("{} is not {}", in_quotes(text), kind), hint);
}

const Unit* find_duration_unit(std::string_view name) {
  const auto found = std::find_if(duration_units.begin(), duration_units.end(),
                                  [&](const Unit& unit) { return unit.name == name; });
  return found == duration_units.end() ? nullptr : &*found;
}

/// `1h 30m`: numbers with units, from large to small.
core::Result<core::Duration> parse_with_units(std::string_view text) {
  std::string_view rest = text;
  std::int64_t total = 0;
  std::int64_t last_factor = INT64_MAX;
  while (!rest.empty()) {
    const std::string_view number = take_number(rest);
    rest = trimmed(rest);
    std::size_t length = 0;
    while (length < rest.size() && !is_digit(rest[length]) && rest[length] != ' ') ++length;
    const std::string_view name = rest.substr(0, length);
    rest = trimmed(rest.substr(length));
    if (number.empty()) {
      return bad(fmt::format("{} is not a length of time", in_quotes(text)), duration_hint);
    }
    if (name.empty()) return bad(fmt::format("{} needs a unit", in_quotes(text)), duration_hint);
    const Unit* unit = find_duration_unit(name);
    if (unit == nullptr) {
      return bad(fmt::format("{} has the unknown unit {}", in_quotes(text), in_quotes(name)),
                 duration_hint);
    }
    if (unit->factor >= last_factor) {
      return bad(fmt::format("the units of {} must go from large to small", in_quotes(text)));
    }
    last_factor = unit->factor;
    const auto [value, error] = scale(number, unit->factor);
    if (error) {
      return scale_error(text, *error, "a length of time", "microseconds", duration_hint);
    }
    if (__builtin_add_overflow(total, value, &total)) {
      return scale_error(text, ScaleError::too_large, {}, {}, {});
    }
  }
  return core::Duration{total};
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// `MM:SS`, `HH:MM:SS`, and after a `D-` also `HH` and `HH:MM`. Fields after the first must stay
/// below what the field before counts.
core::Result<core::Duration> parse_slurm(std::string_view text) {
  const auto wrong = [&] {
    return bad(fmt::format("{} is not a length of time", in_quotes(text)), duration_hint);
  };
  const std::size_t dash = text.find('-');
  const bool has_days = dash != std::string_view::npos;
  std::vector<std::string_view> fields = split(has_days ? text.substr(dash + 1) : text, ':');
  if (fields.size() > 3 || (!has_days && fields.size() < 2)) return wrong();
  std::vector<std::int64_t> factors{3'600 * second, 60 * second, second};
  if (!has_days) factors.erase(factors.begin(), factors.end() - static_cast<long>(fields.size()));
  if (has_days) {
    fields.insert(fields.begin(), text.substr(0, dash));
    factors.insert(factors.begin(), 86'400 * second);
  }
  std::int64_t total = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const bool numeric =
        !fields[i].empty() && std::all_of(fields[i].begin(), fields[i].end(), is_digit);
    if (!numeric) return wrong();
    const auto value = digits_times(fields[i], factors[i]);
    if (!value || __builtin_add_overflow(total, *value, &total)) {
      return scale_error(text, ScaleError::too_large, {}, {}, {});
    }
    if (i > 0 && *value >= factors[i - 1]) return wrong();
  }
  return core::Duration{total};
}

/// The KiB that a unit such as `G` or `GiB` stands for; 0 if there is no such unit.
std::int64_t memory_factor(std::string_view name) {
  constexpr std::string_view prefixes = "KMGTP";
  if (name.empty()) return 0;
  const std::size_t power = prefixes.find(name == "k" ? 'K' : name.front());
  const std::string_view suffix = name.substr(1);
  if (power == std::string_view::npos || (!suffix.empty() && suffix != "iB" && suffix != "i")) {
    return 0;
  }
  return std::int64_t{1} << (10 * power);
}

}  // namespace

core::Result<core::Duration> parse_duration(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return bad("a length of time is missing", duration_hint);
  if (text.front() == '-')
    return bad(fmt::format("{} is negative", in_quotes(text)), duration_hint);
  const bool bare =
      std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
  if (bare) return bad(fmt::format("{} needs a unit", in_quotes(text)), duration_hint);
  if (text.find_first_of(":-") != std::string_view::npos) return parse_slurm(text);
  return parse_with_units(text);
}

core::Result<std::uint64_t> parse_memory_kib(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('-'))
    return bad(fmt::format("{} is negative", in_quotes(text)), memory_hint);
  std::string_view rest = text;
  const std::string_view number = take_number(rest);
  const std::string_view name = trimmed(rest);
  if (number.empty()) return bad(fmt::format("{} is not a size", in_quotes(text)), memory_hint);
  if (name.empty()) return bad(fmt::format("{} needs a unit", in_quotes(text)), memory_hint);
  const std::int64_t factor = memory_factor(name);
  if (factor == 0) {
    return bad(fmt::format("{} has the unknown unit {}", in_quotes(text), in_quotes(name)),
               memory_hint);
  }
  const auto [value, error] = scale(number, factor);
  if (error) return scale_error(text, *error, "a size", "KiB", memory_hint);
  return static_cast<std::uint64_t>(value);
}

core::Result<core::Credits> parse_credits(std::string_view text) {
  const auto micro = parse_decimal(text, 6);
  if (!micro) return micro.error();
  return core::Credits::from_micro(*micro);
}

core::Result<std::int64_t> parse_decimal(std::string_view text, int decimals) {
  NEXA_ASSERT(decimals >= 0 && decimals <= 9, "ten to the power of `decimals` fits");
  std::int64_t factor = 1;
  for (int i = 0; i < decimals; ++i) factor *= 10;
  const std::string_view whole_text = trimmed(text);
  std::string_view rest = whole_text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  const std::string_view number = take_number(rest);
  if (!rest.empty()) return bad(fmt::format("{} is not a decimal number", in_quotes(text)));
  if (number.size() > 1 && number[0] == '0' && number[1] != '.') {
    return bad(fmt::format("{} has a leading zero", in_quotes(text)), "leave it out");
  }
  const auto [value, error] = scale(number, factor);
  if (error == ScaleError::not_exact) {
    return bad(fmt::format("{} has more than {} decimals", in_quotes(text), decimals));
  }
  if (error) return scale_error(text, *error, "a decimal number", {}, {});
  return negative ? -value : value;
}

core::Result<std::int64_t> parse_integer(std::string_view text) {
  std::string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) {
    return bad(fmt::format("{} is not a whole number", in_quotes(text)));
  }
  if (digits.size() > 1 && digits.front() == '0') {
    return bad(fmt::format("{} has a leading zero", in_quotes(text)),
               "leave it out; octal numbers are not supported");
  }
  const auto value = digits_times(digits, negative ? -1 : 1);
  if (!value) return bad(fmt::format("{} is too large", in_quotes(text)));
  return *value;
}

std::string decimal_text(std::int64_t scaled, int decimals) {
  const bool negative = scaled < 0;
  std::uint64_t rest =
      negative ? 0 - static_cast<std::uint64_t>(scaled) : static_cast<std::uint64_t>(scaled);
  std::string digits = fmt::format("{:0{}}", rest, decimals + 1);
  const std::size_t whole = digits.size() - static_cast<std::size_t>(decimals);
  std::string part = digits.substr(whole);
  while (part.ends_with('0')) part.pop_back();
  std::string text = negative ? "-" : "";
  text += digits.substr(0, whole);
  if (!part.empty()) text += "." + part;
  return text;
}

std::string to_text(core::Credits credits) {
  std::string text = decimal_text(credits.micro(), 6);
  const std::size_t point = text.find('.');
  std::size_t present = point == std::string::npos ? 0 : text.size() - point - 1;
  if (point == std::string::npos) text += '.';
  for (; present < 6; ++present) text += '0';
  return text;
}

std::string to_text(core::Duration duration) {
  std::int64_t rest = duration.count();
  if (rest < 0) {
    // The lowest value has no positive counterpart; it stands for no length that exists.
    return "-" + to_text(core::Duration{rest == INT64_MIN ? INT64_MAX : -rest});
  }
  constexpr std::array<Unit, 3> parts{
      {{"d", 86'400 * second}, {"h", 3'600 * second}, {"m", 60 * second}}};
  std::string text;
  for (const Unit& unit : parts) {
    const std::int64_t amount = rest / unit.factor;
    rest %= unit.factor;
    if (amount == 0) continue;
    text += fmt::format("{}{}{}", text.empty() ? "" : " ", amount, unit.name);
  }
  if (rest != 0 || text.empty()) {
    text += fmt::format("{}{}s", text.empty() ? "" : " ", decimal_text(rest, 6));
  }
  return text;
}

std::string to_slurm_text(core::Duration duration) {
  const std::int64_t total = std::max<std::int64_t>(duration.count(), 0) / second;
  const std::int64_t days = total / 86'400;
  const std::string clock =
      fmt::format("{:02}:{:02}:{:02}", total / 3'600 % 24, total / 60 % 60, total % 60);
  return days == 0 ? clock : fmt::format("{}-{}", days, clock);
}

std::string memory_text(std::uint64_t kib) {
  constexpr std::array<std::string_view, 5> names{"KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t power = 0;
  while (power + 1 < names.size() && kib != 0 && kib % 1024 == 0) {
    kib /= 1024;
    ++power;
  }
  return fmt::format("{} {}", kib, names[power]);
}

}  // namespace nexa::io
