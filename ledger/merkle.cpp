#include "ledger/merkle.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <utility>

#include "core/assert.hpp"

namespace nexa::ledger {
namespace {

using core::Digest;
using core::Sha256;

constexpr std::uint8_t leaf_prefix = 0;
constexpr std::uint8_t node_prefix = 1;
constexpr std::size_t digest_bytes = sizeof(Digest::bytes);

/// The number of leaves of the left subtree of at least two leaves.
std::uint64_t left_leaves(std::uint64_t leaves) {
  return std::bit_floor(leaves - 1);
}

bool is_odd(std::uint64_t number) {
  return (number & 1) != 0;
}

/// Where a walk from a leaf to the root has come to: the node's number within its level, and that
/// of the level's last node.
struct Climb {
  std::uint64_t node;
  std::uint64_t last;

  void up() {
    node >>= 1;
    last >>= 1;
  }
  /// The last node of a level without a sibling on its right passes to the level above unchanged.
  void skip_levels_without_sibling() {
    while (!is_odd(node) && node != 0) up();
  }
  [[nodiscard]] bool sibling_is_left() const { return is_odd(node) || node == last; }
  [[nodiscard]] bool is_at_root() const { return last == 0; }
};

}  // namespace

Digest leaf_hash(Sha256 sha256, std::string_view line) {
  return core::hash(sha256, {core::Bytes(&leaf_prefix, 1), core::bytes_of(line)});
}

Digest node_hash(Sha256 sha256, const Digest& left, const Digest& right) {
  // One part is hashed faster than three.
  std::array<std::uint8_t, 1 + 2 * digest_bytes> input{node_prefix};
  std::copy(left.bytes.begin(), left.bytes.end(), input.begin() + 1);
  std::copy(right.bytes.begin(), right.bytes.end(), input.begin() + 1 + digest_bytes);
  return core::hash(sha256, {input});
}

void TreeFrontier::add(const Digest& leaf) {
  Digest subtree = leaf;
  for (std::uint64_t whole = size_; is_odd(whole); whole >>= 1) {
    subtree = node_hash(sha256_, subtrees_.back(), subtree);
    subtrees_.pop_back();
  }
  subtrees_.push_back(subtree);
  ++size_;
}

Digest TreeFrontier::root() const {
  if (subtrees_.empty()) return sha256_({});
  Digest root = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i > 0; --i) {
    root = node_hash(sha256_, subtrees_[i - 1], root);
  }
  return root;
}

std::vector<LeafRange> inclusion_ranges(std::uint64_t index, std::uint64_t size) {
  NEXA_ASSERT(index < size, "only a leaf of the tree can be proven to be in it");
  std::vector<LeafRange> path;
  LeafRange tree{0, size};
  while (tree.end - tree.begin > 1) {
    const std::uint64_t middle = tree.begin + left_leaves(tree.end - tree.begin);
    if (index < middle) {
      path.push_back({middle, tree.end});
      tree.end = middle;
    } else {
      path.push_back({tree.begin, middle});
      tree.begin = middle;
    }
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<LeafRange> consistency_ranges(std::uint64_t old_size, std::uint64_t new_size) {
  NEXA_ASSERT(old_size <= new_size, "a tree does not shrink");
  std::vector<LeafRange> path;
  if (old_size == 0) return path;
  LeafRange tree{0, new_size};
  while (tree.end != old_size) {
    const std::uint64_t middle = tree.begin + left_leaves(tree.end - tree.begin);
    if (old_size <= middle) {
      path.push_back({middle, tree.end});
      tree.end = middle;
    } else {
      path.push_back({tree.begin, middle});
      tree.begin = middle;
    }
  }
  // A subtree that is the whole old tree is known to who checks the proof.
  if (tree.begin != 0) path.push_back(tree);
  std::reverse(path.begin(), path.end());
  return path;
}

SubtreeRoots::SubtreeRoots(Sha256 sha256, std::vector<LeafRange> ranges)
    : sha256_(sha256),
      ranges_(std::move(ranges)),
      by_begin_(ranges_.size()),
      roots_(ranges_.size()),
      current_(sha256) {
  std::iota(by_begin_.begin(), by_begin_.end(), std::size_t{0});
  std::sort(by_begin_.begin(), by_begin_.end(),
            [this](std::size_t a, std::size_t b) { return ranges_[a].begin < ranges_[b].begin; });
  std::uint64_t end = 0;
  for (const std::size_t i : by_begin_) {
    NEXA_ASSERT(end <= ranges_[i].begin && ranges_[i].begin < ranges_[i].end,
                "subtrees of a proof are not empty and share no leaves");
    end = ranges_[i].end;
  }
}

void SubtreeRoots::add(const Digest& leaf) {
  const std::uint64_t at = leaf_++;
  if (next_ == by_begin_.size() || at < ranges_[by_begin_[next_]].begin) return;
  current_.add(leaf);
  const std::size_t range = by_begin_[next_];
  if (leaf_ < ranges_[range].end) return;
  roots_[range] = current_.root();
  current_ = TreeFrontier(sha256_);
  ++next_;
}

const std::vector<Digest>& SubtreeRoots::roots() const {
  NEXA_ASSERT(next_ == by_begin_.size(), "all leaves of the subtrees must have been added");
  return roots_;
}

std::optional<Digest> root_of_path(Sha256 sha256, const Digest& leaf, std::uint64_t index,
                                   std::uint64_t size, std::span<const Digest> path) {
  if (index >= size) return std::nullopt;
  Climb climb{index, size - 1};
  Digest root = leaf;
  for (const Digest& sibling : path) {
    if (climb.is_at_root()) return std::nullopt;
    if (climb.sibling_is_left()) {
      root = node_hash(sha256, sibling, root);
      climb.skip_levels_without_sibling();
    } else {
      root = node_hash(sha256, root, sibling);
    }
    climb.up();
  }
  if (!climb.is_at_root()) return std::nullopt;
  return root;
}

bool verify_inclusion(Sha256 sha256, const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Digest> path, const Digest& root) {
  return root_of_path(sha256, leaf, index, size, path) == root;
}

bool verify_consistency(Sha256 sha256, const TreeHead& older, const TreeHead& newer,
                        std::span<const Digest> proof) {
  if (older.size > newer.size) return false;
  if (older.size == newer.size) return proof.empty() && older.root == newer.root;
  if (older.size == 0) return proof.empty() && older.root == sha256({});

  Climb climb{older.size - 1, newer.size - 1};
  while (is_odd(climb.node)) climb.up();
  // Where the old tree is whole, its root is where the walk begins, and the proof leaves it out.
  const bool begins_with_old = std::has_single_bit(older.size);
  if (!begins_with_old && proof.empty()) return false;
  const Digest first = begins_with_old ? older.root : proof.front();
  if (!begins_with_old) proof = proof.subspan(1);

  Digest old_root = first;
  Digest new_root = first;
  for (const Digest& sibling : proof) {
    if (climb.is_at_root()) return false;
    if (climb.sibling_is_left()) {
      old_root = node_hash(sha256, sibling, old_root);
      new_root = node_hash(sha256, sibling, new_root);
      climb.skip_levels_without_sibling();
    } else {
      new_root = node_hash(sha256, new_root, sibling);
    }
    climb.up();
  }
  return climb.is_at_root() && old_root == older.root && new_root == newer.root;
}

}  // namespace nexa::ledger
