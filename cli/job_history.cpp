#include "cli/job_history.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "cli/job_trial.hpp"
#include "cli/words.hpp"
#include "io/event_names.hpp"
#include "io/values.hpp"

namespace nexa::cli {

namespace {

using core::Result;
using scheduler::ExplainedState;
using Kind = JobMoment::Kind;

class Historian final : public ReplayWatcher {
 public:
  Historian(core::JobId job, std::optional<core::Time> at) : id_(job), at_(at) {}

  Want look(const io::EventLogRecord& record) override {
    const auto* event = std::get_if<scheduler::Event>(&record.value);
    const auto* step = std::get_if<io::LoggedStep>(&record.value);
    // The last line counts facts and steps, of which some may have been skipped.
    if (event == nullptr && step == nullptr) return reached_ ? Want::skip : Want::feed;
    const core::Time time = event != nullptr ? event->time : step->time;
    if (at_ && time > *at_) {
      reached_ = true;
      if (is_known()) return Want::stop;
      // What is left to find is whether, and where, the job is submitted at all.
      if (event == nullptr || !is_submission(*event)) return Want::skip;
      submitted_later_ = {.file = {}, .line = line_of(record), .column = 1};
      later_ = time;
      return Want::stop;
    }
    return Want::feed;
  }

  void on_fact(const scheduler::Event& event) override {
    now_ = event.time;
    if (const auto* fact = std::get_if<scheduler::JobSubmitted>(&event.fact)) {
      if (fact->job.id == id_) note(Kind::submitted, fact->job);
    } else if (const auto* changed = std::get_if<scheduler::JobChanged>(&event.fact)) {
      if (changed->job.id == id_ && is_known()) note(Kind::changed, as_taken(changed->job));
    } else if (const auto* cancelled = std::get_if<scheduler::JobCancelled>(&event.fact)) {
      if (cancelled->job == id_ && is_known()) add(Kind::cancelled);
    } else if (const auto* ended = std::get_if<scheduler::ReplicaEnded>(&event.fact)) {
      if (ended->job != id_ || ended->replica != running_) return;
      running_.reset();
      add(Kind::ended, std::string(io::name_of(io::replica_end_names, ended->how)));
    } else if (const auto* refused = std::get_if<scheduler::CommandRejected>(&event.fact)) {
      if (refused->job != id_ || refused->replica != running_) return;
      running_.reset();
      add(Kind::refused);
    }
  }

  void on_step(core::Time now, std::span<const scheduler::Command> commands,
               const scheduler::Engine& engine) override {
    now_ = now;
    for (const scheduler::Command& command : commands) note(command);
    // A step that cancels decides nothing yet; the one that follows it at the same time does.
    if (!is_known() || engine.next_wakeup() == now) return;
    scheduler::Explanation explanation = engine.explain(id_, now);
    if (explanation.state == ExplainedState::waiting) note_wait(explanation);
    history.now.reset();
    if (at_ && explanation.state != ExplainedState::unknown) history.now = std::move(explanation);
  }

  [[nodiscard]] bool is_known() const { return !history.moments.empty(); }
  /// The log went on behind the time that was asked for.
  [[nodiscard]] bool reached() const { return reached_; }
  [[nodiscard]] core::Time last_time() const { return now_; }
  [[nodiscard]] const std::optional<core::SourcePos>& submitted_later() const {
    return submitted_later_;
  }
  [[nodiscard]] core::Time later() const { return later_; }

  JobHistory history;

 private:
  [[nodiscard]] bool is_submission(const scheduler::Event& event) const {
    const auto* fact = std::get_if<scheduler::JobSubmitted>(&event.fact);
    return fact != nullptr && fact->job.id == id_;
  }

  static int line_of(const io::EventLogRecord& record) {
    return static_cast<int>(std::min<std::uint64_t>(record.line, std::numeric_limits<int>::max()));
  }

  /// What the engine makes of a change: it was submitted when it was, and of a running job only the
  /// limit can change.
  [[nodiscard]] core::Job as_taken(const core::Job& told) const {
    core::Job taken = running_ ? history.job : told;
    taken.submit = history.job.submit;
    taken.time_limit = told.time_limit;
    return taken;
  }

  JobMoment& add(Kind kind, std::string detail = {}) {
    return history.moments.emplace_back(
        JobMoment{.kind = kind, .time = now_, .detail = std::move(detail)});
  }

  void note(Kind kind, const core::Job& job) {
    history.job = job;
    add(kind).job = job;
  }

