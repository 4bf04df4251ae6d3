#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy_fields.hpp"
#include "core/result.hpp"
#include "ledger/amount.hpp"

namespace nexa::ledger {

/// Prices and usage have six decimal digits and are kept as integers of millionths. Whoever
/// verifies a price gets the same integers from the same texts, on any machine.
inline constexpr std::int64_t fixed_one = 1'000'000;

/// Reads `12`, `0.25` or `3.000001` exactly, as millionths. Errors: `invalid_argument` for a sign,
/// an exponent, more than six digits after the point, or a number from 2^63 millionths on. Nothing
/// is ever rounded.
core::Result<std::int64_t> parse_fixed(std::string_view text);

/// The shortest text that `parse_fixed` reads back; `value` is not negative.
std::string fixed_text(std::int64_t value);

/// The millionths nearest to the real number that `value` stands for; a tie goes to the even one.
/// The number is taken exactly, bit by bit, so no rounding mode, library or compiler matters.
/// Golem's linear model asks for such a rule, so that both parties to a price find the same one,
/// and chooses 15 significant digits; six places after the point make sums exact as well.
/// Source: golem-architecture, standards/3-commercial/com/pricing/linear-model.md, "Price
/// calculation specification". Errors: `invalid_argument` for what is negative, not finite or not
/// below 2^63 millionths.
core::Result<std::int64_t> fixed_from_double(double value);

/// floor(a b / c), for products that fit into 128 bits; those that do not, and a `c` of zero, are
/// broken invariants.
Amount multiply_divide(Amount a, Amount b, Amount c);

/// A parameter with six decimal digits.
struct Decimal {
  static constexpr core::FieldKind field_kind = core::FieldKind::real;
  std::int64_t millionths = 0;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};
core::Result<void> read_value(std::string_view text, const core::FieldInfo& info, Decimal& out);
std::string to_text(const Decimal& value);

/// A parameter with one integer for each of several things, `100/400/200`. The last one stands for
/// all that follow.
struct IntegerList {
  static constexpr core::FieldKind field_kind = core::FieldKind::list;
  std::vector<std::int64_t> values;

  [[nodiscard]] std::int64_t at(std::size_t index) const {
    return values[index < values.size() ? index : values.size() - 1];
  }
  friend bool operator==(const IntegerList&, const IntegerList&) = default;
};
core::Result<void> read_value(std::string_view text, const core::FieldInfo& info, IntegerList& out);
std::string to_text(const IntegerList& value);

}  // namespace nexa::ledger
