#include "validator/vesting_window.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::validator {

void VestingWindow::grow(std::size_t most) {
  NEXA_ASSERT(size_ < most, "a vesting window has its size");
  constexpr std::size_t at_first = 8;
  std::vector<VestEntry> larger = entries();
  larger.resize(std::min(most, std::max(at_first, 2 * size_)));
  ring_.swap(larger);
  head_ = 0;
}

std::vector<VestEntry> VestingWindow::entries() const {
  std::vector<VestEntry> list;
  list.reserve(size_);
  for (std::size_t i = 0; i < size_; ++i) list.push_back(ring_[place_of(i)]);
  return list;
}

std::vector<VestEntry> VestingWindow::take_all() {
  std::vector<VestEntry> taken = entries();
  head_ = size_ = 0;
  return taken;
}

}  // namespace nexa::validator
