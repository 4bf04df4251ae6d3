#pragma once

#include <memory>
#include <string>

#include "core/result.hpp"
#include "io/ledger_journal.hpp"

namespace nexa::cli {

/// The journal of a simulated ledger as a file, with the promises of all outputs (ADR 0007): it
/// grows under `io::PartialPath`'s name and lock until `commit`, so that the name stands for a
/// whole journal or none, and two runs of one name do not spoil each other's work.
class SimLedgerFile {
 public:
  /// An empty journal. Errors: those of `io::PartialPath`; `unsupported` for a device or pipe.
  static core::Result<SimLedgerFile> create(const std::string& path);

  SimLedgerFile(SimLedgerFile&&) noexcept;
  SimLedgerFile& operator=(SimLedgerFile&&) = delete;
  /// Removes what was not committed.
  ~SimLedgerFile();

  [[nodiscard]] ledger::Journal* journal() { return journal_.get(); }
  /// All that was appended is on disk after this, and has its name.
  core::Result<void> commit();

 private:
  class Storage;

  explicit SimLedgerFile(std::unique_ptr<Storage> storage);

  std::unique_ptr<Storage> storage_;  ///< first, so that the file is closed before it is removed
  std::unique_ptr<io::LedgerJournal> journal_;
};

}  // namespace nexa::cli
