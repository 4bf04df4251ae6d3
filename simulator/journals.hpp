#pragma once

#include <vector>

#include "ledger/journal.hpp"

namespace nexa::simulator {

/// Tells several journals the same.
class Journals final : public ledger::Journal {
 public:
  void add(ledger::Journal* journal) {
    if (journal != nullptr) all_.push_back(journal);
  }
  [[nodiscard]] bool empty() const { return all_.empty(); }

  void append(const ledger::Entry& entry) override {
    for (ledger::Journal* journal : all_) journal->append(entry);
  }
  /// The first error, after all were asked.
  core::Result<void> commit() override {
    core::Result<void> status;
    for (ledger::Journal* journal : all_) {
      if (auto done = journal->commit(); !done && status) status = done;
    }
    return status;
  }

 private:
  std::vector<ledger::Journal*> all_;
};

}  // namespace nexa::simulator
