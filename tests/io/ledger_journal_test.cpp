#include "io/ledger_journal.hpp"

#include <gtest/gtest.h>

#include "io/ledger_walk.hpp"
#include "io/sha256.hpp"
#include "ledger/check.hpp"
#include "tests/io/faulty_storage.hpp"
#include "tests/io/ledger_traffic.hpp"
#include "tests/io/vectors.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using testing::FaultyStorage;
using testing::LedgerTraffic;

const LedgerFiles files{"log/journal", "log/checkpoint", "memory"};

/// A ledger with its journal, as a host has them.
struct Host {
  explicit Host(Storage& storage, const LedgerFiles& paths = files) {
    auto opened = LedgerJournal::open(storage, paths, books);
    if (!opened) {
      error = opened.error();
      return;
    }
    journal = std::move(*opened);
    books.attach(journal.get());
  }

  ledger::Ledger books;
  std::unique_ptr<LedgerJournal> journal;
  core::Error error;
};

/// Some entries in the journal, committed in several batches.
void fill(Host& host, std::uint64_t seed, int batches = 4) {
  LedgerTraffic traffic(host.books, seed);
  if (host.journal->tree_head().size == 0) traffic.begin(testing::vector_origin);
  for (int batch = 0; batch < batches; ++batch) {
    for (int i = 0; i < 5; ++i) traffic.step();
    const auto done = host.journal->commit();
    ASSERT_TRUE(done) << done.error().message;
  }
}

std::uint64_t lines_in(const std::string& bytes) {
  return static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
}

ledger::TreeHead head_of(const std::string& bytes, std::uint64_t size) {
  ledger::Chain chain(sha256_of_parts);
  for (const std::string& line : testing::lines_of(bytes)) {
    if (chain.size() < size) chain.add(line);
  }
  return chain.tree_head();
}

TEST(LedgerJournal, IsReplayedWhenItIsOpenedAgain) {
  FaultyStorage storage;
  std::uint64_t hash = 0;
  ledger::TreeHead head;
  {
    Host host(storage);
    ASSERT_TRUE(host.journal) << host.error.message;
    EXPECT_EQ(host.journal->recovery().entries, 0U);
    fill(host, 1);
    hash = state_hash(host.books);
    head = host.journal->tree_head();
    EXPECT_EQ(host.journal->committed_entries(), head.size);
    EXPECT_EQ(host.journal->size(), storage.bytes(files.journal).size());
  }
  for (std::uint64_t seed = 2; seed < 5; ++seed) {
    Host again(storage);
    ASSERT_TRUE(again.journal) << again.error.message;
    EXPECT_EQ(again.journal->recovery().entries, head.size);
    EXPECT_EQ(again.journal->recovery().torn_bytes, 0U);
    EXPECT_EQ(again.journal->tree_head(), head);
    EXPECT_EQ(state_hash(again.books), hash);
    fill(again, seed);
    EXPECT_TRUE(check(again.books));
    hash = state_hash(again.books);
    head = again.journal->tree_head();
  }
  EXPECT_EQ(lines_in(storage.bytes(files.journal)), head.size);
}

TEST(LedgerJournal, OfTheVectorsIsContinued) {
  FaultyStorage storage;
  const std::string bytes = testing::vector_bytes("ledger.jsonl");
  storage.put(files.journal, bytes);
  Host host(storage);
  ASSERT_TRUE(host.journal) << host.error.message;
  fill(host, 1);
  EXPECT_TRUE(storage.bytes(files.journal).starts_with(bytes));
  const auto made = host.journal->sign_checkpoint(testing::vector_log_signer(), {});
  ASSERT_TRUE(made) << made.error().message;
  Host again(storage);
  EXPECT_EQ(again.error.code, ErrorCode::conflict) << "G6: it is open already";
}

TEST(LedgerJournal, SignsTheVectorsCheckpoint) {
  FaultyStorage storage;
  storage.put(files.journal, testing::vector_bytes("ledger.jsonl"));
  Host host(storage);
  ASSERT_TRUE(host.journal->sign_checkpoint(testing::vector_log_signer(), testing::vector_time));
  EXPECT_EQ(storage.bytes(files.checkpoint), testing::vector_bytes("checkpoint"));
}

