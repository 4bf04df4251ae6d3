#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "validator/job_book.hpp"

namespace nexa::validator {

/// One result in a vesting window.
struct VestEntry {
  JobSlot job = no_slot;
  std::uint32_t replica = 0;  ///< index
};

/// The last so many unconfirmed results of a machine, oldest first: a ring, so that a window that
/// is full goes on in the memory that it has.
class VestingWindow {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  /// The window never holds more than `most`.
  void push(VestEntry entry, std::size_t most) {
    if (size_ == ring_.size()) grow(most);
    ring_[place_of(size_++)] = entry;
  }
  VestEntry pop() {
    const VestEntry entry = ring_[head_];
    head_ = place_of(1);
    --size_;
    return entry;
  }
  /// In the order in which they came.
  [[nodiscard]] std::vector<VestEntry> entries() const;
  std::vector<VestEntry> take_all();

 private:
  void grow(std::size_t most);
  [[nodiscard]] std::size_t place_of(std::size_t index) const {
    const std::size_t place = head_ + index;
    return place < ring_.size() ? place : place - ring_.size();
  }

  std::vector<VestEntry> ring_;
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

}  // namespace nexa::validator
