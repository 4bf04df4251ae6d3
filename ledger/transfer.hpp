#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "ledger/amount.hpp"

namespace nexa::ledger {

/// An account, numbered from 1 by the ledger in the order in which accounts were opened; zero
/// names none. Its name is `kind:name`, see `ledger/account.hpp`.
using AccountId = core::Id<struct AccountTag>;

/// Chosen by whoever asks for a transfer, and the key of its idempotency: the same id again is the
/// same transfer. Written as hexadecimal digits in the journal. Zero names none.
using TransferId = core::Id<struct TransferTag, Amount>;

/// Names transfers that are posted or voided together. Zero: none.
using GroupId = core::Id<struct GroupTag, Amount>;

/// Source of the two-phase model: TigerBeetle, docs/coding/two-phase-transfers.md.
enum class TransferKind : std::uint8_t {
  transfer,  ///< moves the amount at once
  pending,   ///< reserves the amount on both accounts until it is posted, voided or expires
  post,      ///< moves at most what a pending transfer reserved, and releases the rest
  // NOLINTNEXTLINE(readability-identifier-naming): void is a keyword.
  void_,       ///< releases what a pending transfer reserved
  post_group,  ///< posts every open pending transfer of a group, in full, or none of them
  void_group,  ///< voids every open pending transfer of a group, or none of them
};

/// The word of the journal: `transfer`, `pending`, `post`, `void`, `post_group`, `void_group`.
std::string_view name(TransferKind kind);
std::optional<TransferKind> transfer_kind_of(std::string_view word);

/// What a transfer is for: the word behind `code` in the journal, and the line of a statement.
enum class Reason : std::uint8_t {
  grant,
  escrow,
  settle,
  reward,
  fee,
  refund,
  vest,
  unvest,
  claw_back,
  stake,
  unstake,
  slash,
  bounty,
  sponsor,
  arbitration,
  bond,
  dispute,
  stream,
  correct,
  burn,
};

/// The word of the journal, which is the name of the value.
std::string_view name(Reason reason);
std::optional<Reason> reason_of(std::string_view word);

/// Posts the whole of what is reserved.
inline constexpr Amount whole_amount = ~Amount{0};

/// What is asked of the ledger. Immutable once accepted; mistakes are mended by a transfer with
/// `Reason::correct`.
///
/// A field that its kind does not use must be zero, but for those that are said to be ignored.
struct Transfer {
  TransferId id{};
  TransferKind kind = TransferKind::transfer;
  AccountId debit{};     ///< pays; ignored by post and void, which take those of the pending one
  AccountId credit{};    ///< is paid; likewise
  Amount amount = 0;     ///< post: at most what is reserved, or `whole_amount`; void: ignored
  TransferId pending{};  ///< post and void: which
  GroupId group{};       ///< pending: may be resolved by it; post_group and void_group: which
  core::Duration timeout{};  ///< pending: expires this long after its time of booking; zero: never
  Reason reason = Reason::correct;
  bool linked = false;  ///< succeeds or fails together with the next transfer of the batch

  friend constexpr auto operator<=>(const Transfer&, const Transfer&) = default;
};

/// Where a pending transfer is in its life. It leaves `open` once, and never comes back.
enum class PendingState : std::uint8_t { open, posted, voided, expired };

std::string_view name(PendingState state);

}  // namespace nexa::ledger
