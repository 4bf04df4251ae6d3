#pragma once

#include <Eigen/Core>
#include <cstddef>

namespace nexa::validator::compare {

/// Eight numbers that are worked on at once. Element-wise operations round each number by itself,
/// so their results do not depend on how many of them the machine's vectors hold.
using Lanes = Eigen::Array<double, 8, 1>;
inline constexpr std::size_t lane_count = 8;

inline Eigen::Map<const Lanes> lanes_at(const double* values) {
  return Eigen::Map<const Lanes>(values);
}

/// The sum in a fixed order. Eigen's own order depends on the machine's vectors.
inline double total(const Lanes& lanes) {
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
         ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

}  // namespace nexa::validator::compare
