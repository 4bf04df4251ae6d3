#include "scheduler/node_bitmap.hpp"

#include <algorithm>
#include <bit>

#include "core/assert.hpp"

namespace nexa::scheduler {
namespace {

/// Bits `from` to `to` of a word, both included.
constexpr std::uint64_t bits_between(std::uint32_t from, std::uint32_t to) {
  const std::uint64_t up_to = to == 63 ? ~std::uint64_t{0} : (std::uint64_t{1} << (to + 1)) - 1;
  return up_to & ~((std::uint64_t{1} << from) - 1);
}

/// Calls `change(word, mask)` for every word that the interval crosses.
template <class Words, class Change>
void for_each_word(Words& words, core::Interval interval, Change change) {
  const std::uint32_t first_word = interval.first / 64;
  const std::uint32_t last_word = interval.last / 64;
  for (std::uint32_t w = first_word; w <= last_word; ++w) {
    const std::uint32_t from = w == first_word ? interval.first % 64 : 0;
    const std::uint32_t to = w == last_word ? interval.last % 64 : 63;
    change(words[w], bits_between(from, to));
  }
}

void append(std::vector<core::Interval>& out, std::size_t start, core::Interval interval) {
  if (out.size() > start && out.back().last + 1 == interval.first) {
    out.back().last = interval.last;
  } else {
    out.push_back(interval);
  }
}

}  // namespace

void NodeBitmap::insert(core::Interval interval) {
  for_each_word(words_, interval, [](std::uint64_t& word, std::uint64_t mask) { word |= mask; });
  first_word_ = std::min<std::size_t>(first_word_, interval.first / 64);
}

void NodeBitmap::erase(core::Interval interval) {
  for_each_word(words_, interval, [](std::uint64_t& word, std::uint64_t mask) { word &= ~mask; });
}

void NodeBitmap::lowest(std::uint32_t count, std::vector<core::Interval>& out) const {
  const std::size_t start = out.size();
  while (first_word_ < words_.size() && words_[first_word_] == 0) ++first_word_;
  for (std::size_t w = first_word_; count > 0; ++w) {
    NEXA_ASSERT(w < words_.size(), "a set was asked for more members than it has");
    std::uint64_t word = words_[w];
    const auto base = static_cast<std::uint32_t>(64 * w);
    while (word != 0 && count > 0) {
      const auto first = static_cast<std::uint32_t>(std::countr_zero(word));
      const auto run = static_cast<std::uint32_t>(std::countr_one(word >> first));
      const std::uint32_t taken = std::min(run, count);
      append(out, start, {base + first, base + first + taken - 1});
      count -= taken;
      word &= ~bits_between(first, first + run - 1);
    }
  }
}

}  // namespace nexa::scheduler
