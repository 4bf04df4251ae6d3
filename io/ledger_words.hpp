#pragma once

#include <array>
#include <string_view>

/// The words of a journal's lines that both its writer and its reader need.
namespace nexa::io::ledger_words {

inline constexpr std::string_view genesis = "genesis";
inline constexpr std::string_view account_open = "account.open";
inline constexpr std::string_view account_close = "account.close";
inline constexpr std::string_view transfer_failed = "transfer.failed";
inline constexpr std::string_view pending_expired = "pending.expired";

/// Members that stand in front of every line, which a note must not repeat.
inline constexpr std::array<std::string_view, 5> common_members{"v", "seq", "prev", "t_us", "type"};

}  // namespace nexa::io::ledger_words
