#include "io/ledger_tiles.hpp"

#include <gtest/gtest.h>

#include "io/sha256.hpp"
#include "ledger/merkle.hpp"
#include "tests/io/vectors.hpp"

namespace nexa::io {
namespace {

using testing::bytes_of;
using testing::Scratch;

std::string line_of(std::uint64_t i) {
  return "line " + std::to_string(i);
}

/// Lines in a file, and a checkpoint of them.
struct Log {
  explicit Log(std::uint64_t size) {
    std::string text;
    ledger::TreeFrontier tree(sha256_of_parts);
    for (std::uint64_t i = 0; i < size; ++i) {
      text += line_of(i) + '\n';
      tree.add(ledger::leaf_hash(sha256_of_parts, line_of(i)));
    }
    journal = scratch.file("journal", text);
    checkpoint.checkpoint = {testing::vector_origin, {size, tree.root()}, {}};
    checkpoint.note.text = to_text(checkpoint.checkpoint);
    checkpoint.note.signatures.push_back(
        sign_note(testing::vector_log_signer(), checkpoint.note.text, {}));
    std::filesystem::create_directory(scratch.file("out"));
  }

  [[nodiscard]] std::string tile(const std::string& name) const {
    return bytes_of(scratch.file("out/tile/" + name));
  }

  Scratch scratch;
  std::string journal;
  SignedCheckpoint checkpoint;
};

std::vector<core::Digest> digests_of(const std::string& bytes) {
  std::vector<core::Digest> digests(bytes.size() / 32);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    digests[i / 32].bytes.at(i % 32) = static_cast<std::uint8_t>(bytes[i]);
  }
  return digests;
}

core::Digest root_of(const std::vector<core::Digest>& hashes) {
  ledger::TreeFrontier tree(sha256_of_parts);
  for (const core::Digest& hash : hashes) tree.add(hash);
  return tree.root();
}

TEST(TileName, IsThatOfTheSpecification) {
  EXPECT_EQ(tile_name(1234067, 256), "x001/x234/067");
  EXPECT_EQ(tile_name(0, 256), "000");
  EXPECT_EQ(tile_name(999, 256), "999");
  EXPECT_EQ(tile_name(1000, 256), "x001/000");
  EXPECT_EQ(tile_name(273, 112), "273.p/112");
}

TEST(LedgerTiles, HaveTheHashesAndLinesOfTheJournal) {
  constexpr std::uint64_t size = 70'000;  // the example of the specification
  Log log(size);
  const auto done = export_tiles(log.journal, log.scratch.file("out"), log.checkpoint);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->files, 274U * 2 + 2 + 1 + 1);
  EXPECT_EQ(log.tile("0/272").size(), 256U * 32);
  EXPECT_EQ(log.tile("0/273.p/112").size(), 112U * 32);
  EXPECT_EQ(log.tile("1/000").size(), 256U * 32);
  EXPECT_EQ(log.tile("1/001.p/17").size(), 17U * 32);
  EXPECT_EQ(log.tile("2/000.p/1").size(), 32U);
  EXPECT_EQ(digests_of(log.tile("0/001"))[3], ledger::leaf_hash(sha256_of_parts, line_of(256 + 3)));
  EXPECT_EQ(digests_of(log.tile("1/000"))[255], root_of(digests_of(log.tile("0/255"))));
  EXPECT_EQ(digests_of(log.tile("2/000.p/1"))[0], root_of(digests_of(log.tile("1/000"))));
  const std::string bundle = log.tile("entries/273.p/112");
  const std::string first = line_of(273 * 256);
  EXPECT_EQ(bundle.substr(0, 2), std::string("\0", 1) + static_cast<char>(first.size()));
  EXPECT_EQ(bundle.substr(2, first.size()), first);
  EXPECT_EQ(bytes_of(log.scratch.file("out/checkpoint")), to_text(log.checkpoint.note));
}

TEST(LedgerTiles, OfSmallTreesAreThoseOfTheSpecification) {
  for (const std::uint64_t size : {0U, 1U, 255U, 256U, 257U}) {
    Log log(size);
    const auto done = export_tiles(log.journal, log.scratch.file("out"), log.checkpoint);
    ASSERT_TRUE(done) << done.error().message;
    const std::string rest = size % 256 == 0 ? "" : ".p/" + std::to_string(size % 256);
    const std::string last = "0/00" + std::to_string(size / 256) + rest;
    EXPECT_EQ(log.tile(last).empty(), rest.empty()) << size;
    EXPECT_EQ(log.tile("1/000.p/1").empty(), size < 256) << size;
  }
}

TEST(LedgerTiles, OfAnotherJournalAreNotPublished) {
  Log log(300);
  log.checkpoint.checkpoint.tree.root = {};
  EXPECT_EQ(export_tiles(log.journal, log.scratch.file("out"), log.checkpoint).error().code,
            core::ErrorCode::conflict);
  log.checkpoint.checkpoint.tree.size = 301;
  EXPECT_EQ(export_tiles(log.journal, log.scratch.file("out"), log.checkpoint).error().code,
            core::ErrorCode::conflict);
  EXPECT_TRUE(bytes_of(log.scratch.file("out/checkpoint")).empty());
}

}  // namespace
}  // namespace nexa::io
