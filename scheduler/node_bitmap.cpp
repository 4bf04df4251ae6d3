#include "scheduler/node_bitmap.hpp"

#include <algorithm>

namespace nexa::scheduler {
namespace {

/// Bits `from` to `to` of a word, both included.
constexpr std::uint64_t bits_between(std::uint32_t from, std::uint32_t to) {
  return (~std::uint64_t{0} >> (63 - to)) & (~std::uint64_t{0} << from);
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

}  // namespace nexa::scheduler
