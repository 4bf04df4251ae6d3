#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/digest.hpp"
#include "core/sha256_port.hpp"

/// The hash tree over the lines of a journal, and the proofs that it gives.
///
/// Source: RFC 6962 §2.1, and for the checks of proofs RFC 9162 §2.1.3.2 and §2.1.4.2. A leaf is
/// SHA-256(0x00 ‖ line), a node SHA-256(0x01 ‖ left ‖ right), and the left subtree of n leaves has
/// the largest power of two below n.
namespace nexa::ledger {

/// What stands at the bottom of the tree for one line, given without its line break.
core::Digest leaf_hash(core::Sha256 sha256, std::string_view line);

core::Digest node_hash(core::Sha256 sha256, const core::Digest& left, const core::Digest& right);

/// The root of a tree that grows, from the roots of its whole subtrees: at most 64 digests,
/// whatever the size. Adding a leaf costs one node hash on average.
class TreeFrontier {
 public:
  explicit TreeFrontier(core::Sha256 sha256) : sha256_(sha256) {}

  void add(const core::Digest& leaf);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// O(log size). The root of no leaves is the digest of nothing.
  [[nodiscard]] core::Digest root() const;

 private:
  core::Sha256 sha256_;
  std::uint64_t size_ = 0;
  std::vector<core::Digest> subtrees_;  ///< whole subtrees, largest first
};

/// Leaves from `begin` up to and without `end`.
struct LeafRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  friend constexpr bool operator==(const LeafRange&, const LeafRange&) = default;
};

/// The subtrees whose roots prove that leaf `index` is in a tree of `size` leaves, from the leaf's
/// sibling upwards. `index` must be below `size`.
std::vector<LeafRange> inclusion_ranges(std::uint64_t index, std::uint64_t size);

/// The subtrees whose roots prove that a tree of `new_size` leaves begins with one of `old_size`,
/// in the order of RFC 6962. Nothing has to be shown for equal sizes or an empty old tree.
/// `old_size` must not be above `new_size`.
std::vector<LeafRange> consistency_ranges(std::uint64_t old_size, std::uint64_t new_size);

/// Computes the roots of subtrees while the leaves pass by, so that a proof needs one pass over a
/// journal and memory for O(log² n) digests.
class SubtreeRoots {
 public:
  /// The ranges must be disjoint, in any order.
  SubtreeRoots(core::Sha256 sha256, std::vector<LeafRange> ranges);

  /// Takes the next leaf, counted from zero.
  void add(const core::Digest& leaf);
  /// The roots in the order of the ranges; all their leaves must have been added.
  [[nodiscard]] const std::vector<core::Digest>& roots() const;

 private:
  core::Sha256 sha256_;
  std::vector<LeafRange> ranges_;
  std::vector<std::size_t> by_begin_;  ///< indices into `ranges_`
  std::vector<core::Digest> roots_;
  TreeFrontier current_;
  std::uint64_t leaf_ = 0;
  std::size_t next_ = 0;  ///< into `by_begin_`: the range that is being filled or comes next
};

/// The root that `path` leads to from leaf `index` of a tree of `size` leaves. Empty if the path is
/// not exactly as long as the tree demands, or `index` is no leaf of the tree.
std::optional<core::Digest> root_of_path(core::Sha256 sha256, const core::Digest& leaf,
                                         std::uint64_t index, std::uint64_t size,
                                         std::span<const core::Digest> path);

/// Whether `path` proves that the tree of `size` leaves under `root` has `leaf` at `index`.
bool verify_inclusion(core::Sha256 sha256, const core::Digest& leaf, std::uint64_t index,
                      std::uint64_t size, std::span<const core::Digest> path,
                      const core::Digest& root);

/// A tree as a checkpoint states it.
struct TreeHead {
  std::uint64_t size = 0;
  core::Digest root;
  friend constexpr bool operator==(const TreeHead&, const TreeHead&) = default;
};

/// Whether `proof` shows that the first leaves of `newer` are those of `older`. For equal sizes and
/// for an empty old tree the proof must be empty.
bool verify_consistency(core::Sha256 sha256, const TreeHead& older, const TreeHead& newer,
                        std::span<const core::Digest> proof);

}  // namespace nexa::ledger
