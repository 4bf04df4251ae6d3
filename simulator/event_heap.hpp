#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace nexa::simulator {

/// Future events, earliest first: a heap with four children per node, which is flatter than a
/// binary one, so that a removal misses the cache less often. `Event` has an `operator<` that is a
/// total order, so that equal runs take events in equal order.
template <class Event>
class EventHeap {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  [[nodiscard]] const Event& front() const { return heap_.front(); }

  void push(const Event& event) {
    std::size_t hole = heap_.size();
    heap_.push_back(event);
    while (hole > 0 && event < heap_[(hole - 1) / arity]) {
      heap_[hole] = heap_[(hole - 1) / arity];
      hole = (hole - 1) / arity;
    }
    heap_[hole] = event;
  }

  void pop() {
    const Event last = heap_.back();
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
  std::vector<Event> heap_;
};

}  // namespace nexa::simulator
