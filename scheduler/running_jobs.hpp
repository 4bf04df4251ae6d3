#pragma once

#include <cstdint>

#include "core/time.hpp"
#include "scheduler/job_table.hpp"
#include "scheduler/sorted_chunks.hpp"

namespace nexa::scheduler {

/// A running job in the order of planned ends.
struct RunningEntry {
  core::Time planned_end{};
  JobSlot job = 0;
  std::uint64_t cores = 0;  ///< held
};

struct EndsEarlier {
  bool operator()(const RunningEntry& a, const RunningEntry& b) const {
    return a.planned_end != b.planned_end ? a.planned_end < b.planned_end : a.job < b.job;
  }
};

struct NoSummary {
  void add(const RunningEntry& /*entry*/) {}
  [[nodiscard]] bool depends_on(const RunningEntry& /*entry*/) const { return false; }
};

using RunningJobs = SortedChunks<RunningEntry, EndsEarlier, NoSummary>;

}  // namespace nexa::scheduler
