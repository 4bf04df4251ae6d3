#pragma once

#include "ledger/journal.hpp"
#include "ledger/ledger.hpp"
#include "simulator/result_sink.hpp"

namespace nexa::simulator {

/// The journal of a simulated ledger that is kept as a table: tells a sink of accounts and
/// transfers, and stores nothing. Attach it before the first account is opened.
///
/// A post or void names the accounts of what it resolves; an operation on a group names none and no
/// amount. That a pending transfer expired is told with its own accounts and amount.
class LedgerRecorder final : public ledger::Journal {
 public:
  /// Both must outlive the recorder.
  LedgerRecorder(const ledger::Ledger& ledger, ResultSink& results)
      : ledger_(ledger), results_(results) {}

  void append(const ledger::Entry& entry) override;
  core::Result<void> commit() override { return {}; }

 private:
  void tell(const ledger::Transfer& transfer, core::Time time, bool expired);

  const ledger::Ledger& ledger_;
  ResultSink& results_;
};

}  // namespace nexa::simulator
