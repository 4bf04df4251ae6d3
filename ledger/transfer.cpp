#include "ledger/transfer.hpp"

#include <array>
#include <cstddef>

namespace nexa::ledger {

namespace {

// In the order of the enumerations.
constexpr std::array<std::string_view, 6> transfer_kind_names{
    "transfer", "pending", "post", "void", "post_group", "void_group"};
constexpr std::array<std::string_view, 20> reason_names{
    "grant",       "escrow",    "settle",  "reward",  "fee",     "refund", "vest",
    "unvest",      "claw_back", "stake",   "unstake", "slash",   "bounty", "sponsor",
    "arbitration", "bond",      "dispute", "stream",  "correct", "burn"};
constexpr std::array<std::string_view, 4> state_names{"open", "posted", "voided", "expired"};

static_assert(transfer_kind_names.size() == static_cast<std::size_t>(TransferKind::void_group) + 1);
static_assert(reason_names.size() == static_cast<std::size_t>(Reason::burn) + 1);
static_assert(state_names.size() == static_cast<std::size_t>(PendingState::expired) + 1);

template <class Names, class Value>
std::string_view name_in(const Names& names, Value value) {
  const auto at = static_cast<std::size_t>(value);
  return at < names.size() ? names[at] : std::string_view("unknown");
}

template <class Value, class Names>
std::optional<Value> value_in(const Names& names, std::string_view word) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == word) return static_cast<Value>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(TransferKind kind) {
  return name_in(transfer_kind_names, kind);
}
std::optional<TransferKind> transfer_kind_of(std::string_view word) {
  return value_in<TransferKind>(transfer_kind_names, word);
}
std::string_view name(Reason reason) {
  return name_in(reason_names, reason);
}
std::optional<Reason> reason_of(std::string_view word) {
  return value_in<Reason>(reason_names, word);
}
std::string_view name(PendingState state) {
  return name_in(state_names, state);
}

}  // namespace nexa::ledger
