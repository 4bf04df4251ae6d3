#include "io/receipt.hpp"

#include <gtest/gtest.h>

#include "io/sha256.hpp"
#include "ledger/chain.hpp"
#include "tests/io/vectors.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using testing::vector_bytes;

std::vector<std::string> vector_lines() {
  return testing::lines_of(vector_bytes("ledger.jsonl"));
}

/// The digests behind a name in the file of values, without their number.
std::vector<core::Digest> vector_digests(const std::string& name) {
  std::vector<core::Digest> digests;
  for (const std::string& word : testing::vector_values(name)) {
    digests.push_back(testing::digest_of_hex(word));
  }
  return digests;
}

std::vector<core::Digest> roots_of(const std::vector<std::string>& lines,
                                   std::vector<ledger::LeafRange> ranges) {
  ledger::SubtreeRoots roots(sha256_of_parts, std::move(ranges));
  for (const std::string& line : lines) roots.add(ledger::leaf_hash(sha256_of_parts, line));
  return roots.roots();
}

TEST(Chain, OfTheVectorsHasTheirLeavesAndRoots) {
  ledger::Chain chain(sha256_of_parts);
  const auto lines = vector_lines();
  ASSERT_EQ(lines.size(), 7U);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_NE(lines[i].find("\"prev\":\"" + to_hex(chain.head()) + '"'), std::string::npos);
    EXPECT_EQ(to_hex(chain.add(lines[i])),
              testing::vector_values("leaf[" + std::to_string(i) + "]")[0]);
    EXPECT_EQ(to_hex(chain.tree_head().root),
              testing::vector_values("root[" + std::to_string(i + 1) + "]")[0]);
    EXPECT_EQ(chain.size(), i + 1);
  }
}

TEST(Proofs, OfTheVectorsAreComputed) {
  const auto lines = vector_lines();
  EXPECT_EQ(roots_of(lines, ledger::inclusion_ranges(3, 7)),
            vector_digests("inclusion idx3 size7:"));
  EXPECT_EQ(roots_of(lines, ledger::consistency_ranges(4, 7)), vector_digests("consistency 4->7:"));
  EXPECT_EQ(roots_of(lines, ledger::consistency_ranges(3, 7)), vector_digests("consistency 3->7:"));
}

TEST(Checkpoint, IsWrittenAndReadAsInTheVectors) {
  const auto read = parse_signed_checkpoint(vector_bytes("checkpoint"), "checkpoint");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->checkpoint.origin, testing::vector_origin);
  EXPECT_EQ(read->checkpoint.tree.size, 7U);
  EXPECT_EQ(to_hex(read->checkpoint.tree.root), testing::vector_values("root[7]")[0]);
  EXPECT_EQ(to_text(read->checkpoint), read->note.text);
  EXPECT_TRUE(read_signed_checkpoint(testing::vector_path("checkpoint")));
  EXPECT_EQ(read_signed_checkpoint("absent").error().code, ErrorCode::not_found);
}

TEST(Checkpoint, KeepsExtensionLines) {
  const std::string text = vector_bytes("checkpoint").substr(0, 75) + "more 1\nmore 2\n";
  const auto checkpoint = parse_checkpoint(text, "f");
  ASSERT_TRUE(checkpoint) << checkpoint.error().message;
  EXPECT_EQ(checkpoint->extensions, (std::vector<std::string>{"more 1", "more 2"}));
  EXPECT_EQ(to_text(*checkpoint), text);
}

TEST(Checkpoint, MalformedOnesAreErrorsWithTheirLine) {
  const std::string root = "nenamLGxGgIVfv2ZfQ3rxjthD9Tmyr9l0VZ/yNgn7vU=";
  const auto fails = [](const std::string& text, int line, const std::string& says) {
    const auto checkpoint = parse_checkpoint(text, "f");
    ASSERT_FALSE(checkpoint) << text;
    EXPECT_EQ(checkpoint.error().where.line, line) << text;
    EXPECT_NE(checkpoint.error().message.find(says), std::string::npos)
        << checkpoint.error().message;
  };
  fails("", 1, "no origin");
  fails("\n7\n" + root + '\n', 1, "no origin");
  fails("o\n", 2, "size of the tree is ''");
  fails("o\n07\n" + root + '\n', 2, "'07'");
  fails("o\n+7\n" + root + '\n', 2, "'+7'");
  fails("o\n7 \n" + root + '\n', 2, "'7 '");
  fails("o\n9223372036854775808\n" + root + '\n', 2, "'9223372036854775808'");
  fails("o\n7\n", 3, "root of the tree is ''");
  fails("o\n7\n" + root.substr(4) + '\n', 3, "root of the tree");
  fails("o\n7\n" + root + "\n\n", 4, "extension line");
  EXPECT_TRUE(parse_checkpoint("o\n0\n" + root + '\n', "f"));
}

