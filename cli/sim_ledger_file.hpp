#pragma once

#include <memory>
#include <string>

#include "core/result.hpp"
#include "io/ledger_journal.hpp"

namespace nexa::cli {

/// The journal of a simulated ledger as a file: under a preliminary name until `commit`, so that
/// the name stands for a whole journal or none.
class SimLedgerFile {
 public:
  /// An empty journal. Errors: those of the storage.
  static core::Result<SimLedgerFile> create(const std::string& path);

  SimLedgerFile(SimLedgerFile&&) = default;
  SimLedgerFile& operator=(SimLedgerFile&&) = delete;
  /// Removes what was not committed.
  ~SimLedgerFile();

  [[nodiscard]] ledger::Journal* journal() { return journal_.get(); }
  /// All that was appended is on disk after this, and has its name.
  core::Result<void> commit();

 private:
  explicit SimLedgerFile(std::string path) : path_(std::move(path)) {}
  [[nodiscard]] std::string preliminary() const { return path_ + ".part"; }

  std::string path_;
  std::unique_ptr<io::LedgerJournal> journal_;
};

}  // namespace nexa::cli
