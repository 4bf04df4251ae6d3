#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nexa::ledger {

/// Micro-credits that an account or a transfer holds. Twice the width of `core::Credits`, so that
/// sums over a ledger's life cannot overflow by honest use; where they could, the ledger answers
/// with an error code.
__extension__ using Amount = unsigned __int128;

/// Decimal digits, as amounts are written in the journal.
std::string to_decimal(Amount amount);

/// The inverse of `to_decimal`: digits without sign or leading zeros. Empty if the text is no such
/// number or does not fit.
std::optional<Amount> parse_amount(std::string_view digits);

/// An even number of lower-case hexadecimal digits, at least two, without further leading zeros:
/// how the journal and messages write the ids of transfers and groups ("01", "0abc").
std::string to_hex(Amount id);

/// The inverse of `to_hex`; leading zeros are allowed, capital letters are not. Empty if the text
/// is empty, longer than 32 digits or has another character.
std::optional<Amount> parse_hex(std::string_view digits);

/// What an account has (credits less debits), or owes. Zero is never negative.
struct Balance {
  Amount magnitude = 0;
  bool negative = false;

  friend constexpr bool operator==(const Balance&, const Balance&) = default;
};

constexpr Balance balance_of(Amount credits, Amount debits) {
  return credits >= debits ? Balance{credits - debits, false} : Balance{debits - credits, true};
}

/// Decimal digits, with a minus sign where it is negative.
std::string to_decimal(const Balance& balance);

}  // namespace nexa::ledger
