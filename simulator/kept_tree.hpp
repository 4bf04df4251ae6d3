#pragma once

#include <cstdint>
#include <vector>

#include "core/digest.hpp"
#include "core/sha256_port.hpp"
#include "ledger/merkle.hpp"

namespace nexa::simulator {

/// The hash tree of `ledger/merkle.hpp` with all its nodes in memory, so that a proof between any
/// two sizes costs O(log² size) instead of a pass over the leaves. 64 bytes per leaf.
class KeptTree {
 public:
  explicit KeptTree(core::Sha256 sha256) : sha256_(sha256) {}

  /// Costs one node hash on average.
  void add(const core::Digest& leaf);
  [[nodiscard]] std::uint64_t size() const { return levels_.empty() ? 0 : levels_[0].size(); }
  /// What a checkpoint of the first `size` leaves states.
  [[nodiscard]] ledger::TreeHead head(std::uint64_t size) const;
  /// The proof that the first `new_size` leaves begin with the first `old_size`.
  [[nodiscard]] std::vector<core::Digest> consistency(std::uint64_t old_size,
                                                      std::uint64_t new_size) const;

 private:
  [[nodiscard]] core::Digest root(ledger::LeafRange range) const;

  core::Sha256 sha256_;
  std::vector<std::vector<core::Digest>> levels_;  ///< roots of whole subtrees of 2^level leaves
};

}  // namespace nexa::simulator
