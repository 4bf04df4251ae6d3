#include "ledger/fixed_point.hpp"

#include <charconv>
#include <cmath>

#include "core/policy_component.hpp"

namespace nexa::ledger {
namespace {

constexpr int decimal_places = 6;

core::Error no_fixed(std::string_view text) {
  return {.code = core::ErrorCode::invalid_argument,
          .message = "'" + std::string(text) + "' is no amount",
          .hint = "write digits, with at most six after the point, and no sign or exponent",
          .where = {}};
}

bool add_digit(std::int64_t& value, char digit) {
  return digit >= '0' && digit <= '9' && !__builtin_mul_overflow(value, 10, &value) &&
         !__builtin_add_overflow(value, digit - '0', &value);
}

}  // namespace

core::Result<std::int64_t> parse_fixed(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  const bool dangling = point < text.size() && fraction.empty();
  if (whole.empty() || dangling || fraction.size() > decimal_places) return no_fixed(text);
  std::int64_t value = 0;
  for (const char digit : whole) {
    if (!add_digit(value, digit)) return no_fixed(text);
  }
  for (std::size_t place = 0; place < decimal_places; ++place) {
    if (!add_digit(value, place < fraction.size() ? fraction[place] : '0')) return no_fixed(text);
  }
  return value;
}

std::string fixed_text(std::int64_t value) {
  NEXA_ASSERT(value >= 0, "amounts are not negative");
  std::string text = std::to_string(value / fixed_one);
  const std::int64_t fraction = value % fixed_one;
  if (fraction == 0) return text;
  std::string digits = std::to_string(fixed_one + fraction).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + '.' + digits;
}

core::Result<std::int64_t> fixed_from_double(double value) {
  // 2^63 millionths are 9.2e12; the comparison is false for what is not a number.
  if (!(value >= 0 && value < 9.2e12)) {
    return core::Error{.code = core::ErrorCode::invalid_argument,
                       .message = "a usage of " + core::to_text(value),
                       .hint = "usage is a number from 0 to 9.2e12",
                       .where = {}};
  }
  int exponent = 0;
  const double mantissa = std::frexp(value, &exponent);
  // 53 bits, then 73 with the factor: value = bits 2^(exponent - 53) exactly.
  const auto bits = static_cast<std::uint64_t>(std::ldexp(mantissa, 53));
  const Amount scaled = Amount{bits} * static_cast<Amount>(fixed_one);
  const int shift = 53 - exponent;  // at least 9, since value < 2^44
  if (shift >= 128) return std::int64_t{0};
  const Amount quotient = scaled >> shift;
  const Amount rest = scaled - (quotient << shift);
  const Amount half = Amount{1} << (shift - 1);
  const bool up = rest > half || (rest == half && quotient % 2 == 1);
  return static_cast<std::int64_t>(quotient + (up ? 1 : 0));
}

Amount multiply_divide(Amount a, Amount b, Amount c) {
  Amount product = 0;
  NEXA_ASSERT(c != 0, "a divisor is not zero");
  NEXA_ASSERT(!__builtin_mul_overflow(a, b, &product), "a product fits into 128 bits");
  return product / c;
}

core::Result<void> read_value(std::string_view text, const core::FieldInfo& info, Decimal& out) {
  const auto value = parse_fixed(text);
  const auto in_range = [&](std::int64_t millionths) {
    const double number = static_cast<double>(millionths) / static_cast<double>(fixed_one);
    return number >= info.minimum && number <= info.maximum;
  };
  if (!value || !in_range(*value)) {
    return core::bad_value(
        info, text,
        core::range_of_numbers(info, "a number with at most six digits after the point"));
  }
  out.millionths = *value;
  return {};
}

std::string to_text(const Decimal& value) {
  return fixed_text(value.millionths);
}

core::Result<void> read_value(std::string_view text, const core::FieldInfo& info,
                              IntegerList& out) {
  std::vector<std::int64_t> values;
  for (const std::string_view part : core::split(text, '/')) {
    std::int64_t value = 0;
    if (!core::read_value(part, info, value)) {
      return core::bad_value(info, text,
                             core::range_of_numbers(info, "integers joined by '/', each"));
    }
    values.push_back(value);
  }
  out.values = std::move(values);
  return {};
}

std::string to_text(const IntegerList& value) {
  std::string text;
  for (const std::int64_t each : value.values) {
    text += (text.empty() ? "" : "/") + std::to_string(each);
  }
  return text;
}

}  // namespace nexa::ledger
