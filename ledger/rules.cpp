#include "ledger/rules.hpp"

namespace nexa::ledger {

namespace {

constexpr bool moves(TransferKind kind) {
  return kind == TransferKind::transfer || kind == TransferKind::pending;
}
constexpr bool resolves(TransferKind kind) {
  return kind == TransferKind::post || kind == TransferKind::void_;
}
constexpr bool resolves_group(TransferKind kind) {
  return kind == TransferKind::post_group || kind == TransferKind::void_group;
}

// Whether a known transfer moved as much as this request wants.
bool same_amount(const Books& books, const Record& known, Amount amount) {
  if (moves(known.kind)) return amount == known.amount;
  if (known.kind != TransferKind::post) return true;
  if (amount != whole_amount) return amount == known.amount;
  return known.amount == books.pending_record(known.link).amount;
}

}  // namespace

Status check_form(const Transfer& transfer) {
  const TransferKind kind = transfer.kind;
  if (!moves(kind) && !resolves(kind) && !resolves_group(kind)) return Status::kind_unknown;
  if (moves(kind)) {
    if (transfer.debit == transfer.credit) return Status::accounts_must_differ;
    if (transfer.amount == whole_amount) return Status::amount_reserved;
  }
  if (!resolves(kind)) {
    if (transfer.pending != TransferId{}) return Status::pending_must_be_zero;
  } else {
    if (transfer.pending == TransferId{}) return Status::pending_must_not_be_zero;
    if (transfer.pending == transfer.id) return Status::pending_must_differ;
  }
  if (resolves_group(kind)) {
    if (transfer.group == GroupId{}) return Status::group_must_not_be_zero;
  } else if (kind != TransferKind::pending && transfer.group != GroupId{}) {
    return Status::group_must_be_zero;
  }
  if (kind != TransferKind::pending) {
    if (transfer.timeout.count() != 0) return Status::timeout_reserved_for_pending;
  } else if (transfer.timeout.count() < 0) {
    return Status::timeout_must_not_be_negative;
  }
  return Status::booked;
}

Status compare_with_known(const Books& books, std::uint32_t place, const Transfer& transfer) {
  const Record& record = books[place];
  if (record.status != Status::booked) return Status::id_already_failed;
  if (transfer.kind != record.kind) return Status::exists_with_different_kind;
  const Transfer known = books.transfer(place);
  if (transfer.pending != known.pending) return Status::exists_with_different_pending;
  if (transfer.group != known.group) return Status::exists_with_different_group;
  if (moves(known.kind)) {
    if (transfer.debit != known.debit) return Status::exists_with_different_debit;
    if (transfer.credit != known.credit) return Status::exists_with_different_credit;
  }
  if (!same_amount(books, record, transfer.amount)) return Status::exists_with_different_amount;
  if (transfer.timeout != known.timeout) return Status::exists_with_different_timeout;
  if (transfer.reason != known.reason) return Status::exists_with_different_reason;
  if (transfer.linked != known.linked) return Status::exists_with_different_linked;
  return Status::exists;
}

}  // namespace nexa::ledger