  void note(const scheduler::Command& command) {
    const core::JobId job = std::visit([](const auto& c) { return c.job; }, command);
    if (job != id_) return;
    if (const auto* start = std::get_if<scheduler::StartReplica>(&command)) {
      running_ = start->replica;
      JobMoment& moment = add(Kind::started, scheduler::to_text(start->nodes));
      moment.replica = start->replica;
      moment.until = start->until;
      moment.selected_by = start->selected_by;
    } else if (const auto* cancel = std::get_if<scheduler::CancelReplica>(&command)) {
      add(Kind::kill, std::string(scheduler::to_text(cancel->why)));
    } else {
      add(Kind::rejected).reason = std::get<scheduler::RejectJob>(command).why;
    }
  }

  void note_wait(const scheduler::Explanation& explanation) {
    const JobMoment& last = history.moments.back();
    if (last.kind != Kind::waits || last.reason != explanation.decisive) {
      JobMoment& wait = add(Kind::waits);
      wait.reason = explanation.decisive;
      wait.explanation = explanation;
    }
    JobMoment& wait = history.moments.back();
    wait.last_time = now_;
    wait.last_position = explanation.position;
    ++wait.steps;
  }

  core::JobId id_;
  std::optional<core::Time> at_;
  core::Time now_{};
  std::optional<core::ReplicaId> running_;
  std::optional<core::SourcePos> submitted_later_;
  core::Time later_{};
  bool reached_ = false;
};

core::Error refuse(core::ErrorCode code, std::string message, std::string hint,
                   core::SourcePos where) {
  return {.code = code,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = std::move(where)};
}

Result<void> check(const Historian& historian, const std::string& path, core::JobId job,
                   std::optional<core::Time> at) {
  const std::string name = "job " + std::to_string(job.value);
  if (historian.submitted_later()) {
    core::SourcePos where = *historian.submitted_later();
    where.file = path;
    return refuse(core::ErrorCode::invalid_argument,
                  name + " is submitted at " + time_text(historian.later()) + ", which is after " +
                      time_text(*at),
                  "leave --at out, or name a later time", std::move(where));
  }
  const core::SourcePos where{.file = path, .line = 0, .column = 0};
  if (!historian.is_known()) {
    return refuse(core::ErrorCode::not_found, name + " is not in the log",
                  "the log's numbers are those of 'workload_index' in jobs.csv", where);
  }
  if (at && !historian.reached() && *at > historian.last_time() && historian.history.now) {
    return refuse(core::ErrorCode::invalid_argument,
                  "the log ends at " + time_text(historian.last_time()) + ", before " +
                      time_text(*at) + ", and " + name + " has not ended",
                  "leave --at out, or name an earlier time", where);
  }
  return {};
}

/// Tries what would have helped: fewer slots where there is room for some, a limit up to which the
/// first job of the queue needs nothing. What the policy makes of it is not foreseen but tried.
Result<void> try_changes(JobHistory& history, const std::string& path, core::Time at) {
  const scheduler::Explanation& why = *history.now;
  std::vector<core::Job> changes;
  if (why.slots_available > 0 && why.slots_available < why.slots_needed) {
    changes.push_back(history.job);
    changes.back().request.slots = static_cast<std::uint32_t>(why.slots_available);
  } else if (why.slots_available > 0 && why.blocked_until) {
    changes.push_back(history.job);
    changes.back().time_limit = *why.blocked_until - at;
  }
  for (const core::Job& changed : changes) {
    const bool asks_for_less =
        changed.time_limit > core::Duration::zero() &&
        (changed.time_limit < history.job.time_limit || changed.request != history.job.request);
    if (!asks_for_less) continue;
    const Result<bool> starts = would_start(path, at, changed);
    if (!starts) return starts.error();
    if (*starts) history.would_start_as.push_back(changed);
  }
  return {};
}

}  // namespace

Result<JobHistory> job_history(const std::string& path, core::JobId job,
                               std::optional<core::Time> at) {
  Historian historian(job, at);
  auto replayed = replay(path, &historian);
  if (!replayed) return replayed.error();
  JobHistory& history = historian.history;
  history.replayed = std::move(*replayed);
  history.until = at.value_or(historian.last_time());
  if (history.replayed.divergence) return std::move(history);
  if (auto status = check(historian, path, job, at); !status) return status.error();
  if (at && history.now && history.now->state == ExplainedState::waiting) {
    if (auto status = try_changes(history, path, *at); !status) return status.error();
  }
  return std::move(history);
}

}  // namespace nexa::cli
