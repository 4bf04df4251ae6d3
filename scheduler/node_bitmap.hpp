#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "core/assert.hpp"
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

  /// The lowest member; there must be one.
  [[nodiscard]] std::uint32_t lowest() const {
    while (first_word_ < words_.size() && words_[first_word_] == 0) ++first_word_;
    NEXA_ASSERT(first_word_ < words_.size(), "a set was asked for more members than it has");
    return static_cast<std::uint32_t>(64 * first_word_) +
           static_cast<std::uint32_t>(std::countr_zero(words_[first_word_]));
  }
  /// Calls `visit(interval)` for the maximal intervals that the `count` lowest members form. The
  /// set must have them.
  template <class Visit>
  void for_each_lowest(std::uint32_t count, Visit visit) const;

  /// Room for members below `capacity`; existing members stay.
  void grow(std::uint32_t capacity) { words_.resize((capacity + 63) / 64); }

 private:
  std::vector<std::uint64_t> words_;
  /// No word before this one has a member. Searches advance it, hence mutable.
  mutable std::size_t first_word_ = 0;
};

template <class Visit>
void NodeBitmap::for_each_lowest(std::uint32_t count, Visit visit) const {
  if (count == 0) return;
  while (first_word_ < words_.size() && words_[first_word_] == 0) ++first_word_;
  core::Interval found{1, 0};
  for (std::size_t w = first_word_;; ++w) {
    NEXA_ASSERT(w < words_.size(), "a set was asked for more members than it has");
    std::uint64_t word = words_[w];
    while (word != 0) {
      const auto in_word = static_cast<std::uint32_t>(std::countr_zero(word));
      const auto run = static_cast<std::uint32_t>(std::countr_one(word >> in_word));
      const std::uint32_t taken = std::min(run, count);
      const std::uint32_t first = static_cast<std::uint32_t>(64 * w) + in_word;
      if (found.first <= found.last && found.last + 1 == first) {
        found.last += taken;
      } else {
        if (found.first <= found.last) visit(found);
        found = {first, first + taken - 1};
      }
      count -= taken;
      if (count == 0) return visit(found);
      word &= word + (word & -word);  // without its lowest run
    }
  }
}

}  // namespace nexa::scheduler
