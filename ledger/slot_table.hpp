#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/assert.hpp"

namespace nexa::ledger {

/// A hash table from keys that somebody else keeps, in an array, to their places in that array.
/// It is open addressing with linear probing and a slot of eight bytes: a part of the hash, and
/// the place. It is never iterated, so the choice of the hash changes nothing but the speed.
///
/// Keys are only ever added in the order of their places and removed in the reverse order, which
/// is what lets a removal just empty its slot.
class SlotTable {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  /// The place of the key with this hash for which `same(place)` is true, or `none`.
  template <class Same>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, Same same) const {
    if (slots_.empty()) return none;
    for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
      const Slot& slot = slots_[at];
      if (slot.place == none) return none;
      if (slot.tag == tag_of(hash) && same(slot.place)) return slot.place;
    }
  }

  /// Asks for the memory in which `find` will begin to look.
  void prefetch(std::uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[hash & mask()]);
  }

  /// Makes room for `keys` keys in all; `hash_of(place)` is the hash of one that is there already.
  /// Amortised constant time per key, and a pause of the whole table when it doubles.
  template <class HashOf>
  void reserve(std::size_t keys, HashOf hash_of) {
    // Linear probing looks at 4 slots for an absent key if 5 of 8 are taken.
    if (keys * 8 <= slots_.size() * 5) return;
    std::size_t size = slots_.empty() ? 64 : slots_.size();
    while (keys * 8 > size * 5) size *= 2;
    slots_.assign(size, Slot{});
    const std::uint32_t used = used_;
    used_ = 0;
    for (std::uint32_t place = 0; place < used; ++place) {
      if (place + 16 < used) prefetch(hash_of(place + 16));
      add(hash_of(place));
    }
  }

  /// The key at the next place. There must be room.
  void add(std::uint64_t hash) {
    NEXA_ASSERT((used_ + std::size_t{1}) * 8 <= slots_.size() * 5, "room was reserved");
    std::size_t at = hash & mask();
    while (slots_[at].place != none) at = (at + 1) & mask();
    slots_[at] = {tag_of(hash), used_++};
  }

  /// Removes the key at the last place.
  void remove_last(std::uint64_t hash) {
    const std::uint32_t place = --used_;
    std::size_t at = hash & mask();
    while (slots_[at].place != place) at = (at + 1) & mask();
    slots_[at] = Slot{};
  }

  [[nodiscard]] std::uint32_t size() const { return used_; }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t place = none;
  };

  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  std::vector<Slot> slots_;
  std::uint32_t used_ = 0;
};

}  // namespace nexa::ledger
