#include <gtest/gtest.h>

#include <algorithm>

#include "io/ledger_journal.hpp"
#include "io/sha256.hpp"
#include "ledger/check.hpp"
#include "tests/io/faulty_storage.hpp"
#include "tests/io/ledger_traffic.hpp"
#include "tests/io/vectors.hpp"

// G4: a crash at every boundary of a write, a sync or a renaming.

namespace nexa::io {
namespace {

using testing::FaultyStorage;

/// Pieces are small, so that batches are written in several.
const LedgerFiles files{"log/journal", "log/checkpoint", "memory", 700};

/// What a client was told before the crash.
struct Promise {
  std::uint64_t entries = 0;  ///< acknowledged
  std::string bytes;          ///< that they were at that time
  std::uint64_t checkpoints = 0;
  std::optional<SignedCheckpoint> checkpoint;
};

/// One life of a host: opens, works, signs now and then, until an error or its end.
void live(FaultyStorage& storage, std::uint64_t seed, Promise& promise) {
  ledger::Ledger books;
  auto opened = LedgerJournal::open(storage, files, books);
  if (!opened) {
    ASSERT_TRUE(storage.stopped()) << opened.error().message;
    return;
  }
  LedgerJournal& journal = **opened;
  books.attach(&journal);
  testing::LedgerTraffic traffic(books, seed);
  if (journal.tree_head().size == 0) traffic.begin(testing::vector_origin);
  for (int batch = 0; batch < 6; ++batch) {
    for (int i = 0; i < 3; ++i) traffic.step();
    if (!journal.commit()) return;
    promise.entries = journal.committed_entries();
    promise.bytes = storage.bytes(files.journal);
    if (batch % 2 == 0) continue;
    auto made = journal.sign_checkpoint(testing::vector_log_signer(), {});
    if (!made) {
      ASSERT_TRUE(storage.stopped()) << made.error().message;
      return;
    }
    ++promise.checkpoints;
    promise.checkpoint = std::move(*made);
  }
}

ledger::TreeHead head_of(const std::string& bytes, std::uint64_t size) {
  ledger::Chain chain(sha256_of_parts);
  for (const std::string& line : testing::lines_of(bytes)) {
    if (chain.size() < size) chain.add(line);
  }
  return chain.tree_head();
}

/// What must hold of the files as a restart finds them, and behind it. The ledger answers for what
/// it has found, so that is promised from now on.
void expect_kept(FaultyStorage& storage, Promise& promise) {
  const std::string published = storage.bytes(files.checkpoint);
  ledger::Ledger books;
  const auto opened = LedgerJournal::open(storage, files, books);
  ASSERT_TRUE(opened) << opened.error().message << opened.error().where.line;
  const std::string bytes = storage.bytes(files.journal);
  ASSERT_TRUE(bytes.starts_with(promise.bytes)) << "no acknowledged entry is lost";
  ASSERT_TRUE(bytes.empty() || bytes.back() == '\n') << "it ends at the boundary of an entry";
  EXPECT_GE((*opened)->committed_entries(), promise.entries);
  EXPECT_TRUE(check(books));
  promise.entries = (*opened)->committed_entries();
  promise.bytes = bytes;
  ASSERT_FALSE(promise.checkpoint && published.empty());
  if (published.empty()) return;
  const auto checkpoint = parse_signed_checkpoint(published, "checkpoint");
  ASSERT_TRUE(checkpoint) << "a checkpoint is whole or not there: " << checkpoint.error().message;
  const ledger::TreeHead& tree = checkpoint->checkpoint.tree;
  ASSERT_LE(tree.size, (*opened)->committed_entries()) << "no checkpoint is ahead of the entries";
  EXPECT_EQ(tree, head_of(bytes, tree.size));
  const std::uint64_t signed_before =
      promise.checkpoint ? promise.checkpoint->checkpoint.tree.size : 0;
  EXPECT_GE(tree.size, signed_before);
}

std::uint64_t changes_of_a_life(std::uint64_t seed) {
  FaultyStorage storage(seed);
  Promise promise;
  live(storage, seed, promise);
  EXPECT_EQ(promise.checkpoints, 3U);
  return storage.changes();
}

TEST(LedgerCrash, AtAnyChangeLosesNothingThatWasAcknowledged) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const std::uint64_t changes = changes_of_a_life(seed);
    ASSERT_GT(changes, 25U);
    for (std::uint64_t stop = 0; stop < changes; ++stop) {
      for (const bool power : {true, false}) {
        SCOPED_TRACE("seed " + std::to_string(seed) + ", stops at change " + std::to_string(stop) +
                     (power ? ", power is lost" : ", killed"));
        FaultyStorage storage(seed + 100 * stop);
        Promise promise;
        storage.stop_at(stop);
        live(storage, seed, promise);
        ASSERT_TRUE(storage.stopped());
        power ? storage.lose_power() : storage.restart_program();
        expect_kept(storage, promise);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(LedgerCrash, AgainAndAgainLosesNothingThatWasAcknowledged) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FaultyStorage storage(seed);
    storage.short_writes = seed % 2 == 0;
    Promise promise;
    for (std::uint64_t life = 0; life < 12; ++life) {
      storage.stop_at(core::random_below({.seed = seed, .entity = life}, 40));
      live(storage, 1000 * seed + life, promise);
      if (HasFatalFailure()) return;
      // What survives a killed program in the cache is lost with the power after it.
      const bool power = core::random_below({.seed = seed, .entity = life, .draw = 1}, 2) == 0;
      power ? storage.lose_power() : storage.restart_program();
      expect_kept(storage, promise);
      if (HasFatalFailure()) return;
    }
    EXPECT_GT(promise.entries, 20U);
  }
}

}  // namespace
}  // namespace nexa::io
