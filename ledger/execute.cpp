// The rules that depend on what is in the books: what a well-formed transfer with a new id needs.
#include "ledger/ledger.hpp"
#include "ledger/rules.hpp"

namespace nexa::ledger {

namespace {

bool overflows(Amount a, Amount b) {
  return __builtin_add_overflow(a, b, &a);
}

}  // namespace

Status Ledger::execute(const Transfer& transfer, core::Time time) {
  if (transfer.id == TransferId{}) return Status::id_must_not_be_zero;
  if (const std::uint32_t place = books_.find(transfer.id); place != no_place) {
    return compare_with_known(books_, place, transfer);
  }
  if (const Status form = check_form(transfer); form != Status::booked) return form;
  switch (transfer.kind) {
    case TransferKind::transfer:
    case TransferKind::pending:
      return execute_move(transfer, time);
    case TransferKind::post:
    case TransferKind::void_:
      return execute_resolution(transfer, time);
    case TransferKind::post_group:
    case TransferKind::void_group:
      return execute_group_operation(transfer, time);
  }
  return Status::kind_unknown;
}

Status Ledger::execute_move(const Transfer& transfer, core::Time time) {
  if (!names().contains(transfer.debit)) return Status::debit_account_not_found;
  if (!names().contains(transfer.credit)) return Status::credit_account_not_found;
  if (books_.is_closed(transfer.debit)) return Status::debit_account_closed;
  if (books_.is_closed(transfer.credit)) return Status::credit_account_closed;

  // The sum of posted and pending never overflows, so no part of it can either, now or when the
  // pending part is posted.
  const Account& payer = books_.account(transfer.debit);
  const Account& payee = books_.account(transfer.credit);
  const Amount debits = payer.debits_posted + payer.debits_pending;
  const Amount credits = payee.credits_posted + payee.credits_pending;
  if (overflows(debits, transfer.amount)) return Status::overflows_debits;
  if (overflows(credits, transfer.amount)) return Status::overflows_credits;

  core::Time due = core::never;
  if (transfer.timeout.count() != 0) {
    if (core::never - time <= transfer.timeout) return Status::overflows_timeout;
    due = time + transfer.timeout;
  }
  if (books_.is_limited(transfer.debit) && debits + transfer.amount > payer.credits_posted) {
    return Status::exceeds_credits;
  }
  if (transfer.kind == TransferKind::transfer) {
    books_.add_transfer(transfer, time);
  } else {
    books_.add_pending(transfer, time, due);
  }
  return Status::booked;
}

Status Ledger::execute_resolution(const Transfer& transfer, core::Time time) {
  const std::uint32_t place = books_.find(transfer.pending);
  if (place == no_place) return Status::pending_not_found;
  const Record& reserved = books_[place];
  if (reserved.status != Status::booked) return Status::pending_not_found;
  if (reserved.kind != TransferKind::pending) return Status::pending_not_pending;

  const bool post = transfer.kind == TransferKind::post;
  const Amount amount = transfer.amount == whole_amount ? reserved.amount : transfer.amount;
  if (post && amount > reserved.amount) return Status::exceeds_pending_amount;
  switch (books_.pendings()[reserved.link].state) {
    case PendingState::posted:
      return Status::pending_already_posted;
    case PendingState::voided:
      return Status::pending_already_voided;
    case PendingState::expired:
      return Status::pending_expired;
    case PendingState::open:
      break;
  }
  if (post) {
    books_.add_post(transfer, time, reserved.link, amount);
  } else {
    books_.add_void(transfer, time, reserved.link);
  }
  return Status::booked;
}

Status Ledger::execute_group_operation(const Transfer& transfer, core::Time time) {
  const PendingBook& pendings = books_.pendings();
  const std::uint32_t group = pendings.find_group(transfer.group);
  if (group == no_place || pendings.group(group).first == no_place) {
    return Status::group_has_no_open_pending;
  }
  books_.add_group_operation(transfer, time, group);
  return Status::booked;
}

}  // namespace nexa::ledger
