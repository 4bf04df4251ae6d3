#include "scheduler/node_runs.hpp"

#include <algorithm>
#include <bit>

namespace nexa::scheduler {
namespace {

std::uint32_t highest(std::uint64_t word) {
  return 63 - static_cast<std::uint32_t>(std::countl_zero(word));
}

std::uint32_t lowest(std::uint64_t word) {
  return static_cast<std::uint32_t>(std::countr_zero(word));
}

/// The bits below `position`.
std::uint64_t bits_below(std::uint32_t position) {
  return (std::uint64_t{1} << position) - 1;
}

/// The bits above `position`.
std::uint64_t bits_above(std::uint32_t position) {
  return ~std::uint64_t{1} << position;
}

}  // namespace

void MarkedNumbers::grow(std::uint32_t size) {
  words_.resize((std::size_t{size} + 63) / 64);
  summary_.resize((words_.size() + 63) / 64);
}

void MarkedNumbers::clear() {
  std::fill(words_.begin(), words_.end(), 0);
  std::fill(summary_.begin(), summary_.end(), 0);
}

std::uint32_t MarkedNumbers::at_or_below(std::uint32_t number) const {
  const std::uint32_t word = number / 64;
  const std::uint64_t near = words_[word] & (bits_below(number % 64) | bit(number));
  if (near != 0) return word * 64 + highest(near);
  std::uint32_t at = word / 64;
  std::uint64_t full = summary_[at] & bits_below(word % 64);
  while (full == 0) full = summary_[--at];
  const std::uint32_t found = at * 64 + highest(full);
  return found * 64 + highest(words_[found]);
}

std::uint32_t MarkedNumbers::above(std::uint32_t number, std::uint32_t none) const {
  const std::uint32_t word = number / 64;
  const std::uint64_t near = words_[word] & bits_above(number % 64);
  if (near != 0) return word * 64 + lowest(near);
  std::uint32_t at = word / 64;
  std::uint64_t full = summary_[at] & bits_above(word % 64);
  while (full == 0) {
    if (++at == summary_.size()) return none;
    full = summary_[at];
  }
  const std::uint32_t found = at * 64 + lowest(full);
  return found * 64 + lowest(words_[found]);
}

void NodeRuns::append(std::uint32_t value) {
  const std::uint32_t node = size_++;
  starts_.grow(size_);
  values_.push_back(value);
  if (node == 0 || value_at(node - 1) != value) starts_.insert(node);
}

void NodeRuns::reset(std::uint32_t size, std::uint32_t value) {
  size_ = size;
  starts_.clear();
  starts_.grow(size);
  values_.resize(size);
  if (size == 0) return;
  starts_.insert(0);
  values_.front() = value;
}

NodeRuns::Run NodeRuns::first_run(core::Interval within) const {
  const std::uint32_t next = starts_.above(within.first, size_);
  return {{within.first, std::min(next - 1, within.last)}, value_at(within.first)};
}

void NodeRuns::assign(core::Interval nodes, std::uint32_t value) {
  const std::uint32_t next = nodes.last + 1;
  if (next < size_) {
    const std::uint32_t after = value_at(next);
    if (after == value) {
      starts_.erase(next);
    } else {
      starts_.insert(next);
      values_[next] = after;
    }
  }
  for (std::uint32_t start = starts_.above(nodes.first, next); start < next;
       start = starts_.above(start, next)) {
    starts_.erase(start);
  }
  if (nodes.first != 0 && value_at(nodes.first - 1) == value) {
    starts_.erase(nodes.first);
  } else {
    starts_.insert(nodes.first);
    values_[nodes.first] = value;
  }
}

}  // namespace nexa::scheduler
