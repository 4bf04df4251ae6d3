#pragma once

#include <cstdint>
#include <span>

#include "core/ids.hpp"
#include "core/interval_set.hpp"
#include "core/request.hpp"

namespace nexa::core {

/// How a job left the system.
enum class JobState : std::uint8_t {
  completed,
  timed_out,  ///< killed at its time limit
  cancelled,
  rejected,    ///< could never run on this platform
  unfinished,  ///< still waiting or running when the simulation was stopped
  failed,      ///< ran, and no result of its replicas could be accepted
};

/// Which rule started a job.
enum class SelectedBy : std::uint8_t { order, backfill, reservation };

/// The record of one job after it has left the system. Spans are valid during the call only.
struct JobOutcome {
  JobId id{};
  std::uint32_t workload_index = 0;
  JobState state = JobState::completed;
  SelectedBy selected_by = SelectedBy::order;
  Time submit{};
  Time start{};  ///< meaningless unless `started`
  Time end{};
  bool started = false;
  Duration time_limit{};
  Request request{};
  TierId tier{};                    ///< the lowest tier among the nodes that it ran on
  std::uint32_t node_class = 0;     ///< index of the first group that it ran on
  std::uint64_t cores_held = 0;     ///< cores that the allocation kept from others
  std::span<const Interval> nodes;  ///< canonical set of node ids
};

}  // namespace nexa::core
