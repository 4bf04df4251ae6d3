#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/replay.hpp"
#include "core/outcome.hpp"
#include "core/request.hpp"
#include "scheduler/explanation.hpp"

namespace nexa::cli {

/// What happened to a job at a time, or why it went on waiting from then on.
struct JobMoment {
  enum class Kind : std::uint8_t {
    submitted,
    changed,  ///< a person changed it
    waits,
    started,
    cancelled,  ///< a person withdrew it
    kill,       ///< the engine told the host to end it
    ended,
    refused,  ///< the host refused the start
    rejected,
  };
  Kind kind = Kind::submitted;
  core::Time time{};
  /// submitted, changed: as it now is.
  core::Job job{};
  /// started: the nodes; kill: why; ended: how, in the words of the log.
  std::string detail{};
  /// started: which replica, for how long at the most, and by which rule.
  core::ReplicaId replica{0};
  core::Time until{};
  core::SelectedBy selected_by = core::SelectedBy::order;
  /// waits, rejected: for what reason.
  scheduler::RejectCode reason = scheduler::RejectCode::none;
  /// waits: as the wait began.
  std::optional<scheduler::Explanation> explanation{};
  /// waits: the last step at which the reason was the same, how many there were, and the position
  /// in the queue at the last.
  core::Time last_time{};
  std::uint64_t steps = 0;
  std::uint64_t last_position = 0;
};

/// What the log of a run says of one job.
struct JobHistory {
  core::Job job;  ///< as it was submitted, or changed last
  std::vector<JobMoment> moments;
  /// Of the job's last known state, where a time was asked for and the job was waiting or running.
  std::optional<scheduler::Explanation> now;
  /// Changes of a job that waits at that time, each of which was tried: it would have started.
  std::vector<core::Job> would_start_as;
  core::Time until{};     ///< the time that was asked for, or that of the last step
  ReplayResult replayed;  ///< up to there
};

/// Replays a log and keeps what concerns one job. With `at` it replays the facts up to that time
/// and explains the job as it then stands; without, every change of the reason to wait is kept.
///
/// Errors: as `replay`; `not_found` where the log never submits the job; `invalid_argument` where
/// it does so only after `at`, or where the log ends before `at` and the job has not. Where the
/// engine does not repeat the log, `JobHistory::replayed` has the divergence and nothing else
/// counts.
///
/// Cost: a replay, and an `Engine::explain` for every step during which the job waits; with `at`
/// up to two replays more.
core::Result<JobHistory> job_history(const std::string& path, core::JobId job,
                                     std::optional<core::Time> at);

}  // namespace nexa::cli
