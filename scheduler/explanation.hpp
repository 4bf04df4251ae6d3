#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "scheduler/reject.hpp"

namespace nexa::scheduler {

/// So many nodes do not help a job now, for this reason.
struct NodeReason {
  RejectCode code = RejectCode::none;
  std::uint64_t nodes = 0;
};

enum class ExplainedState : std::uint8_t { unknown, waiting, running };

/// Why a job is where it is, as data. A waiting job always has a `decisive` reason.
struct Explanation {
  core::JobId job;
  ExplainedState state = ExplainedState::unknown;
  core::Time since{};          ///< waiting: submission
  std::uint64_t position = 0;  ///< in the queue, from 1
  std::uint64_t queue_length = 0;
  std::uint64_t slots_needed = 0;
  std::uint64_t slots_available = 0;  ///< now, on all nodes that may host it
  RejectCode decisive = RejectCode::none;
  std::vector<NodeReason> nodes;          ///< by code; the codes of nodes that cannot help
  std::uint64_t nodes_suitable = 0;       ///< nodes that could host a slot when idle
  std::optional<core::JobId> blocked_by;  ///< the job whose start this one has to wait for
  /// The latest start of `blocked_by` under the same conditions: its shadow time.
  std::optional<core::Time> blocked_until;
  /// The latest start if no job overruns and none arrives before it in the order; only for the
  /// head of the queue and for jobs with a reservation.
  std::optional<core::Time> start_estimate;
};

/// A few lines for a person.
std::string to_text(const Explanation& explanation, core::Time now);

}  // namespace nexa::scheduler
