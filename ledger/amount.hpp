#pragma once

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

}  // namespace nexa::ledger
