#include "cli/replay.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>
#include <variant>

#include "cli/internal_error.hpp"

namespace nexa::cli {

namespace {

using core::Result;

class Replayer {
 public:
  Replayer(const std::string& path, scheduler::PolicySet policies, ReplayWatcher* watcher)
      : path_(path), engine_(std::move(policies)), watcher_(watcher) {}

  /// False when there is nothing more to compare.
  Result<bool> take(const io::EventLogRecord& record) {
    line_ = record.line;
    using Want = ReplayWatcher::Want;
    const Want want = watcher_ != nullptr ? watcher_->look(record) : Want::feed;
    if (want != Want::feed) return want == Want::skip;
    if (result_.has_end) return corrupt("there are records behind the last one", {});
    const ThrowingAsserts guard;
    try {
      return std::visit([this](const auto& value) { return on(value); }, record.value);
    } catch (const BrokenInvariant& broken) {
      return corrupt(std::string("the record contradicts those before it: ") + broken.why,
                     "the log is damaged, or was not written by one run");
    }
  }

  ReplayResult finish(const io::EventLogReader& log) {
    if (watcher_ != nullptr && !result_.divergence) watcher_->on_end(engine_);
    result_.header = log.header();
    result_.last_line_is_torn = log.last_line_is_torn();
    result_.hash = core::to_hex(hash_.value());
    return std::move(result_);
  }

 private:
  Result<bool> on(const scheduler::Event& event) {
    ++result_.events;
    engine_.apply(event);
    if (watcher_ != nullptr) watcher_->on_fact(event);
    return true;
  }

  Result<bool> on(const io::LoggedStep& step) {
    ++result_.steps;
    const std::span<const scheduler::Command> commands = engine_.step(step.time);
    result_.commands += commands.size();
    for (const scheduler::Command& command : commands) scheduler::add_to_hash(hash_, command);
    const std::string hash = core::to_hex(hash_.value());
    if (commands.size() == step.commands && hash == step.hash && text_agrees(step, commands)) {
      if (watcher_ != nullptr) watcher_->on_step(step.time, commands, engine_);
      return true;
    }
    Divergence divergence{.line = line_,
                          .time = step.time,
                          .logged = step.text,
                          .replayed = {},
                          .logged_hash = step.hash,
                          .replayed_hash = hash};
    for (const scheduler::Command& command : commands) {
      divergence.replayed.push_back(scheduler::to_text(command));
    }
    result_.divergence = std::move(divergence);
    return false;
  }

  /// The hash covers the commands; the text is compared so that an edited log is not praised.
  static bool text_agrees(const io::LoggedStep& step,
                          std::span<const scheduler::Command> commands) {
    if (step.text.empty()) return true;
    return std::equal(step.text.begin(), step.text.end(), commands.begin(), commands.end(),
                      [](const std::string& logged, const scheduler::Command& command) {
                        return logged == scheduler::to_text(command);
                      });
  }

  Result<bool> on(const io::EventLogEnd& end) {
    result_.has_end = true;
    result_.was_complete = end.complete;
    if (end.events == result_.events && end.steps == result_.steps) return true;
    return corrupt("the log says it has " + std::to_string(end.events) + " facts and " +
                       std::to_string(end.steps) + " steps, it has " +
                       std::to_string(result_.events) + " and " + std::to_string(result_.steps),
                   "lines are missing or were added");
  }

  [[nodiscard]] core::Error corrupt(std::string message, std::string hint) const {
    const auto line = std::min<std::uint64_t>(line_, std::numeric_limits<int>::max());
    return {.code = core::ErrorCode::corrupt,
            .message = std::move(message),
            .hint = std::move(hint),
            .where = {.file = path_, .line = static_cast<int>(line), .column = 1}};
  }

  const std::string& path_;
  scheduler::Engine engine_;
  ReplayWatcher* watcher_;
  core::StreamHash hash_;
  std::uint64_t line_ = 0;
  ReplayResult result_;
};

}  // namespace

void ReplayWatcher::on_fact(const scheduler::Event& /*event*/) {}
void ReplayWatcher::on_step(core::Time /*now*/, std::span<const scheduler::Command> /*commands*/,
                            const scheduler::Engine& /*engine*/) {}
void ReplayWatcher::on_end(scheduler::Engine& /*engine*/) {}

Result<ReplayResult> replay(const std::string& path, ReplayWatcher* watcher) {
  auto log = io::EventLogReader::open(path);
  if (!log) return log.error();
  auto policies = scheduler::parse_policy_set(log->header().policy);
  if (!policies) {
    core::Error error = policies.error();
    error.where = {.file = path, .line = 1, .column = 1};
    return error;
  }
  Replayer replayer(path, std::move(*policies), watcher);
  while (true) {
    const auto record = log->next();
    if (!record) return record.error();
    if (!*record) break;
    const Result<bool> go_on = replayer.take(**record);
    if (!go_on) return go_on.error();
    if (!*go_on) break;
  }
  return replayer.finish(*log);
}

}  // namespace nexa::cli
