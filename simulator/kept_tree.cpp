#include "simulator/kept_tree.hpp"

#include <bit>

#include "core/assert.hpp"

namespace nexa::simulator {

void KeptTree::add(const core::Digest& leaf) {
  core::Digest subtree = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    std::vector<core::Digest>& nodes = levels_[level];
    nodes.push_back(subtree);
    if (nodes.size() % 2 != 0) return;
    subtree = ledger::node_hash(sha256_, nodes[nodes.size() - 2], nodes.back());
  }
}

core::Digest KeptTree::root(ledger::LeafRange range) const {
  const std::uint64_t leaves = range.end - range.begin;
  if (leaves == 0) return sha256_({});
  if (std::has_single_bit(leaves)) {
    const auto level = static_cast<std::size_t>(std::countr_zero(leaves));
    return levels_[level][range.begin >> level];
  }
  // The left subtree has the largest power of two below the number of leaves.
  const std::uint64_t middle = range.begin + std::bit_floor(leaves);
  return ledger::node_hash(sha256_, root({range.begin, middle}), root({middle, range.end}));
}

ledger::TreeHead KeptTree::head(std::uint64_t size) const {
  NEXA_ASSERT(size <= this->size(), "a tree shows no leaves that it lacks");
  return {size, root({0, size})};
}

std::vector<core::Digest> KeptTree::consistency(std::uint64_t old_size,
                                                std::uint64_t new_size) const {
  NEXA_ASSERT(old_size <= new_size && new_size <= size(), "a proof is about leaves that are there");
  std::vector<core::Digest> proof;
  for (const ledger::LeafRange range : ledger::consistency_ranges(old_size, new_size)) {
    proof.push_back(root(range));
  }
  return proof;
}

}  // namespace nexa::simulator
