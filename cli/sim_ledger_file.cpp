#include "cli/sim_ledger_file.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "io/posix_file.hpp"
#include "io/storage.hpp"
#include "ledger/ledger.hpp"

namespace nexa::cli {

using core::Result;

Result<SimLedgerFile> SimLedgerFile::create(const std::string& path) {
  SimLedgerFile file(path);
  // A run that was killed may have left one.
  std::error_code ignored;
  std::filesystem::remove(file.preliminary(), ignored);
  ledger::Ledger nothing;
  auto opened = io::LedgerJournal::open(
      io::posix_storage(), {.journal = file.preliminary(), .checkpoint = {}, .memory = {}},
      nothing);
  if (!opened) return opened.error();
  file.journal_ = std::move(*opened);
  return file;
}

SimLedgerFile::~SimLedgerFile() {
  if (journal_ == nullptr) return;
  journal_.reset();
  std::error_code ignored;
  std::filesystem::remove(preliminary(), ignored);
}

Result<void> SimLedgerFile::commit() {
  if (auto done = journal_->commit(); !done) return done;
  journal_.reset();
  if (std::rename(preliminary().c_str(), path_.c_str()) == 0) return {};
  return io::system_error("name the file", path_, errno);
}

}  // namespace nexa::cli