TEST(Receipt, OfTheVectorsIsReadVerifiedAndWritten) {
  const auto receipt = read_receipt(testing::vector_path("entry3.tlog-proof"));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->index, 3U);
  EXPECT_EQ(receipt->path, vector_digests("inclusion idx3 size7:"));
  EXPECT_EQ(to_text(*receipt), vector_bytes("entry3.tlog-proof"));
  const auto lines = vector_lines();
  for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_EQ(proves(*receipt, lines[i]), i == 3);
  const std::vector<NoteKey> keys{testing::vector_log_signer().key(),
                                  testing::vector_witness_signer().key()};
  EXPECT_EQ(verify_note(receipt->checkpoint.note, keys, testing::vector_time)->size(), 2U);
}

TEST(Receipt, IsMadeFromAJournalByteForByte) {
  Receipt receipt;
  receipt.index = 3;
  receipt.path = roots_of(vector_lines(), ledger::inclusion_ranges(3, 7));
  receipt.checkpoint = *parse_signed_checkpoint(vector_bytes("checkpoint.cosigned"), "f");
  EXPECT_EQ(to_text(receipt), vector_bytes("entry3.tlog-proof"));
  receipt.extra = std::vector<std::uint8_t>{1, 2, 3};
  const auto again = parse_receipt(to_text(receipt), "f");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->extra, receipt.extra);
  EXPECT_EQ(to_text(*again), to_text(receipt));
}

TEST(Receipt, DoesNotSurviveAChangedBit) {
  const std::string good = vector_bytes("entry3.tlog-proof");
  const std::string line = vector_lines()[3];
  const std::vector<NoteKey> keys{testing::vector_log_signer().key()};
  const std::size_t witness_line = good.rfind("\u2014");
  for (std::size_t bit = 0; bit < 8 * witness_line; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    const auto receipt = parse_receipt(bad, "f");
    const bool holds = receipt && proves(*receipt, line) &&
                       verify_note(receipt->checkpoint.note, keys, testing::vector_time);
    ASSERT_FALSE(holds) << "bit " << bit;
  }
}

TEST(Receipt, MalformedOnesAreErrorsWithTheirLine) {
  const std::string checkpoint = vector_bytes("checkpoint");
  const std::string first = "c2sp.org/tlog-proof@v1\n";
  const std::string step = "nenamLGxGgIVfv2ZfQ3rxjthD9Tmyr9l0VZ/yNgn7vU=\n";
  const auto fails = [](const std::string& text, int line, const std::string& says) {
    const auto receipt = parse_receipt(text, "f");
    ASSERT_FALSE(receipt) << text;
    EXPECT_EQ(receipt.error().where.line, line) << receipt.error().message;
    EXPECT_NE(receipt.error().message.find(says), std::string::npos) << receipt.error().message;
  };
  fails("", 0, "not a receipt");
  fails("c2sp.org/tlog-proof@v2\n", 1, "not a receipt");
  fails(first, 1, "no index");
  fails(first + "index x\n", 2, "'x'");
  fails(first + "index 03\n", 2, "'03'");
  fails(first + "extra !\nindex 3\n", 2, "extra data");
  fails(first + "index 3\nabc\n\n" + checkpoint, 3, "'abc'");
  fails(first + "index 3\n" + step, 3, "ends before");
  fails(first + "index 3\n" + step + "\no\n07\n" + step + "\n\u2014 name AAAAAAA=\n", 6, "'07'");
  std::string long_path = first + "index 3\n";
  for (int i = 0; i < 64; ++i) long_path += step;
  fails(long_path + '\n' + checkpoint, 66, "longer than that of any tree");
  EXPECT_TRUE(parse_receipt(first + "index 0\n\n" + checkpoint, "f"));
}

}  // namespace
}  // namespace nexa::io
