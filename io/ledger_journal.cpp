#include "io/ledger_journal.hpp"

#include <utility>

#include "io/ledger_walk.hpp"
#include "io/line_reader.hpp"
#include "io/sha256.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

/// What a crash leaves of a commit can be one long run of zeros.
constexpr std::size_t longest_rest = std::size_t{256} << 20;

/// Finding disk space takes longer than writing to it, so it is asked for in large pieces.
constexpr std::uint64_t reserved_at_once = std::uint64_t{32} << 20;

/// A file as a stream.
class FileBytes final : public ByteSource {
 public:
  FileBytes(StorageFile& file, std::string name) : file_(&file), name_(std::move(name)) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    const Result<std::size_t> count = file_->read(offset_, buffer);
    if (count) offset_ += *count;
    return count;
  }
  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] std::uint64_t size_hint() const override { return 0; }

 private:
  StorageFile* file_;
  std::string name_;
  std::uint64_t offset_ = 0;
};

Error refused(const std::string& file, std::string message, std::string hint) {
  return {.code = ErrorCode::refused,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {.file = file, .line = 0, .column = 0}};
}

Error invalid(std::string message, std::string hint) {
  return {.code = ErrorCode::invalid_argument,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {}};
}

}  // namespace

LedgerJournal::LedgerJournal(Storage& storage, LedgerFiles files)
    : storage_(&storage), files_(std::move(files)), chain_(sha256_of_parts) {}

Result<std::unique_ptr<LedgerJournal>> LedgerJournal::open(Storage& storage, LedgerFiles files,
                                                           ledger::Ledger& ledger) {
  std::unique_ptr<LedgerJournal> journal(new LedgerJournal(storage, std::move(files)));
  if (const auto recovered = journal->recover(ledger); !recovered) return recovered.error();
  return journal;
}

LedgerJournal::~LedgerJournal() {
  if (failure_ || reserved_ <= size_) return;
  static_cast<void>(file_->truncate(size_).has_value());
}

Result<void> LedgerJournal::recover(ledger::Ledger& ledger) {
  const std::string& path = files_.journal;
  auto file = storage_->open(path, Storage::Mode::update);
  if (!file) return std::move(file).error();
  file_ = std::move(*file);
  if (const auto locked = file_->lock(); !locked) return locked;
  if (!files_.memory.empty()) {
    auto memory = CheckpointMemory::open(*storage_, files_.memory);
    if (!memory) return std::move(memory).error();
    memory_ = std::move(*memory);
  }
  if (const auto read = read_lines(ledger); !read) return read;
  for (std::uint32_t id = static_cast<std::uint32_t>(writer_.accounts()) + 1;
       id <= ledger.names().size(); ++id) {
    writer_.learn(ledger.names()[ledger::AccountId{id}]);
  }
  if (recovery_.torn_bytes > 0) {
    if (const auto cut = file_->truncate(size_); !cut) return cut;
  }
  // The process that wrote the last lines may have died between its write and its sync, and the
  // ledger is about to answer for them. A new file's name must not be lost either.
  if (const auto synced = file_->sync(); !synced) return synced;
  return storage_->sync_folder_of(path);
}

Result<void> LedgerJournal::read_lines(ledger::Ledger& ledger) {
  LineReader lines(std::make_unique<FileBytes>(*file_, files_.journal), longest_rest);
  LedgerWalk walk(&ledger);
  std::uint64_t bytes = 0;  // of the lines taken in
  std::uint64_t bytes_before_unfinished = 0;
  std::string line;
  while (true) {
    const Result<bool> more = lines.next(line);
    if (!more) return more.error();
    if (!*more) break;
    if (!lines.line_was_ended()) {
      recovery_.torn_bytes = line.size();
      break;
    }
    if (auto wrong = walk.add(line)) {
      Error error = std::move(wrong->error);
      error.where.file = files_.journal;
      error.hint += (error.hint.empty() ? "" : "; ") +
                    std::string("'nexa ledger verify' says more about a damaged journal");
      return error;
    }
    if (walk.chain().size() == 1) origin_ = walk.origin();
    if (ledger.unfinished_chain() == 1) bytes_before_unfinished = bytes;
    bytes += line.size() + 1;
    if (const auto checked = check_memory(walk.chain()); !checked) return checked;
  }
  chain_ = walk.chain();
  size_ = bytes;
  if (ledger.unfinished_chain() > 0) {
    recovery_.torn_entries = ledger.unfinished_chain();
    recovery_.torn_bytes += bytes - bytes_before_unfinished;
    ledger.drop_unfinished_chain();
    chain_ = walk.chain_before_unfinished();
    size_ = bytes_before_unfinished;
  }
  entries_ = chain_.size();
  head_ = chain_.head();
  committed_ = entries_;
  recovery_.entries = committed_;
  if (remembered_ && remembered_->size > committed_) {
    return refused(files_.journal,
                   "the journal ends after " + std::to_string(committed_) + " entries, but " +
                       std::to_string(remembered_->size) + " were signed",
                   "it is an old copy; continuing it would contradict the checkpoint in " +
                       in_quotes(memory_->path_of(origin_)));
  }
  return {};
}

