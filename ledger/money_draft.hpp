#pragma once

#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "ledger/money_effect.hpp"
#include "ledger/payment.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

/// A linked group in the making, with what is to be remembered once it is booked. Amounts of zero
/// make no transfer.
struct MoneyDraft {
  std::vector<Transfer> chain;
  std::vector<Payment> payments;
  std::vector<effect::Any> effects;          ///< on what is remembered, in this order
  FlatMap<AccountId, Amount> claimed;        ///< of accounts other than the escrow, by this group
  FlatMap<core::NodeId, Amount> slash_used;  ///< of what nodes were slashed

  void clear() {
    chain.clear();
    payments.clear();
    effects.clear();
    claimed.clear();
    slash_used.clear();
  }

  void move(TransferId id, AccountId from, AccountId to, Amount amount, Reason reason) {
    if (amount == 0) return;
    chain.push_back({.id = id, .debit = from, .credit = to, .amount = amount, .reason = reason});
  }
  void reserve(TransferId id, AccountId from, AccountId to, Amount amount, Reason reason,
               GroupId group, core::Duration timeout = {}) {
    if (amount == 0) return;
    chain.push_back({.id = id,
                     .kind = TransferKind::pending,
                     .debit = from,
                     .credit = to,
                     .amount = amount,
                     .group = group,
                     .timeout = timeout,
                     .reason = reason});
  }
  /// Posts a part; of nothing it is a void.
  void post(TransferId id, TransferId pending, Amount amount, Reason reason) {
    if (amount == 0) {
      void_pending(id, pending, Reason::refund);
      return;
    }
    chain.push_back({.id = id,
                     .kind = TransferKind::post,
                     .amount = amount,
                     .pending = pending,
                     .reason = reason});
  }
  void void_pending(TransferId id, TransferId pending, Reason reason) {
    chain.push_back({.id = id, .kind = TransferKind::void_, .pending = pending, .reason = reason});
  }
  void void_group(TransferId id, GroupId group, Reason reason) {
    chain.push_back({.id = id, .kind = TransferKind::void_group, .group = group, .reason = reason});
  }
};

}  // namespace nexa::ledger
