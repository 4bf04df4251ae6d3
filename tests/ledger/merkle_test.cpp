#include "ledger/merkle.hpp"

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "core/rng.hpp"
#include "io/sha256.hpp"

namespace nexa::ledger {
namespace {

using core::Digest;
using core::to_hex;
using io::sha256_of_parts;

/// RFC 6962 §2.1 word by word, with each subtree computed once. Shares no code with the module.
class Oracle {
 public:
  explicit Oracle(std::vector<std::string> lines) : lines_(std::move(lines)) {}

  const Digest& tree_hash(std::uint64_t begin, std::uint64_t end) {
    const auto known = hashes_.find({begin, end});
    if (known != hashes_.end()) return known->second;
    Digest hash;
    if (begin == end) {
      hash = io::sha256("");
    } else if (end - begin == 1) {
      hash = io::sha256(std::string(1, '\0') + lines_[begin]);
    } else {
      const std::uint64_t k = begin + largest_power_below(end - begin);
      hash = io::sha256("\x01" + text(tree_hash(begin, k)) + text(tree_hash(k, end)));
    }
    return hashes_.emplace(std::pair{begin, end}, hash).first->second;
  }

  std::vector<Digest> path(std::uint64_t m, std::uint64_t begin, std::uint64_t end) {
    if (end - begin == 1) return {};
    const std::uint64_t k = largest_power_below(end - begin);
    const bool is_left = m < k;
    std::vector<Digest> path =
        is_left ? this->path(m, begin, begin + k) : this->path(m - k, begin + k, end);
    path.push_back(is_left ? tree_hash(begin + k, end) : tree_hash(begin, begin + k));
    return path;
  }

  std::vector<Digest> proof(std::uint64_t m, std::uint64_t begin, std::uint64_t end, bool whole) {
    if (m == end - begin) {
      if (whole) return {};
      return {tree_hash(begin, end)};
    }
    const std::uint64_t k = largest_power_below(end - begin);
    const bool is_left = m <= k;
    std::vector<Digest> proof = is_left ? this->proof(m, begin, begin + k, whole)
                                        : this->proof(m - k, begin + k, end, false);
    proof.push_back(is_left ? tree_hash(begin + k, end) : tree_hash(begin, begin + k));
    return proof;
  }

 private:
  static std::uint64_t largest_power_below(std::uint64_t n) {
    std::uint64_t power = 1;
    while (2 * power < n) power *= 2;
    return power;
  }
  static std::string text(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
  }

  std::vector<std::string> lines_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Digest> hashes_;
};

std::vector<std::string> some_lines(std::size_t count) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < count; ++i) lines.push_back("line " + std::to_string(i));
  return lines;
}

std::vector<Digest> leaves_of(const std::vector<std::string>& lines) {
  std::vector<Digest> leaves;
  for (const std::string& line : lines) leaves.push_back(leaf_hash(sha256_of_parts, line));
  return leaves;
}

std::vector<Digest> roots_of(const std::vector<Digest>& leaves, std::uint64_t size,
                             std::vector<LeafRange> ranges) {
  SubtreeRoots roots(sha256_of_parts, std::move(ranges));
  for (std::uint64_t i = 0; i < size; ++i) roots.add(leaves[i]);
  return roots.roots();
}

std::vector<Digest> from_oracle(Oracle& oracle, const std::vector<LeafRange>& ranges) {
  std::vector<Digest> hashes;
  for (const LeafRange range : ranges) hashes.push_back(oracle.tree_hash(range.begin, range.end));
  return hashes;
}

