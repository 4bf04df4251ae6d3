#pragma once

#include <cstdint>

#include "core/assert.hpp"
#include "core/chunks.hpp"
#include "ledger/slot_table.hpp"

namespace nexa::ledger {

/// Records that are never removed, found by what their `id()` says, whatever numbers those are.
/// A record stays where it is. Constant time, amortised over the growth of the table.
template <class Record>
class IdTable {
 public:
  [[nodiscard]] Record* find(auto id) {
    const std::uint32_t place = place_of(id);
    return place == SlotTable::none ? nullptr : &records_[place];
  }
  [[nodiscard]] const Record* find(auto id) const {
    const std::uint32_t place = place_of(id);
    return place == SlotTable::none ? nullptr : &records_[place];
  }
  /// One that is there.
  [[nodiscard]] Record& at(auto id) {
    Record* const found = find(id);
    NEXA_ASSERT(found != nullptr, "the record is known");
    return *found;
  }

  /// Adds a record whose id is new.
  Record& add(Record&& record) {
    const std::uint64_t hash = hash_of(record.id().value);
    slots_.reserve(records_.size() + std::size_t{1},
                   [this](std::uint32_t place) { return hash_of(records_[place].id().value); });
    slots_.add(hash);
    return records_.push_back(std::move(record));
  }

 private:
  [[nodiscard]] std::uint32_t place_of(auto id) const {
    return slots_.find(hash_of(id.value),
                       [&](std::uint32_t place) { return records_[place].id() == id; });
  }
  /// Spreads numbers that are multiples of something: the golden ratio in 64 bits, and the upper
  /// half of the product over the lower one, where slots are chosen by.
  static std::uint64_t hash_of(std::uint64_t number) {
    const std::uint64_t product = number * 0x9e37'79b9'7f4a'7c15;
    return product ^ (product >> 32);
  }

  core::Chunks<Record, 64> records_;
  SlotTable slots_;
};

}  // namespace nexa::ledger
