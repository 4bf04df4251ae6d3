#pragma once

#include <vector>

#include "core/time.hpp"

namespace nexa::core {

/// The load of a cluster over time, averaged over buckets of equal width that start at time 0.
struct LoadSeries {
  Duration bucket_width{};
  std::vector<double> queue_length;  ///< waiting jobs, one value per bucket
  std::vector<double> running_jobs;  ///< one value per bucket
  /// Cores held by allocations: `busy_cores[tier][bucket]`, tiers by TierId.
  std::vector<std::vector<double>> busy_cores;
};

}  // namespace nexa::core
