#include "simulator/ledger_recorder.hpp"

#include <variant>

#include "ledger/money_id.hpp"

namespace nexa::simulator {

void LedgerRecorder::append(const ledger::Entry& entry) {
  if (const auto* opened = std::get_if<ledger::AccountOpened>(&entry.body)) {
    results_.add_account(opened->name);
  } else if (const auto* transfer = std::get_if<ledger::Transfer>(&entry.body)) {
    tell(*transfer, entry.time, false);
  } else if (const auto* expired = std::get_if<ledger::PendingExpired>(&entry.body)) {
    const auto known = ledger_.find(expired->pending);
    if (known) tell(known->transfer, entry.time, true);
  }
}

void LedgerRecorder::tell(const ledger::Transfer& transfer, core::Time time, bool expired) {
  results_.add_transfer({.time = time,
                         .kind = transfer.kind,
                         .expired = expired,
                         .debit = transfer.debit,
                         .credit = transfer.credit,
                         .amount = transfer.amount,
                         .reason = transfer.reason,
                         .job = ledger::job_of(transfer.id)});
}

}  // namespace nexa::simulator
