#include "ledger/amount.hpp"

#include <algorithm>

namespace nexa::ledger {

std::string to_decimal(Amount amount) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(amount % 10));
    amount /= 10;
  } while (amount != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::optional<Amount> parse_amount(std::string_view digits) {
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  Amount amount = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    if (__builtin_mul_overflow(amount, Amount{10}, &amount)) return std::nullopt;
    if (__builtin_add_overflow(amount, static_cast<Amount>(digit - '0'), &amount)) {
      return std::nullopt;
    }
  }
  return amount;
}

std::string to_hex(Amount id) {
  std::string digits;
  do {
    for (int i = 0; i < 2; ++i) {
      digits += "0123456789abcdef"[static_cast<std::size_t>(id & 15)];
      id >>= 4;
    }
  } while (id != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::optional<Amount> parse_hex(std::string_view digits) {
  if (digits.empty() || digits.size() > 32) return std::nullopt;
  Amount id = 0;
  for (const char digit : digits) {
    const bool decimal = digit >= '0' && digit <= '9';
    if (!decimal && (digit < 'a' || digit > 'f')) return std::nullopt;
    id = id << 4 | static_cast<Amount>(decimal ? digit - '0' : digit - 'a' + 10);
  }
  return id;
}

std::string to_decimal(const Balance& balance) {
  return (balance.negative ? "-" : "") + to_decimal(balance.magnitude);
}

}  // namespace nexa::ledger
