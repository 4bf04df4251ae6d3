#include "io/ledger_quick_check.hpp"

#include <condition_variable>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "io/ledger_line.hpp"
#include "io/ledger_walk.hpp"
#include "io/sha256.hpp"
#include "ledger/chain.hpp"

namespace nexa::io {
namespace {

using core::Result;

constexpr std::size_t check_block_bytes = std::size_t{512} << 10;
constexpr std::size_t most_waiting = 4;

/// Whole lines, one after the other, in memory that is not cleared before it is read into.
struct Block {
  std::unique_ptr<char[]> bytes = std::make_unique_for_overwrite<char[]>(check_block_bytes);
  std::size_t size = 0;
  std::vector<std::size_t> ends;  ///< where the line breaks are
};

template <class Take>
bool for_each_line(const Block& block, Take take) {
  std::size_t begin = 0;
  for (const std::size_t end : block.ends) {
    if (!take(std::string_view(block.bytes.get() + begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

/// Reads a stream in blocks.
class BlockReader {
 public:
  explicit BlockReader(ByteSource& source) : source_(source) {}

  /// The next block; null at the end, or where a line is longer than one may be.
  Result<std::shared_ptr<const Block>> next() {
    is_odd_ = rest_.size() > longest_ledger_line;
    if (is_odd_) return std::shared_ptr<const Block>();
    auto block = std::make_shared<Block>();
    std::memcpy(block->bytes.get(), rest_.data(), rest_.size());
    block->size = rest_.size();
    while (block->ends.empty()) {
      const auto count =
          source_.read({block->bytes.get() + block->size, check_block_bytes - block->size});
      if (!count) return count.error();
      if (*count == 0) {
        rest_.assign(block->bytes.get(), block->size);
        return std::shared_ptr<const Block>();
      }
      find_ends(*block, *count);
      is_odd_ = block->ends.empty() && block->size > longest_ledger_line;
      if (is_odd_) return std::shared_ptr<const Block>();
    }
    const std::size_t whole = block->ends.back() + 1;
    rest_.assign(block->bytes.get() + whole, block->size - whole);
    block->size = whole;
    return std::shared_ptr<const Block>(std::move(block));
  }

  [[nodiscard]] bool is_odd() const { return is_odd_; }
  /// Bytes behind the last line break.
  [[nodiscard]] std::size_t torn_bytes() const { return rest_.size(); }

 private:
  /// Takes so many more bytes into the block.
  static void find_ends(Block& block, std::size_t count) {
    const char* const begin = block.bytes.get();
    const char* const end = begin + block.size + count;
    for (const char* at = begin + block.size; at < end; ++at) {
      at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
      if (at == nullptr) break;
      block.ends.push_back(static_cast<std::size_t>(at - begin));
    }
    block.size += count;
  }

  ByteSource& source_;
  std::string rest_;
  bool is_odd_ = false;
};

/// Hashes lines, and holds them against each other and against what is expected.
class Hasher {
 public:
  explicit Hasher(const QuickExpectations& expected)
      : expected_(expected), chain_(sha256_of_parts) {
    sound_ = has_expected_trees();
  }

  void take(const Block& block) {
    sound_ = sound_ && for_each_line(block, [this](std::string_view line) { return take(line); });
  }

  [[nodiscard]] bool sound() const { return sound_; }
  [[nodiscard]] bool has_seen_all() const {
    return tree_ == expected_.trees.size() && receipt_ == expected_.receipts.size();
  }
  [[nodiscard]] const ledger::Chain& chain() const { return chain_; }

 private:
  /// Behind `{"v":1,"seq":N,"prev":"`. That the line begins so is for the other thread to check.
  static std::size_t prev_offset(std::uint64_t seq) {
    std::size_t digits = 1;
    for (; seq >= 10; seq /= 10) ++digits;
    return 22 + digits;
  }

  bool take(std::string_view line) {
    const auto head = hex_digits(chain_.head());
    const std::size_t at = prev_offset(chain_.size());
    if (line.size() < at + head.size()) return false;
    if (std::memcmp(line.data() + at, head.data(), head.size()) != 0) return false;
    for (; receipt_ < expected_.receipts.size(); ++receipt_) {
      const Receipt& receipt = *expected_.receipts[receipt_];
      if (receipt.index != chain_.size()) break;
      if (!proves(receipt, line)) return false;
    }
    chain_.add(line);
    return has_expected_trees();
  }

  bool has_expected_trees() {
    for (; tree_ < expected_.trees.size(); ++tree_) {
      const ledger::TreeHead& tree = expected_.trees[tree_];
      if (tree.size != chain_.size()) break;
      if (tree != chain_.tree_head()) return false;
    }
    return true;
  }

  const QuickExpectations& expected_;
  ledger::Chain chain_;
  std::size_t tree_ = 0;
  std::size_t receipt_ = 0;
  bool sound_ = true;
};

/// Runs a hasher in a thread, or, where none is to be had, at once.
class HashingThread {
 public:
  explicit HashingThread(Hasher& hasher) : hasher_(hasher) {
    try {
      thread_ = std::thread([this] { run(); });
    } catch (const std::system_error&) {
      // Slower, and the same.
    }
  }
  HashingThread(const HashingThread&) = delete;
  HashingThread& operator=(const HashingThread&) = delete;
  ~HashingThread() { finish(); }

  void add(std::shared_ptr<const Block> block) {
    if (!thread_.joinable()) {
      hasher_.take(*block);
      return;
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.size() < most_waiting; });
    waiting_.push_back(std::move(block));
    changed_.notify_all();
  }

  /// Waits until all blocks are hashed.
  void finish() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      finished_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

 private:
  void run() {
    while (true) {
      std::shared_ptr<const Block> block;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !waiting_.empty() || finished_; });
        if (waiting_.empty()) return;
        block = std::move(waiting_.front());
        waiting_.pop_front();
        changed_.notify_all();
      }
      hasher_.take(*block);
    }
  }

  Hasher& hasher_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<const Block>> waiting_;
  bool finished_ = false;
  std::thread thread_;
};

}  // namespace

Result<std::optional<SoundJournal>> quick_check(ByteSource& source,
                                                const QuickExpectations& expected,
                                                ledger::Ledger* books) {
  SoundJournal journal;
  BlockReader blocks(source);
  Hasher hasher(expected);
  LedgerLine line;
  const auto take = [&](std::string_view text) {
    if (text.size() > longest_ledger_line || !parse_ledger_line(text, line)) return false;
    if (line.seq != journal.entries++) return false;
    if (line.seq == 0 && std::holds_alternative<ledger::Genesis>(line.entry.body)) {
      journal.origin = std::get<ledger::Genesis>(line.entry.body).ledger;
    }
    return books == nullptr || replay_ledger_line(*books, line).has_value();
  };
  {
    HashingThread thread(hasher);
    while (true) {
      const auto block = blocks.next();
      if (!block) return block.error();
      if (*block == nullptr) break;
      thread.add(*block);
      if (!for_each_line(**block, take)) return std::optional<SoundJournal>();
      journal.bytes += (*block)->size;
    }
    thread.finish();
  }
  if (blocks.is_odd() || !hasher.sound() || !hasher.has_seen_all()) {
    return std::optional<SoundJournal>();
  }
  journal.torn_bytes = blocks.torn_bytes();
  journal.tree = hasher.chain().tree_head();
  return std::optional<SoundJournal>(std::move(journal));
}

}  // namespace nexa::io
