#include "ledger/continuation.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "io/sha256.hpp"

namespace nexa::ledger {
namespace {

/// Trees of lines `<name> 0`, `<name> 1`, …, of which the first five are the same in all.
core::Digest leaf(const std::string& name, std::uint64_t i) {
  return leaf_hash(io::sha256_of_parts, (i < 5 ? "both " : name) + std::to_string(i));
}

TreeHead head_of(const std::string& name, std::uint64_t size) {
  TreeFrontier tree(io::sha256_of_parts);
  for (std::uint64_t i = 0; i < size; ++i) tree.add(leaf(name, i));
  return {size, tree.root()};
}

std::vector<core::Digest> proof_of(const std::string& name, std::uint64_t from, std::uint64_t to) {
  SubtreeRoots roots(io::sha256_of_parts, consistency_ranges(from, to));
  for (std::uint64_t i = 0; i < to; ++i) roots.add(leaf(name, i));
  return roots.roots();
}

Continuation follow(const TreeHead& last, const std::string& name, std::uint64_t size,
                    std::optional<std::uint64_t> from) {
  std::vector<core::Digest> proof;
  if (from && *from <= size) proof = proof_of(name, *from, size);
  return continuation_of(io::sha256_of_parts, last, head_of(name, size), from, proof);
}

TEST(Continuation, TellsAJournalThatGrowsFromOneThatChanged) {
  const TreeHead last = head_of("a", 8);
  EXPECT_EQ(follow(last, "a", 8, std::nullopt), Continuation::same);
  EXPECT_EQ(follow(last, "a", 13, 8), Continuation::continues);
  EXPECT_EQ(follow(last, "a", 13, std::nullopt), Continuation::unproven);
  EXPECT_EQ(follow(last, "a", 13, 5), Continuation::unproven);
  EXPECT_EQ(follow(last, "a", 7, 7), Continuation::smaller);
  EXPECT_EQ(follow(last, "b", 8, std::nullopt), Continuation::other_root);
  EXPECT_EQ(follow(last, "b", 13, 8), Continuation::false_proof);
  // Before the two part, one continues the other.
  EXPECT_EQ(follow(head_of("a", 5), "b", 13, 5), Continuation::continues);
}

TEST(Continuation, OfNothingIsAnything) {
  EXPECT_EQ(follow(head_of("a", 0), "b", 3, 0), Continuation::continues);
  EXPECT_EQ(follow(head_of("a", 0), "b", 0, 0), Continuation::same);
}

TEST(Continuation, ContradictionsAreEvidence) {
  EXPECT_TRUE(is_contradiction(Continuation::other_root));
  EXPECT_TRUE(is_contradiction(Continuation::false_proof));
  EXPECT_FALSE(is_contradiction(Continuation::same));
  EXPECT_FALSE(is_contradiction(Continuation::continues));
  EXPECT_FALSE(is_contradiction(Continuation::unproven)) << "it may be asked for";
  EXPECT_FALSE(is_contradiction(Continuation::smaller)) << "it may be offered again";
}

}  // namespace
}  // namespace nexa::ledger
