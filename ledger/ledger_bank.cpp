#include "ledger/ledger_bank.hpp"

#include <algorithm>

#include "ledger/id_text.hpp"

namespace nexa::ledger {

core::Result<void> LedgerBank::book(std::span<const Transfer> chain, core::Time now) {
  if (chain.size() > largest_batch) {
    return core::make_error(core::ErrorCode::limit_exceeded,
                            "a group of " + std::to_string(chain.size()) + " transfers",
                            "a batch has at most " + std::to_string(largest_batch));
  }
  const std::span<const Status> statuses = ledger_.book(chain, now);
  if (std::all_of(statuses.begin(), statuses.end(), is_done)) return {};
  // Of the others it is said only that one of their chain failed.
  const auto culprit = std::find_if(statuses.begin(), statuses.end(), [](Status status) {
    return !is_done(status) && status != Status::linked_event_failed;
  });
  NEXA_ASSERT(culprit != statuses.end(), "a chain fails because of one of its transfers");
  const Transfer& transfer = chain[static_cast<std::size_t>(culprit - statuses.begin())];
  const StatusInfo& why = info(*culprit);
  return core::make_error(core::ErrorCode::refused,
                          std::string(name(transfer.kind)) + ' ' + to_hex(transfer.id.value) +
                              " (" + std::string(name(transfer.reason)) + ") was refused: " +
                              std::string(why.name) + ", " + std::string(why.meaning),
                          std::string(why.hint));
}

Amount LedgerBank::available(AccountId account) const {
  const Balance balance = ledger_.account(account).available();
  return balance.negative ? 0 : balance.magnitude;
}

}  // namespace nexa::ledger
