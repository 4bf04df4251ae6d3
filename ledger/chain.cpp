#include "ledger/chain.hpp"

namespace nexa::ledger {

const core::Digest& Chain::add(std::string_view line) {
  add_leaf(leaf_hash(sha256_, line));
  return head_;
}

void Chain::add_leaf(const core::Digest& leaf) {
  tree_.add(leaf);
  head_ = leaf;
}

}  // namespace nexa::ledger