/// Holds the lines read so far against what was signed before.
Result<void> LedgerJournal::check_memory(const ledger::Chain& chain) {
  if (!memory_ || origin_.empty()) return {};
  if (chain.size() == 1) {
    auto last = memory_->last(origin_);
    if (!last) return std::move(last).error();
    if (*last) remembered_ = (*last)->checkpoint.tree;
    continues_remembered_ = !remembered_ || remembered_->size == 0;
  }
  if (!remembered_ || remembered_->size != chain.size()) return {};
  if (chain.tree_head() != *remembered_) {
    return refused(
        files_.journal,
        "the first " + std::to_string(chain.size()) + " entries are not those that were signed",
        "continuing the journal would contradict the checkpoint in " +
            in_quotes(memory_->path_of(origin_)));
  }
  continues_remembered_ = true;
  return {};
}

Error LedgerJournal::fail(Error error) {
  failure_ = std::move(error);
  return *failure_;
}

void LedgerJournal::append(const ledger::Entry& entry) {
  if (failure_) return;
  const std::size_t begin = buffer_.size();
  if (auto wrong = writer_.append(buffer_, entries_, head_, entry)) {
    fail(std::move(*wrong));
    return;
  }
  if (const auto* const genesis = std::get_if<ledger::Genesis>(&entry.body)) {
    if (entries_ == 0) origin_ = genesis->ledger;
  }
  const std::size_t line_break = 1;
  const std::string_view line(buffer_.data() + begin, buffer_.size() - begin - line_break);
  head_ = ledger::leaf_hash(sha256_of_parts, line);
  leaves_.push_back(head_);
  ++entries_;
  // An error shows in the next commit.
  if (buffer_.size() >= files_.piece) static_cast<void>(write_buffer().has_value());
}

void LedgerJournal::add_leaves_to_tree() {
  for (const core::Digest& leaf : leaves_) chain_.add_leaf(leaf);
  leaves_.clear();
}

ledger::TreeHead LedgerJournal::tree_head() {
  add_leaves_to_tree();
  return chain_.tree_head();
}

Result<void> LedgerJournal::write_buffer() {
  const std::uint64_t end = size_ + written_ + buffer_.size();
  if (end > reserved_) {
    reserved_ = end + reserved_at_once;
    file_->reserve(reserved_);
  }
  if (const auto done = write_all(*file_, size_ + written_, buffer_); !done) {
    // A full disk should not keep a torn line. If this fails too, the next opening will do it.
    static_cast<void>(file_->truncate(size_).has_value());
    return fail(done.error());
  }
  // A small batch is written by the sync that follows; to begin with it would be one step more.
  const bool is_large = written_ + buffer_.size() >= files_.piece;
  if (is_large) file_->start_writing(size_ + written_, buffer_.size());
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<void> LedgerJournal::commit() {
  if (failure_) return *failure_;
  if (committed_ == entries_) return {};
  if (const auto done = write_buffer(); !done) return done;
  // The processor has time for this while the disk writes.
  add_leaves_to_tree();
  // After a failed sync the kernel may have dropped the bytes and call the next sync a success.
  if (const auto synced = file_->sync(); !synced) return fail(synced.error());
  size_ += written_;
  written_ = 0;
  committed_ = entries_;
  return {};
}

Result<SignedCheckpoint> LedgerJournal::sign_checkpoint(const NoteSigner& signer, core::Time now) {
  if (failure_) return *failure_;
  if (committed_ != entries_) {
    return Error{.code = ErrorCode::conflict,
                 .message = std::to_string(entries_ - committed_) + " entries are not committed",
                 .hint = "a checkpoint must not be ahead of the journal; commit first",
                 .where = {}};
  }
  if (!memory_ || files_.checkpoint.empty()) {
    return invalid("the journal was opened without a place for checkpoints",
                   "name a file for them, and a folder that remembers what was signed");
  }
  if (origin_.empty()) {
    return invalid("the journal does not begin with a genesis", "found the ledger first");
  }
  if (!remembered_) {
    const auto last = memory_->last(origin_);
    if (!last) return last.error();
    continues_remembered_ = !*last || (*last)->checkpoint.tree.size == 0;
  }
  if (!continues_remembered_) {
    return refused(files_.journal,
                   "another journal of " + in_quotes(origin_) + " was signed before",
                   "its last checkpoint is " + in_quotes(memory_->path_of(origin_)));
  }
  auto made = publish_checkpoint(*storage_, *memory_, files_.checkpoint,
                                 {origin_, chain_.tree_head(), {}}, signer, now);
  if (made) remembered_ = made->checkpoint.tree;
  return made;
}

}  // namespace nexa::io
