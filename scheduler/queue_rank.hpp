#pragma once

#include <cstdint>
#include <limits>

namespace nexa::scheduler {

/// A waiting job's place in the order of the queue: its key, ties by arrival (see
/// `JobSubmitted::place`). Arrivals count from 1, so that `before_all` is before every job.
struct QueueRank {
  double key = 0;
  std::uint64_t arrival = 0;

  static constexpr QueueRank before_all() { return {-std::numeric_limits<double>::infinity(), 0}; }
  static constexpr QueueRank after_all() {
    return {std::numeric_limits<double>::infinity(), UINT64_MAX};
  }
  friend constexpr bool operator<(const QueueRank& a, const QueueRank& b) {
    return a.key != b.key ? a.key < b.key : a.arrival < b.arrival;
  }
  friend constexpr bool operator==(const QueueRank& a, const QueueRank& b) = default;
};

}  // namespace nexa::scheduler
