#pragma once

#include <cstdint>
#include <vector>

#include "core/interval_set.hpp"

namespace nexa::scheduler {

/// A set of small integers (positions of nodes in their class), built for two things: taking the
/// lowest members as intervals, and moving whole intervals in and out. Both cost one step per
/// 64 positions that they cross.
class NodeBitmap {
 public:
  explicit NodeBitmap(std::uint32_t capacity = 0) : words_((capacity + 63) / 64) {}

  void insert(core::Interval interval);
  void erase(core::Interval interval);
  [[nodiscard]] bool contains(std::uint32_t member) const {
    return ((words_[member / 64] >> (member % 64)) & 1) != 0;
  }

  /// Appends the `count` lowest members to `out`, as maximal intervals. The set must have them.
  void lowest(std::uint32_t count, std::vector<core::Interval>& out) const;

  /// Room for members below `capacity`; existing members stay.
  void grow(std::uint32_t capacity) { words_.resize((capacity + 63) / 64); }

 private:
  std::vector<std::uint64_t> words_;
  /// No word before this one has a member. Searches advance it, hence mutable.
  mutable std::size_t first_word_ = 0;
};

}  // namespace nexa::scheduler
