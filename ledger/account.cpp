#include "ledger/account.hpp"

#include <algorithm>
#include <array>

#include "core/suggest.hpp"

namespace nexa::ledger {

namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 12> account_kind_names{
    "op",    "user", "org",    "escrow",  "node",  "vest",
    "stake", "fee",  "bounty", "sponsor", "slash", "arb"};
static_assert(account_kind_names.size() == static_cast<std::size_t>(AccountKind::arb) + 1);

constexpr std::array<std::string_view, 2> op_names{"mint", "burn"};

constexpr bool is_allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-+/@").find(c) != std::string_view::npos;
}

core::Error refuse(std::string_view text, std::string_view what, std::string hint) {
  return {core::ErrorCode::invalid_argument,
          "account '" + std::string(text) + "' " + std::string(what),
          std::move(hint),
          {}};
}

// FNV-1a (Fowler, Noll, Vo), and a last multiplication that brings its high bits down.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  hash ^= hash >> 32;
  hash *= 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 32);
}

}  // namespace

std::string_view name(AccountKind kind) {
  return account_kind_names[static_cast<std::size_t>(kind)];
}

core::Result<AccountName> parse_account_name(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return refuse(text, "has no kind", "write kind:name, for example user:alice");
  }
  const std::string_view word = text.substr(0, colon);
  const std::string_view rest = text.substr(colon + 1);
  const auto* const kind = std::find(account_kind_names.begin(), account_kind_names.end(), word);
  if (kind == account_kind_names.end()) {
    return refuse(text, "has the unknown kind '" + std::string(word) + "'",
                  core::suggestion(word, account_kind_names));
  }
  if (rest.empty()) return refuse(text, "has no name", "write it behind the colon");
  if (rest.size() > longest_account_name) {
    return refuse(text, "has a name of " + std::to_string(rest.size()) + " bytes",
                  "at most " + std::to_string(longest_account_name) + " are allowed");
  }
  if (const auto* const bad = std::find_if_not(rest.begin(), rest.end(), is_allowed);
      bad != rest.end()) {
    return refuse(text,
                  "has a character that is not allowed, the " +
                      std::to_string(bad - text.begin() + 1) + ". byte",
                  "a name has letters, digits and . _ - + / @");
  }
  const auto found = static_cast<AccountKind>(kind - account_kind_names.begin());
  if (found == AccountKind::op &&
      std::find(op_names.begin(), op_names.end(), rest) == op_names.end()) {
    return refuse(text, "does not exist", core::suggestion(rest, op_names));
  }
  return AccountName{found, rest};
}

std::optional<AccountId> AccountNames::find(std::string_view name) const {
  const std::uint32_t place =
      places_.find(hash_of(name), [&](std::uint32_t at) { return names_[at] == name; });
  if (place == SlotTable::none) return std::nullopt;
  return AccountId{place + 1};
}

AccountId AccountNames::add(std::string_view name) {
  NEXA_ASSERT(!find(name).has_value(), "an account is added once");
  places_.reserve(names_.size() + 1, [&](std::uint32_t at) { return hash_of(names_[at]); });
  places_.add(hash_of(name));
  names_.emplace_back(name);
  return AccountId{size()};
}

}  // namespace nexa::ledger
