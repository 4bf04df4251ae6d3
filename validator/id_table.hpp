#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace nexa::validator {

inline constexpr std::uint32_t no_slot = UINT32_MAX;

/// From ids to slots, at the cost of two array accesses. Memory is 4 bytes per id in blocks of 4096
/// ids that have a slot.
class IdTable {
 public:
  [[nodiscard]] std::uint32_t find(std::uint32_t id) const {
    const std::size_t block = id / ids_per_block;
    if (block >= blocks_.size() || !blocks_[block]) return no_slot;
    return blocks_[block]->slots[id % ids_per_block];
  }

  /// The id must not have a slot.
  void put(std::uint32_t id, std::uint32_t slot) {
    const std::size_t block = id / ids_per_block;
    if (block >= blocks_.size()) blocks_.resize(block + 1);
    if (!blocks_[block]) blocks_[block] = std::make_unique<Block>();
    blocks_[block]->slots[id % ids_per_block] = slot;
    ++blocks_[block]->used;
  }

  /// The id must have a slot.
  void erase(std::uint32_t id) {
    std::unique_ptr<Block>& block = blocks_[id / ids_per_block];
    block->slots[id % ids_per_block] = no_slot;
    if (--block->used == 0) block.reset();
  }

 private:
  static constexpr std::uint32_t ids_per_block = 4096;
  struct Block {
    Block() { slots.fill(no_slot); }
    std::uint32_t used = 0;
    std::array<std::uint32_t, ids_per_block> slots;
  };
  std::vector<std::unique_ptr<Block>> blocks_;
};

}  // namespace nexa::validator