TEST(TreeFrontier, HasTheReferenceRootsOfRfc6962) {
  // The inputs of the reference implementation's tests (certificate-transparency, merkle_tree).
  const std::vector<std::string> inputs{
      std::string(),
      std::string(1, '\0'),
      "\x10",
      "\x20\x21",
      "\x30\x31",
      "\x40\x41\x42\x43",
      "\x50\x51\x52\x53\x54\x55\x56\x57",
      "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  TreeFrontier tree(sha256_of_parts);
  EXPECT_EQ(to_hex(tree.root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (const std::string& input : inputs) tree.add(leaf_hash(sha256_of_parts, input));
  EXPECT_EQ(to_hex(tree.root()),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(TreeFrontier, HasTheRootOfEverySize) {
  const auto lines = some_lines(257);
  const auto leaves = leaves_of(lines);
  Oracle oracle(lines);
  TreeFrontier tree(sha256_of_parts);
  for (std::uint64_t size = 0; size <= lines.size(); ++size) {
    EXPECT_EQ(tree.size(), size);
    EXPECT_EQ(tree.root(), oracle.tree_hash(0, size));
    if (size < leaves.size()) tree.add(leaves[size]);
  }
}

TEST(Inclusion, OfEveryLeafOfEverySmallTreeEqualsBruteForce) {
  const auto lines = some_lines(257);
  const auto leaves = leaves_of(lines);
  Oracle oracle(lines);
  for (std::uint64_t size = 1; size <= lines.size(); ++size) {
    const Digest root = oracle.tree_hash(0, size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto path = oracle.path(index, 0, size);
      const auto ranges = inclusion_ranges(index, size);
      ASSERT_EQ(from_oracle(oracle, ranges), path) << index << " of " << size;
      ASSERT_TRUE(verify_inclusion(sha256_of_parts, leaves[index], index, size, path, root));
      if (size <= 20 || size >= 255) {
        ASSERT_EQ(roots_of(leaves, size, ranges), path) << index << " of " << size;
      }
    }
  }
}

TEST(Consistency, OfEveryPairOfSmallTreesEqualsBruteForce) {
  const auto lines = some_lines(257);
  const auto leaves = leaves_of(lines);
  Oracle oracle(lines);
  for (std::uint64_t size = 1; size <= lines.size(); ++size) {
    const TreeHead newer{size, oracle.tree_hash(0, size)};
    for (std::uint64_t old = 1; old <= size; ++old) {
      const TreeHead older{old, oracle.tree_hash(0, old)};
      const auto proof = oracle.proof(old, 0, size, true);
      const auto ranges = consistency_ranges(old, size);
      ASSERT_EQ(from_oracle(oracle, ranges), proof) << old << " in " << size;
      ASSERT_TRUE(verify_consistency(sha256_of_parts, older, newer, proof)) << old << ' ' << size;
      if (size <= 20 || size >= 255) {
        ASSERT_EQ(roots_of(leaves, size, ranges), proof) << old << " in " << size;
      }
    }
  }
}

TEST(Proofs, OfLargeTreesHold) {
  constexpr std::uint64_t seed = 20240117;
  SCOPED_TRACE("seed " + std::to_string(seed));
  const auto leaves = leaves_of(some_lines(70'000));
  for (std::uint32_t trial = 0; trial < 12; ++trial) {
    const auto draw = [&](std::uint32_t number, std::uint64_t bound) {
      return core::random_below({.seed = seed, .entity = trial, .draw = number}, bound);
    };
    const std::uint64_t size = 1 + draw(0, leaves.size() - 1);
    const std::uint64_t index = draw(1, size);
    const std::uint64_t old = 1 + draw(2, size);
    TreeFrontier tree(sha256_of_parts);
    Digest old_root;
    for (std::uint64_t i = 0; i < size; ++i) {
      tree.add(leaves[i]);
      if (tree.size() == old) old_root = tree.root();
    }
    const auto path = roots_of(leaves, size, inclusion_ranges(index, size));
    EXPECT_TRUE(verify_inclusion(sha256_of_parts, leaves[index], index, size, path, tree.root()));
    EXPECT_FALSE(
        verify_inclusion(sha256_of_parts, leaves[index + 1], index, size, path, tree.root()));
    const auto proof = roots_of(leaves, size, consistency_ranges(old, size));
    EXPECT_TRUE(verify_consistency(sha256_of_parts, {old, old_root}, {size, tree.root()}, proof));
  }
}

TEST(Inclusion, OfDegenerateProofsIsRefused) {
  const auto lines = some_lines(13);
  const auto leaves = leaves_of(lines);
  Oracle oracle(lines);
  const auto verified = [&](std::uint64_t index, std::uint64_t size,
                            const std::vector<Digest>& path) {
    return verify_inclusion(sha256_of_parts, leaves[5], index, size, path, oracle.tree_hash(0, 13));
  };
  auto path = oracle.path(5, 0, 13);
  ASSERT_TRUE(verified(5, 13, path));
  EXPECT_FALSE(verified(13, 13, path)) << "no leaf of the tree";
  EXPECT_FALSE(verified(5, 0, path)) << "no tree";
  EXPECT_FALSE(verified(5, 5, path)) << "not in the older tree";
  EXPECT_FALSE(verified(4, 13, path)) << "another leaf";
  EXPECT_FALSE(verified(5, 29, path)) << "a higher tree";
  path.push_back(leaves[0]);
  EXPECT_FALSE(verified(5, 13, path)) << "a node too many";
  path.pop_back();
  path.pop_back();
  EXPECT_FALSE(verified(5, 13, path)) << "a node missing";
}

TEST(Inclusion, NeedsNoPathInATreeOfOneLeafOnly) {
  const auto leaves = leaves_of(some_lines(2));
  const std::vector<Digest> none;
  EXPECT_TRUE(verify_inclusion(sha256_of_parts, leaves[0], 0, 1, none, leaves[0]));
  EXPECT_FALSE(verify_inclusion(sha256_of_parts, leaves[0], 0, 2, none, leaves[0]));
  EXPECT_FALSE(verify_inclusion(sha256_of_parts, leaves[0], 0, 0, none, leaves[0]));
  EXPECT_FALSE(verify_inclusion(sha256_of_parts, leaves[0], 0, 1, std::vector<Digest>{leaves[1]},
                                leaves[0]));
  EXPECT_TRUE(inclusion_ranges(0, 1).empty());
}

TEST(Inclusion, DoesNotSurviveAChangedBit) {
  const auto lines = some_lines(11);
  const auto leaves = leaves_of(lines);
  Oracle oracle(lines);
  auto path = oracle.path(7, 0, 11);
  for (Digest& digest : path) {
    for (std::size_t bit = 0; bit < 256; bit += 37) {
      const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
      digest.bytes.at(bit / 8) ^= mask;
      EXPECT_FALSE(
          verify_inclusion(sha256_of_parts, leaves[7], 7, 11, path, oracle.tree_hash(0, 11)));
      digest.bytes.at(bit / 8) ^= mask;
    }
  }
}

TEST(Consistency, OfDegenerateProofsIsRefused) {
  const auto lines = some_lines(13);
  Oracle oracle(lines);
  const auto head = [&](std::uint64_t size) { return TreeHead{size, oracle.tree_hash(0, size)}; };
  const auto verified = [](const TreeHead& older, const TreeHead& newer,
                           const std::vector<Digest>& proof) {
    return verify_consistency(sha256_of_parts, older, newer, proof);
  };
  const std::vector<Digest> none;
  for (const std::uint64_t old : {6U, 8U, 12U}) {
    auto proof = oracle.proof(old, 0, 13, true);
    ASSERT_TRUE(verified(head(old), head(13), proof));
    EXPECT_FALSE(verified(head(13), head(old), proof)) << "a tree that shrinks";
    EXPECT_FALSE(verified(head(old), {13, head(12).root}, proof)) << "another new tree";
    EXPECT_FALSE(verified({old, head(old - 1).root}, head(13), proof)) << "another old tree";
    EXPECT_FALSE(verified(head(old), head(13), none));
    proof.push_back(head(3).root);
    EXPECT_FALSE(verified(head(old), head(13), proof)) << "a node too many";
    proof.pop_back();
    proof.pop_back();
    EXPECT_FALSE(verified(head(old), head(13), proof)) << "a node missing";
  }
  EXPECT_TRUE(verified(head(13), head(13), none));
  EXPECT_FALSE(verified(head(13), {13, head(12).root}, none)) << "two trees of one size";
  EXPECT_FALSE(verified(head(13), head(13), {head(1).root}));
  EXPECT_TRUE(verified(head(0), head(13), none));
  EXPECT_TRUE(verified(head(0), head(0), none));
  EXPECT_FALSE(verified({0, head(1).root}, head(13), none)) << "an empty tree with a root";
  EXPECT_FALSE(verified(head(0), head(13), {head(1).root}));
}

TEST(SubtreeRoots, TakesItsRangesInAnyOrder) {
  const auto leaves = leaves_of(some_lines(9));
  Oracle oracle(some_lines(9));
  const auto roots = roots_of(leaves, 9, {{8, 9}, {2, 4}, {4, 7}});
  EXPECT_EQ(roots, (std::vector<Digest>{oracle.tree_hash(8, 9), oracle.tree_hash(2, 4),
                                        oracle.tree_hash(4, 7)}));
}

}  // namespace
}  // namespace nexa::ledger
