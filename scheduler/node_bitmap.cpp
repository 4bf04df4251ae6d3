#include "scheduler/node_bitmap.hpp"

#include <algorithm>
#include <bit>

#include "core/assert.hpp"

namespace nexa::scheduler {
namespace {

/// Bits `from` to `to` of a word, both included.
constexpr std::uint64_t bits_between(std::uint32_t from, std::uint32_t to) {
  return (~std::uint64_t{0} >> (63 - to)) & (~std::uint64_t{0} << from);
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
  const std::uint32_t first = interval.first / 64;
  const std::uint32_t last = interval.last / 64;
  if (first < first_word_) first_word_ = first;
  if (first == last) {
    words_[first] |= bits_between(interval.first % 64, interval.last % 64);
    return;
  }
  words_[first] |= bits_between(interval.first % 64, 63);
  std::fill(words_.begin() + first + 1, words_.begin() + last, ~std::uint64_t{0});
  words_[last] |= bits_between(0, interval.last % 64);
}

void NodeBitmap::erase(core::Interval interval) {
  const std::uint32_t first = interval.first / 64;
  const std::uint32_t last = interval.last / 64;
  if (first == last) {
    words_[first] &= ~bits_between(interval.first % 64, interval.last % 64);
    return;
  }
  words_[first] &= ~bits_between(interval.first % 64, 63);
  std::fill(words_.begin() + first + 1, words_.begin() + last, 0);
  words_[last] &= ~bits_between(0, interval.last % 64);
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
