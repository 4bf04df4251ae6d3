#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "io/checkpoint.hpp"
#include "io/checkpoint_memory.hpp"
#include "io/ledger_line.hpp"
#include "io/storage.hpp"
#include "ledger/chain.hpp"
#include "ledger/journal.hpp"
#include "ledger/ledger.hpp"

namespace nexa::io {

/// Where a ledger's journal and what is signed about it are kept.
struct LedgerFiles {
  std::string journal;     ///< JSON Lines, appended to
  std::string checkpoint;  ///< where the last checkpoint is published; empty: nothing is signed
  std::string memory;      ///< a folder outside of the journal's backup, see `CheckpointMemory`
  /// So many bytes of a large batch are handed to the system at once, so that the disk writes them
  /// while the ledger books the rest. Few enough to be still in the processor's cache then.
  std::size_t piece = std::size_t{128} << 10;
};

/// What opening a journal found.
struct LedgerRecovery {
  std::uint64_t entries = 0;       ///< taken in
  std::uint64_t torn_bytes = 0;    ///< of a last line that broke off; cut
  std::uint64_t torn_entries = 0;  ///< of a last chain that has no end; cut
};

/// The journal of a ledger in a file. One process at a time can have it open.
///
/// `append` collects lines, `commit` writes them, with one write unless they are many, and returns
/// when they are on disk (group commit). A crash at any moment leaves a file whose lines up to the
/// last successful commit are whole; what the crash tore off behind them is cut when the file is
/// opened again. A journal that is damaged elsewhere is never cut but refused: `nexa ledger verify`
/// says where.
///
/// After an error of `commit` or `append` every later call gives the same error.
class LedgerJournal final : public ledger::Journal {
 public:
  /// Opens the journal, or makes one, replays it in `ledger`, which must be empty, and cuts off
  /// what an unfinished write left. Whoever calls this attaches the journal to the ledger.
  ///
  /// Errors: `conflict` where another process has it open; `corrupt` with the place of a wrong
  /// line; `refused` for a journal that does not continue the last checkpoint that was signed,
  /// such as one from an old backup; those of the storage.
  static core::Result<std::unique_ptr<LedgerJournal>> open(Storage& storage, LedgerFiles files,
                                                           ledger::Ledger& ledger);

  /// Gives back the disk space that was reserved behind the last entry.
  ~LedgerJournal() override;

  void append(const ledger::Entry& entry) override;
  core::Result<void> commit() override;

  /// Signs what is committed, remembers and then publishes it. `now` counts from the Unix epoch.
  /// Sign every so many entries or seconds and not every commit: witnesses must be able to meet at
  /// one checkpoint. Errors: `conflict` for entries that are not committed yet, `refused` where
  /// another journal of this name was signed before, `invalid_argument` for a witness's key or a
  /// journal without a genesis; those of the storage.
  core::Result<SignedCheckpoint> sign_checkpoint(const NoteSigner& signer, core::Time now);

  [[nodiscard]] const LedgerRecovery& recovery() const { return recovery_; }
  /// The tree over all entries, committed or not.
  [[nodiscard]] ledger::TreeHead tree_head();
  [[nodiscard]] std::uint64_t committed_entries() const { return committed_; }
  /// Bytes of the entries that are committed.
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  LedgerJournal(Storage& storage, LedgerFiles files);
  core::Result<void> recover(ledger::Ledger& ledger);
  core::Result<void> read_lines(ledger::Ledger& ledger);
  core::Result<void> check_memory(const ledger::Chain& chain);
  core::Error fail(core::Error error);
  core::Result<void> write_buffer();
  void add_leaves_to_tree();

  Storage* storage_;
  LedgerFiles files_;
  std::unique_ptr<StorageFile> file_;
  std::optional<CheckpointMemory> memory_;
  std::string origin_;
  std::optional<ledger::TreeHead> remembered_;  ///< the last that was signed, of this origin
  bool continues_remembered_ = false;           ///< whether these entries begin with that tree
  LedgerLineWriter writer_;
  ledger::Chain chain_;               ///< but for the leaves that follow
  std::vector<core::Digest> leaves_;  ///< of the last lines
  std::uint64_t entries_ = 0;
  core::Digest head_;            ///< leaf hash of the last line
  std::string buffer_;           ///< lines that are not written yet
  std::uint64_t written_ = 0;    ///< bytes behind the last commit
  std::uint64_t size_ = 0;       ///< bytes that are committed
  std::uint64_t reserved_ = 0;   ///< disk space, in bytes from the front
  std::uint64_t committed_ = 0;  ///< entries
  LedgerRecovery recovery_;
  std::optional<core::Error> failure_;
};

}  // namespace nexa::io
