#include "io/witness.hpp"

#include <gtest/gtest.h>

#include "io/ledger_proof.hpp"
#include "io/sha256.hpp"
#include "tests/io/faulty_storage.hpp"
#include "tests/io/vectors.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using testing::FaultyStorage;
using testing::vector_time;

const std::vector<NoteKey> log_keys{testing::vector_log_signer().key()};

/// A log of lines `<name> 0`, `<name> 1`, … that signs whatever it is asked to.
class Log {
 public:
  explicit Log(std::string name) : name_(std::move(name)) {}

  [[nodiscard]] SignedCheckpoint checkpoint(std::uint64_t size) const {
    ledger::TreeFrontier tree(sha256_of_parts);
    for (std::uint64_t i = 0; i < size; ++i) tree.add(leaf(i));
    SignedCheckpoint made;
    made.checkpoint = {testing::vector_origin, {size, tree.root()}, {}};
    made.note.text = to_text(made.checkpoint);
    made.note.signatures.push_back(
        sign_note(testing::vector_log_signer(), made.note.text, vector_time));
    return made;
  }

  [[nodiscard]] WitnessRequest request(std::uint64_t old_size, std::uint64_t size) const {
    ledger::SubtreeRoots roots(sha256_of_parts, ledger::consistency_ranges(old_size, size));
    for (std::uint64_t i = 0; i < size; ++i) roots.add(leaf(i));
    return {old_size, roots.roots(), checkpoint(size)};
  }

 private:
  /// The first five lines of all logs are the same.
  [[nodiscard]] core::Digest leaf(std::uint64_t i) const {
    return ledger::leaf_hash(sha256_of_parts, (i < 5 ? "both" : name_) + std::to_string(i));
  }
  std::string name_;
};

core::Result<NoteSignature> ask(FaultyStorage& storage, const WitnessRequest& request) {
  auto memory = CheckpointMemory::open(storage, "w");
  if (!memory) return std::move(memory).error();
  return cosign(*memory, request, log_keys, testing::vector_witness_signer(), vector_time);
}

TEST(Witness, FollowsALogAndRefusesAnother) {
  FaultyStorage storage;
  const Log log("a");
  const Log fork("b");
  EXPECT_TRUE(ask(storage, {std::nullopt, {}, log.checkpoint(3)}));
  EXPECT_TRUE(ask(storage, fork.request(3, 4))) << "the same lines so far";
  EXPECT_TRUE(ask(storage, log.request(4, 9)));
  EXPECT_TRUE(ask(storage, log.request(9, 9))) << "the same again";
  EXPECT_EQ(ask(storage, fork.request(9, 9)).error().code, ErrorCode::refused);
  EXPECT_EQ(ask(storage, fork.request(9, 12)).error().code, ErrorCode::refused);
  EXPECT_EQ(ask(storage, fork.request(3, 12)).error().code, ErrorCode::conflict);
  EXPECT_TRUE(ask(storage, log.request(9, 12)));
}

TEST(Witness, AccusesNobodyOfASmallerCheckpoint) {
  FaultyStorage storage;
  const Log log("a");
  EXPECT_TRUE(ask(storage, {std::nullopt, {}, log.checkpoint(3)}));
  EXPECT_TRUE(ask(storage, log.request(3, 9)));
  // One that it has cosigned itself, one that it has not seen, and one of another history.
  for (const WitnessRequest& request : {WitnessRequest{std::nullopt, {}, log.checkpoint(3)},
                                        log.request(3, 8), Log("b").request(3, 8)}) {
    const auto answer = ask(storage, request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::conflict);
    EXPECT_NE(answer.error().message.find("is smaller than the last one"), std::string::npos);
    EXPECT_NE(answer.error().hint.find("was not shown"), std::string::npos);
    EXPECT_EQ(answer.error().hint.find("different histories"), std::string::npos);
  }
  EXPECT_TRUE(ask(storage, log.request(9, 12))) << "it goes on from the newest";
}

