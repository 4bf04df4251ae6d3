#include "cli/sim_ledger_file.hpp"

#include <utility>

#include "core/assert.hpp"
#include "io/atomic_file.hpp"
#include "io/storage.hpp"
#include "ledger/ledger.hpp"

namespace nexa::cli {

using core::Result;

/// Hands out the one file that `PartialPath` made. The journal's lock is then the lock which the
/// path keeps until the file has its name.
class SimLedgerFile::Storage final : public io::Storage {
 public:
  explicit Storage(io::PartialPath partial) : partial_(std::move(partial)) {}

  Result<std::unique_ptr<io::StorageFile>> open(const std::string& path, Mode mode) override {
    NEXA_ASSERT(path == partial_.path() && mode == Mode::update, "a journal is one file");
    Result<io::FileDescriptor> file = partial_.open();
    if (!file) return std::move(file).error();
    return io::as_storage_file(path, std::move(*file));
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    return io::posix_storage().rename(from, to);
  }

  Result<void> sync_folder_of(const std::string& path) override {
    return io::posix_storage().sync_folder_of(path);
  }

  Result<void> commit() { return partial_.commit(); }

 private:
  io::PartialPath partial_;
};

SimLedgerFile::SimLedgerFile(std::unique_ptr<Storage> storage) : storage_(std::move(storage)) {}
SimLedgerFile::SimLedgerFile(SimLedgerFile&&) noexcept = default;
SimLedgerFile::~SimLedgerFile() = default;

Result<SimLedgerFile> SimLedgerFile::create(const std::string& path) {
  Result<io::PartialPath> partial = io::PartialPath::choose(path);
  if (!partial) return std::move(partial).error();
  if (partial->is_direct()) {
    return core::Error{.code = core::ErrorCode::unsupported,
                       .message = "cannot write a journal to '" + path + "': not a regular file",
                       .hint = "name a file; only CSV and JSON can go to a pipe or device",
                       .where = {.file = path, .line = 0, .column = 0}};
  }
  SimLedgerFile file(std::make_unique<Storage>(std::move(*partial)));
  ledger::Ledger nothing;
  auto opened = io::LedgerJournal::open(*file.storage_,
                                        {.journal = path, .checkpoint = {}, .memory = {}}, nothing);
  if (!opened) return opened.error();
  file.journal_ = std::move(*opened);
  return file;
}

Result<void> SimLedgerFile::commit() {
  if (auto done = journal_->commit(); !done) return done;
  journal_.reset();
  return storage_->commit();
}

}  // namespace nexa::cli
