#pragma once

#include <algorithm>
#include <variant>
#include <vector>

#include "ledger/journal.hpp"

namespace nexa::simulator {

/// Tells several journals the same.
class Journals final : public ledger::Journal {
 public:
  void add(ledger::Journal* journal) {
    if (journal != nullptr) all_.push_back(journal);
  }
  /// One that is not told of notes.
  void add_without_notes(ledger::Journal* journal) {
    if (journal == nullptr) return;
    all_.push_back(journal);
    without_notes_.push_back(journal);
  }
  [[nodiscard]] bool empty() const { return all_.empty(); }

  void append(const ledger::Entry& entry) override {
    const bool is_note = std::holds_alternative<ledger::Note>(entry.body);
    for (ledger::Journal* journal : all_) {
      if (!is_note || !is_without_notes(journal)) journal->append(entry);
    }
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
  [[nodiscard]] bool is_without_notes(const ledger::Journal* journal) const {
    return std::find(without_notes_.begin(), without_notes_.end(), journal) != without_notes_.end();
  }

  std::vector<ledger::Journal*> all_;
  std::vector<ledger::Journal*> without_notes_;
};

}  // namespace nexa::simulator
