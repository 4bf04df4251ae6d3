#include "cli/job_trial.hpp"

#include <variant>

#include "cli/replay.hpp"

namespace nexa::cli {

namespace {

using core::Result;

class Trial final : public ReplayWatcher {
 public:
  Trial(core::Time at, const core::Job& changed) : at_(at), changed_(changed) {}

  Want look(const io::EventLogRecord& record) override {
    const auto* event = std::get_if<scheduler::Event>(&record.value);
    const auto* step = std::get_if<io::LoggedStep>(&record.value);
    if (event == nullptr && step == nullptr) return Want::stop;
    const core::Time time = event != nullptr ? event->time : step->time;
    return time <= at_ ? Want::feed : Want::stop;
  }

  void on_end(scheduler::Engine& engine) override {
    engine.apply({at_, scheduler::JobChanged{changed_}});
    do {
      for (const scheduler::Command& command : engine.step(at_)) {
        const auto* start = std::get_if<scheduler::StartReplica>(&command);
        if (start != nullptr && start->job == changed_.id) starts = true;
      }
      // A step that cancels starts nothing yet.
    } while (engine.next_wakeup() == at_);
  }

  bool starts = false;

 private:
  core::Time at_;
  core::Job changed_;
};

}  // namespace

Result<bool> would_start(const std::string& path, core::Time at, const core::Job& changed) {
  Trial trial(at, changed);
  const auto replayed = replay(path, &trial);
  if (!replayed) return replayed.error();
  return trial.starts;
}

}  // namespace nexa::cli