TEST(LedgerJournal, SignsOnlyWhatIsCommitted) {
  FaultyStorage storage;
  Host host(storage);
  fill(host, 1);
  host.books.note({"verdict", ""}, host.books.time());
  EXPECT_EQ(host.journal->sign_checkpoint(testing::vector_log_signer(), {}).error().code,
            ErrorCode::conflict);
  ASSERT_TRUE(host.journal->commit());
  EXPECT_TRUE(host.journal->sign_checkpoint(testing::vector_log_signer(), {}));
  EXPECT_EQ(host.journal->sign_checkpoint(testing::vector_witness_signer(), {}).error().code,
            ErrorCode::invalid_argument);
}

TEST(LedgerJournal, ABatchIsOneWriteAndOneSync) {
  FaultyStorage storage;
  Host host(storage);
  fill(host, 1);
  LedgerTraffic traffic(host.books, 2);
  for (int i = 0; i < 300; ++i) traffic.step();
  const std::uint64_t before = storage.changes();
  ASSERT_TRUE(host.journal->commit());
  EXPECT_EQ(storage.changes() - before, 2U);
  ASSERT_TRUE(host.journal->commit());
  EXPECT_EQ(storage.changes() - before, 2U) << "nothing to do";
}

TEST(LedgerJournal, ALargeBatchIsWrittenInPieces) {
  FaultyStorage storage;
  LedgerFiles pieces = files;
  pieces.piece = 1000;
  Host host(storage, pieces);
  fill(host, 1);
  const std::uint64_t before = storage.bytes(files.journal).size();
  LedgerTraffic traffic(host.books, 2);
  for (int i = 0; i < 30; ++i) traffic.step();
  EXPECT_GT(storage.bytes(files.journal).size(), before + 1000);
  EXPECT_EQ(host.journal->size(), before);
  ASSERT_TRUE(host.journal->commit());
  const std::string bytes = storage.bytes(files.journal);
  EXPECT_EQ(host.journal->size(), bytes.size());
  EXPECT_EQ(host.journal->tree_head(), head_of(bytes, lines_in(bytes)));

  // What was not committed goes with the journal.
  for (int i = 0; i < 30; ++i) traffic.step();
  EXPECT_GT(storage.bytes(files.journal).size(), bytes.size());
  host.books.attach(nullptr);
  host.journal.reset();
  EXPECT_EQ(storage.bytes(files.journal), bytes);
}

TEST(LedgerJournal, ShortWritesAreCompleted) {
  FaultyStorage storage;
  storage.short_writes = true;
  Host host(storage);
  fill(host, 1);
  const std::uint64_t hash = state_hash(host.books);
  host.journal.reset();
  Host again(storage);
  ASSERT_TRUE(again.journal) << again.error.message;
  EXPECT_EQ(state_hash(again.books), hash);
}

TEST(LedgerJournal, AFullDiskLosesNothingThatWasAcknowledged) {
  for (std::uint64_t space = 0; space < 2000; space += 111) {
    FaultyStorage storage;
    Host host(storage);
    fill(host, 1);
    const std::uint64_t hash = state_hash(host.books);
    const std::string bytes = storage.bytes(files.journal);
    storage.space = space;
    LedgerTraffic traffic(host.books, 2);
    for (int i = 0; i < 50; ++i) traffic.step();
    const auto failed = host.journal->commit();
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find("No space left"), std::string::npos);
    EXPECT_EQ(host.journal->commit().error().message, failed.error().message) << "and for good";
    EXPECT_EQ(host.journal->sign_checkpoint(testing::vector_log_signer(), {}).error().message,
              failed.error().message);
    EXPECT_EQ(storage.bytes(files.journal), bytes);
    host.books.attach(nullptr);
    host.journal.reset();
    storage.space.reset();
    Host again(storage);
    ASSERT_TRUE(again.journal) << again.error.message;
    EXPECT_EQ(state_hash(again.books), hash);
  }
}

TEST(LedgerJournal, AFailedSyncIsNotTriedAgain) {
  FaultyStorage storage;
  Host host(storage);
  fill(host, 1);
  storage.fail_sync = true;
  host.books.note({"verdict", ""}, host.books.time());
  ASSERT_FALSE(host.journal->commit());
  EXPECT_FALSE(storage.fail_sync);
  EXPECT_FALSE(host.journal->commit());
}

