#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <vector>

#include "core/time.hpp"

namespace nexa::simulator {

/// A replica that will end by itself.
struct PendingEnd {
  core::Time time{};
  std::uint32_t workload_index = 0;
  std::uint32_t run = 0;  ///< the simulation's number of the run

  /// At one instant, ends come in the order of the workload.
  friend constexpr bool operator<(const PendingEnd& a, const PendingEnd& b) {
    return a.time != b.time ? a.time < b.time : a.workload_index < b.workload_index;
  }
};

/// The future ends, earliest first: a heap with four children per node, which is flatter than a
/// binary one, so that a removal misses the cache less often.
class EndQueue {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] const PendingEnd& front() const { return heap_.front(); }

  void push(const PendingEnd& end) {
    std::size_t hole = heap_.size();
    heap_.push_back(end);
    while (hole > 0 && end < heap_[(hole - 1) / arity]) {
      heap_[hole] = heap_[(hole - 1) / arity];
      hole = (hole - 1) / arity;
    }
    heap_[hole] = end;
  }

  void pop() {
    const PendingEnd last = heap_.back();
    heap_.pop_back();
    if (heap_.empty()) return;
    std::size_t hole = 0;
    while (true) {
      const std::size_t first = hole * arity + 1;
      if (first >= heap_.size()) break;
      const std::size_t past = std::min(first + arity, heap_.size());
      std::size_t least = first;
      for (std::size_t child = first + 1; child < past; ++child) {
        if (heap_[child] < heap_[least]) least = child;
      }
      if (!(heap_[least] < last)) break;
      heap_[hole] = heap_[least];
      hole = least;
    }
    heap_[hole] = last;
  }

 private:
  static constexpr std::size_t arity = 4;
  std::vector<PendingEnd> heap_;
};

}  // namespace nexa::simulator
