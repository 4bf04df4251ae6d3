#include "scheduler/node_runs.hpp"

#include <algorithm>

namespace nexa::scheduler {
void MarkedNumbers::grow(std::uint32_t size) {
  words_.resize((std::size_t{size} + 63) / 64);
  summary_.resize((words_.size() + 63) / 64);
}

void MarkedNumbers::clear() {
  std::fill(words_.begin(), words_.end(), 0);
  std::fill(summary_.begin(), summary_.end(), 0);
}

std::uint32_t MarkedNumbers::highest_below_word(std::uint32_t word) const {
  std::uint32_t at = word / 64;
  std::uint64_t full = summary_[at] & (bit(word) - 1);
  while (full == 0) full = summary_[--at];
  const std::uint32_t found = at * 64 + highest(full);
  return found * 64 + highest(words_[found]);
}

std::uint32_t MarkedNumbers::lowest_above_word(std::uint32_t word, std::uint32_t none) const {
  std::uint32_t at = word / 64;
  std::uint64_t full = summary_[at] & (~std::uint64_t{1} << (word % 64));
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
  if (node != 0 && value_at(node - 1) == value) return;
  starts_.insert(node);
  ++runs_;
}

void NodeRuns::reset(std::uint32_t size, std::uint32_t value) {
  starts_.clear();
  if (size != size_) {
    starts_.grow(size);
    values_.resize(size);
    size_ = size;
  }
  runs_ = std::min<std::uint32_t>(size, 1);
  if (size == 0) return;
  starts_.insert(0);
  values_.front() = value;
}

void NodeRuns::assign(core::Interval nodes, std::uint32_t value) {
  while (nodes.first <= nodes.last) {
    const Run run = first_run(nodes);
    replace(run, value);
    nodes.first = run.nodes.last + 1;
  }
}

}  // namespace nexa::scheduler
