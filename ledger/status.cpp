#include "ledger/status.hpp"

#include <array>

namespace nexa::ledger {

namespace {

using enum StatusClass;

constexpr std::string_view use_another_id = "send what was sent at first, or take a new id";
constexpr std::string_view new_id = "remove the cause and send it again under a new id";

// In the order of the enumeration.
constexpr std::array<StatusInfo, status_count> table{{
    {"booked", done, "the transfer is in the books", "nothing is left to do"},
    {"exists", done, "the same transfer was booked before; nothing moved again",
     "treat it as booked"},
    {"exists_with_different_kind", taken, "the id belongs to a transfer of another kind",
     use_another_id},
    {"exists_with_different_pending", taken,
     "the id belongs to a transfer that resolved another pending transfer", use_another_id},
    {"exists_with_different_group", taken, "the id belongs to a transfer with another group",
     use_another_id},
    {"exists_with_different_debit", taken, "the id belongs to a transfer that another account paid",
     use_another_id},
    {"exists_with_different_credit", taken,
     "the id belongs to a transfer that paid another account", use_another_id},
    {"exists_with_different_amount", taken, "the id belongs to a transfer of another amount",
     use_another_id},
    {"exists_with_different_timeout", taken, "the id belongs to a transfer with another timeout",
     use_another_id},
    {"exists_with_different_reason", taken, "the id belongs to a transfer for another reason",
     use_another_id},
    {"exists_with_different_linked", taken,
     "the id belongs to a transfer that was linked otherwise",
     "send the whole chain as it was sent at first, or take a new id"},
    {"id_already_failed", taken, "a transfer with this id failed before, and stays failed",
     "look up why it failed, remove the cause and take a new id"},
    {"linked_event_failed", unheard, "another transfer of its chain failed, so none was booked",
     "look at the one transfer of the chain that has another status"},
    {"linked_chain_open", unheard, "the last transfer of the batch is linked to a next one",
     "a chain ends with a transfer that is not linked, within the batch"},
    {"linked_chain_mixed", unheard,
     "some transfers of the chain are in the books already and others are not",
     "an id may be in one chain only; give the new transfers a chain of their own"},
    {"batch_too_large", unheard, "the batch has more than 8190 transfers", "split the batch"},
    {"id_must_not_be_zero", malformed, "the id is zero", "choose an id that was never used"},
    {"kind_unknown", malformed, "the kind is none of the known ones",
     "take one of transfer, pending, post, void, post_group, void_group"},
    {"accounts_must_differ", malformed, "the paying and the paid account are the same",
     "name two accounts"},
    {"amount_reserved", malformed, "the largest amount stands for the whole of a pending transfer",
     "only a post may have it"},
    {"pending_must_be_zero", malformed, "the kind of the transfer refers to no pending transfer",
     "leave the field out"},
    {"pending_must_not_be_zero", malformed, "a post or void must say which transfer it resolves",
     "name the id of the pending transfer"},
    {"pending_must_differ", malformed, "the transfer names itself as the pending one",
     "give it an id of its own"},
    {"group_must_be_zero", malformed, "the kind of the transfer has no group",
     "only pending, post_group and void_group have one"},
    {"group_must_not_be_zero", malformed, "the transfer must say which group it resolves",
     "name the group"},
    {"timeout_reserved_for_pending", malformed, "only a pending transfer can expire",
     "leave the timeout out"},
    {"timeout_must_not_be_negative", malformed, "the timeout is negative",
     "zero stands for a transfer that never expires"},
    {"debit_account_not_found", failed, "the paying account was never opened",
     "open it, and send it again under a new id"},
    {"credit_account_not_found", failed, "the paid account was never opened",
     "open it, and send it again under a new id"},
    {"debit_account_closed", failed, "the paying account is closed", "a closed account stays so"},
    {"credit_account_closed", failed, "the paid account is closed", "a closed account stays so"},
    {"pending_not_found", failed, "the pending transfer is not in the books", new_id},
    {"pending_not_pending", failed, "the transfer to resolve is none that was pending", new_id},
    {"exceeds_pending_amount", failed, "the amount is more than the pending transfer reserved",
     "post at most the reserved amount, under a new id"},
    {"pending_already_posted", failed, "the pending transfer was posted before",
     "it resolves only once; book a new transfer for what is missing"},
    {"pending_already_voided", failed, "the pending transfer was voided before",
     "it resolves only once; reserve the amount anew"},
    {"pending_expired", failed, "the pending transfer reached its timeout",
     "reserve the amount anew, with a longer timeout"},
    {"group_has_no_open_pending", failed, "no pending transfer of the group is open", new_id},
    {"overflows_debits", failed, "the debits of the paying account would exceed 128 bits", new_id},
    {"overflows_credits", failed, "the credits of the paid account would exceed 128 bits", new_id},
    {"overflows_timeout", failed, "the transfer would expire after the end of time",
     "take a shorter timeout, or none, and a new id"},
    {"exceeds_credits", failed, "the paying account has less than the amount",
     "pay in or wait for reserved amounts to be released, and take a new id"},
}};

constexpr bool sticky_are_failed() {
  for (std::size_t i = 0; i < status_count; ++i) {
    if ((table[i].status_class == failed) != is_sticky(static_cast<Status>(i))) return false;
    if ((table[i].status_class == done) != is_done(static_cast<Status>(i))) return false;
  }
  return true;
}
static_assert(sticky_are_failed());

}  // namespace

const StatusInfo& info(Status status) {
  return table[static_cast<std::size_t>(status)];
}

std::optional<Status> status_of(std::string_view name) {
  for (std::size_t i = 0; i < status_count; ++i) {
    if (table[i].name == name) return static_cast<Status>(i);
  }
  return std::nullopt;
}

}  // namespace nexa::ledger