TEST(Witness, BeginsWithAnEmptyLogToo) {
  FaultyStorage storage;
  const Log log("a");
  EXPECT_TRUE(ask(storage, log.request(0, 0)));
  EXPECT_TRUE(ask(storage, log.request(0, 7)));
}

TEST(Witness, RefusesWhatTheLogHasNotSigned) {
  FaultyStorage storage;
  WitnessRequest request{std::nullopt, {}, Log("a").checkpoint(3)};
  request.checkpoint.note.text[0] = 'N';
  EXPECT_EQ(ask(storage, request).error().code, ErrorCode::refused);
  EXPECT_FALSE(storage.bytes("w/lock").size() > 0);
}

TEST(Witness, NeverCosignsTwoHistoriesWhateverFails) {
  const Log log("a");
  const Log fork("b");
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (std::uint64_t stop = 0; stop < 12; ++stop) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", stops at change " + std::to_string(stop));
      FaultyStorage storage(seed);
      ASSERT_TRUE(ask(storage, {std::nullopt, {}, log.checkpoint(5)}));
      storage.stop_at(stop);
      const bool went_on = ask(storage, log.request(5, 8)).has_value();
      storage.lose_power();
      const auto other = ask(storage, fork.request(5, 9));
      ASSERT_FALSE(went_on && other.has_value());
      // Whichever it was, it is not stuck.
      const bool goes_on = other.has_value() ? ask(storage, fork.request(9, 11)).has_value()
                                             : ask(storage, log.request(8, 11)).has_value();
      ASSERT_TRUE(goes_on);
    }
  }
}

TEST(WitnessRequest, IsReadAsItWasWritten) {
  const WitnessRequest request = Log("a").request(5, 12);
  const auto again = parse_witness_request(to_text(request), "f");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->old_size, request.old_size);
  EXPECT_EQ(again->proof, request.proof);
  EXPECT_EQ(to_text(*again), to_text(request));
  const auto alone = parse_witness_request(to_text(request.checkpoint.note), "f");
  ASSERT_TRUE(alone) << alone.error().message;
  EXPECT_FALSE(alone->old_size);
  for (const auto& [text, line] :
       {std::pair{"old x\n\n", 1}, std::pair{"old ", 1}, std::pair{"old 3", 2},
        std::pair{"old 3\nabc\n\n", 2}, std::pair{"old 3\n", 2}, std::pair{"old 3\n\no\n7\n", 3}}) {
    const auto wrong = parse_witness_request(text, "f");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().where.line, line) << text << wrong.error().message;
  }
}

TEST(LedgerProof, ConvincesTheVectorsReaders) {
  auto checkpoint = parse_signed_checkpoint(testing::vector_bytes("checkpoint.cosigned"), "c");
  ASSERT_TRUE(checkpoint);
  const std::string journal = testing::vector_path("ledger.jsonl");
  const auto proven = prove_entry(journal, 3, *checkpoint);
  ASSERT_TRUE(proven) << proven.error().message;
  EXPECT_EQ(to_text(proven->receipt), testing::vector_bytes("entry3.tlog-proof"));
  const auto request = prove_continuation(journal, 3, *checkpoint);
  ASSERT_TRUE(request) << request.error().message;
  std::vector<std::string> expected = testing::vector_values("consistency 3->7:");
  ASSERT_EQ(request->proof.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(to_hex(request->proof[i]), expected[i]);
  }
  EXPECT_EQ(prove_entry(journal, 7, *checkpoint).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(prove_entry("absent", 0, *checkpoint).error().code, ErrorCode::not_found);
  checkpoint->checkpoint.tree.root = {};
  EXPECT_EQ(prove_entry(journal, 3, *checkpoint).error().code, ErrorCode::conflict);
  checkpoint->checkpoint.tree.size = 8;
  EXPECT_EQ(prove_entry(journal, 3, *checkpoint).error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace nexa::io
