#pragma once

#include <cstdint>

#include "core/request.hpp"
#include "core/time.hpp"

namespace nexa::core {

/// A workload that is drawn instead of read: independent short jobs, which is what redundancy is
/// for. Arrivals are a Poisson process; run times are log-uniform, as those of many recorded
/// workloads nearly are.
/// Source: Downey, "A parallel workload model and its implications for processor allocation",
/// HPDC'97.
struct WorkloadModel {
  std::uint32_t jobs = 200'000;
  Duration min_run_time = seconds(60);
  Duration max_run_time = seconds(600);
  std::uint32_t limit_permille = 2000;  ///< time limit of a job, of its run time
  /// Part of the cores that the jobs keep busy if each is run once. The rate of arrival follows.
  std::uint32_t load_permille = 600;
  std::uint32_t cores = 1;     ///< of each job, on one node
  TierMask tiers = all_tiers;  ///< jobs run on these; the load is that of their cores
  std::uint32_t users = 10;    ///< drawn per job, equally likely

  friend constexpr bool operator==(const WorkloadModel&, const WorkloadModel&) = default;
};

}  // namespace nexa::core
