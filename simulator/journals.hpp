#pragma once

#include <variant>
#include <vector>

#include "ledger/journal.hpp"

namespace nexa::simulator {

/// Tells several journals the same.
class Journals final : public ledger::Journal {
 public:
  void add(ledger::Journal* journal) { add(journal, true); }
  /// One that is not told of notes.
  void add_without_notes(ledger::Journal* journal) { add(journal, false); }
  [[nodiscard]] bool empty() const { return all_.empty(); }

  void append(const ledger::Entry& entry) override {
    const bool is_note = std::holds_alternative<ledger::Note>(entry.body);
    for (const Reader& reader : all_) {
      if (!is_note || reader.wants_notes) reader.journal->append(entry);
    }
  }
  /// The first error, after all were asked.
  core::Result<void> commit() override {
    core::Result<void> status;
    for (const Reader& reader : all_) {
      if (auto done = reader.journal->commit(); !done && status) status = done;
    }
    return status;
  }

 private:
  struct Reader {
    ledger::Journal* journal;
    bool wants_notes;
  };

  void add(ledger::Journal* journal, bool wants_notes) {
    if (journal != nullptr) all_.push_back({journal, wants_notes});
  }

  std::vector<Reader> all_;
};

}  // namespace nexa::simulator
