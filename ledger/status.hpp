#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nexa::ledger {

/// What became of one transfer of a batch. The names are those of the journal and of messages.
///
/// Of several that apply the ledger answers with the first in this order: the chain (open), the
/// id (zero, known, failed before), the form of the transfer, the state of the books.
/// Source: TigerBeetle, docs/reference/requests/create_transfers.md, from which it differs where
/// docs/ledger.md says so.
enum class Status : std::uint8_t {
  booked,
  exists,
  exists_with_different_kind,
  exists_with_different_pending,
  exists_with_different_group,
  exists_with_different_debit,
  exists_with_different_credit,
  exists_with_different_amount,
  exists_with_different_timeout,
  exists_with_different_reason,
  exists_with_different_linked,
  id_already_failed,
  linked_event_failed,
  linked_chain_open,
  linked_chain_mixed,
  batch_too_large,
  id_must_not_be_zero,
  kind_unknown,
  accounts_must_differ,
  amount_reserved,
  pending_must_be_zero,
  pending_must_not_be_zero,
  pending_must_differ,
  group_must_be_zero,
  group_must_not_be_zero,
  timeout_reserved_for_pending,
  timeout_must_not_be_negative,
  debit_account_not_found,
  credit_account_not_found,
  debit_account_closed,
  credit_account_closed,
  pending_not_found,
  pending_not_pending,
  exceeds_pending_amount,
  pending_already_posted,
  pending_already_voided,
  pending_expired,
  group_has_no_open_pending,
  overflows_debits,
  overflows_credits,
  overflows_timeout,
  exceeds_credits,
};

inline constexpr std::size_t status_count = static_cast<std::size_t>(Status::exceeds_credits) + 1;

/// What a status means for the id of the transfer that got it.
enum class StatusClass : std::uint8_t {
  done,       ///< the transfer is in the books, now or since an earlier call
  taken,      ///< the id belongs to another transfer, or to one that failed
  unheard,    ///< the transfer was not looked at on its own; its id is free
  malformed,  ///< wrong by itself: it fails in the same way for ever, and its id is free
  failed,     ///< the state of the books forbade it: the id stays failed (`id_already_failed`)
};

struct StatusInfo {
  std::string_view name;
  StatusClass status_class;
  std::string_view meaning;  ///< one sentence without a full stop, in lower case
  std::string_view hint;     ///< what to do, in the same form
};

/// Constant time; the text lives for ever.
const StatusInfo& info(Status status);

inline std::string_view name(Status status) {
  return info(status).name;
}

/// The inverse of `name`.
std::optional<Status> status_of(std::string_view name);

/// The transfer is in the books.
constexpr bool is_done(Status status) {
  return status == Status::booked || status == Status::exists;
}

/// The ledger remembers the failure, so that a retry cannot have another outcome. These are the
/// statuses that depend on what else is in the books or on the time.
constexpr bool is_sticky(Status status) {
  return status >= Status::debit_account_not_found;
}

}  // namespace nexa::ledger