TEST(LedgerJournal, AnEntryThatCannotBeWrittenFailsTheCommit) {
  FaultyStorage storage;
  Host host(storage);
  fill(host, 1);
  const std::string bytes = storage.bytes(files.journal);
  host.books.note({"verdict", "\"a\":1.5"}, host.books.time());
  EXPECT_EQ(host.journal->commit().error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(storage.bytes(files.journal), bytes);
}

TEST(LedgerJournal, ATornLineIsCut) {
  FaultyStorage storage;
  {
    Host host(storage);
    fill(host, 1);
  }
  const std::string bytes = storage.bytes(files.journal);
  for (const std::string& torn : {std::string("{"), std::string(1000, '\0'), bytes.substr(0, 100),
                                  std::string("{\"v\":1,\0\0\0", 10)}) {
    storage.put(files.journal, bytes + torn);
    Host host(storage);
    ASSERT_TRUE(host.journal) << host.error.message;
    EXPECT_EQ(host.journal->recovery().torn_bytes, torn.size());
    EXPECT_EQ(storage.bytes(files.journal), bytes);
    fill(host, 2);
    host.journal.reset();
    Host again(storage);
    EXPECT_TRUE(again.journal) << again.error.message;
  }
}

TEST(LedgerJournal, AChainWithoutItsEndIsCut) {
  FaultyStorage storage;
  std::string bytes;
  {
    Host host(storage);
    fill(host, 1);
    bytes = storage.bytes(files.journal);
    std::vector<ledger::Transfer> chain(3);
    for (std::size_t i = 0; i < chain.size(); ++i) {
      chain[i].id = ledger::TransferId{1000 + i};
      chain[i].debit = host.books.names().find("op:mint").value();
      chain[i].credit = host.books.names().find("user:u1").value();
      chain[i].amount = 1;
      chain[i].linked = i < 2;
    }
    for (const ledger::Status status : host.books.book(chain, host.books.time())) {
      ASSERT_EQ(status, ledger::Status::booked);
    }
    ASSERT_TRUE(host.journal->commit());
  }
  const auto lines = testing::lines_of(storage.bytes(files.journal));
  std::string cut = bytes + lines[lines.size() - 3] + '\n' + lines[lines.size() - 2] + '\n';
  for (const std::string& torn : {std::string(), std::string("{\"v\":")}) {
    storage.put(files.journal, cut + torn);
    Host host(storage);
    ASSERT_TRUE(host.journal) << host.error.message;
    EXPECT_EQ(host.journal->recovery().torn_entries, 2U);
    EXPECT_EQ(storage.bytes(files.journal), bytes);
    EXPECT_EQ(host.journal->tree_head(), head_of(bytes, lines_in(bytes)));
    EXPECT_TRUE(check(host.books));
    fill(host, 3);
    host.journal.reset();
    Host again(storage);
    EXPECT_TRUE(again.journal) << again.error.message;
  }
}

TEST(LedgerJournal, ThatIsDamagedInTheMiddleIsRefusedAndLeftAlone) {
  FaultyStorage storage;
  {
    Host host(storage);
    fill(host, 1);
  }
  const std::string bytes = storage.bytes(files.journal);
  const std::size_t last_line = bytes.rfind('\n', bytes.size() - 2);
  for (std::size_t at = 0; at < last_line; at += 97) {
    for (const int bit : {0, 3, 7}) {
      std::string bad = bytes;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      storage.put(files.journal, bad);
      Host host(storage);
      ASSERT_FALSE(host.journal) << "byte " << at;
      EXPECT_EQ(host.error.code, ErrorCode::corrupt) << host.error.message;
      EXPECT_EQ(host.error.where.file, files.journal);
      const auto line = 1 + std::count(bytes.begin(), bytes.begin() + std::ptrdiff_t(at), '\n');
      EXPECT_GE(host.error.where.line, line);
      EXPECT_LE(host.error.where.line, line + 1);
      EXPECT_EQ(storage.bytes(files.journal), bad);
    }
  }
}

TEST(LedgerJournal, RefusesToContinueAnOldBackup) {
  FaultyStorage storage;
  std::string backup;
  {
    Host host(storage);
    fill(host, 1);
    backup = storage.bytes(files.journal);
    ASSERT_TRUE(host.journal->sign_checkpoint(testing::vector_log_signer(), {}));
    fill(host, 2);
    ASSERT_TRUE(host.journal->sign_checkpoint(testing::vector_log_signer(), {}));
  }
  const std::string whole = storage.bytes(files.journal);
  const std::string published = storage.bytes(files.checkpoint);
  storage.put(files.journal, backup);
  {
    Host host(storage);
    ASSERT_FALSE(host.journal);
    EXPECT_EQ(host.error.code, ErrorCode::refused);
    EXPECT_NE(host.error.message.find("the journal ends after"), std::string::npos);
  }
  // Another history that goes on from the backup, made where nothing was remembered.
  {
    FaultyStorage elsewhere;
    elsewhere.put(files.journal, backup);
    Host host(elsewhere);
    fill(host, 3, 20);
    storage.put(files.journal, elsewhere.bytes(files.journal));
  }
  {
    Host host(storage);
    ASSERT_FALSE(host.journal);
    EXPECT_EQ(host.error.code, ErrorCode::refused);
    EXPECT_NE(host.error.message.find("are not those that were signed"), std::string::npos);
  }
  // And one that was begun anew under the same name.
  storage.put(files.journal, "");
  {
    Host host(storage);
    ASSERT_TRUE(host.journal);
    fill(host, 4, 20);
    for (int i = 0; i < 2; ++i) {
      const auto made = host.journal->sign_checkpoint(testing::vector_log_signer(), {});
      ASSERT_FALSE(made);
      EXPECT_EQ(made.error().code, ErrorCode::refused);
    }
  }
  EXPECT_EQ(storage.bytes(files.checkpoint), published);
  storage.put(files.journal, whole);
  Host host(storage);
  ASSERT_TRUE(host.journal) << host.error.message;
  EXPECT_TRUE(host.journal->sign_checkpoint(testing::vector_log_signer(), {}));
}

TEST(LedgerJournal, WithoutAPlaceForCheckpointsSignsNone) {
  FaultyStorage storage;
  Host host(storage, {files.journal, "", ""});
  fill(host, 1);
  EXPECT_EQ(host.journal->sign_checkpoint(testing::vector_log_signer(), {}).error().code,
            ErrorCode::invalid_argument);
  FaultyStorage other;
  Host unnamed(other);
  ASSERT_TRUE(unnamed.journal);
  EXPECT_EQ(unnamed.journal->sign_checkpoint(testing::vector_log_signer(), {}).error().code,
            ErrorCode::invalid_argument);
}

TEST(LedgerJournal, OnADiskIsLockedReplayedAndSigned) {
  const testing::Scratch scratch;
  const LedgerFiles paths{scratch.file("j"), scratch.file("c"), scratch.path() + "/memory"};
  {
    Host host(posix_storage(), paths);
    EXPECT_EQ(host.error.code, ErrorCode::not_found) << "the folder of the memory";
    EXPECT_NE(host.error.message.find("no folder"), std::string::npos);
  }
  std::filesystem::create_directory(paths.memory);
  std::uint64_t hash = 0;
  {
    Host host(posix_storage(), paths);
    ASSERT_TRUE(host.journal) << host.error.message;
    fill(host, 1);
    hash = state_hash(host.books);
    ASSERT_TRUE(host.journal->sign_checkpoint(testing::vector_log_signer(), {}));
    Host second(posix_storage(), paths);
    EXPECT_EQ(second.error.code, ErrorCode::conflict);
  }
  std::ofstream(paths.journal, std::ios::app) << "{\"v\":1,\"se";
  Host again(posix_storage(), paths);
  ASSERT_TRUE(again.journal) << again.error.message;
  EXPECT_EQ(again.journal->recovery().torn_bytes, 10U);
  EXPECT_EQ(state_hash(again.books), hash);
  const auto checkpoint = read_signed_checkpoint(paths.checkpoint);
  ASSERT_TRUE(checkpoint) << checkpoint.error().message;
  EXPECT_EQ(checkpoint->checkpoint.tree, again.journal->tree_head());
  Host folder(posix_storage(), {scratch.path(), "", ""});
  EXPECT_EQ(folder.error.code, ErrorCode::io);
}

}  // namespace
}  // namespace nexa::io
