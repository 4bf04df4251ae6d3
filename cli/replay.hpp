#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "io/event_log_reader.hpp"
#include "scheduler/engine.hpp"

namespace nexa::cli {

/// The first step at which the engine did not do what the log says.
struct Divergence {
  std::uint64_t line = 0;
  core::Time time{};
  std::vector<std::string> logged;  ///< commands; empty if the log has no text
  std::vector<std::string> replayed;
  std::string logged_hash;
  std::string replayed_hash;
};

struct ReplayResult {
  io::EventLogHeader header;
  std::uint64_t events = 0;
  std::uint64_t steps = 0;
  std::uint64_t commands = 0;
  std::string hash;  ///< of all commands
  std::optional<Divergence> divergence;
  bool last_line_is_torn = false;
  bool has_end = false;       ///< the log's last line was found
  bool was_complete = false;  ///< the run that was logged came to its end
};

/// Looks on while a log is replayed.
class ReplayWatcher {
 public:
  enum class Want : std::uint8_t { feed, skip, stop };

  ReplayWatcher() = default;
  ReplayWatcher(const ReplayWatcher&) = delete;
  ReplayWatcher& operator=(const ReplayWatcher&) = delete;
  virtual ~ReplayWatcher() = default;

  /// Says what is to become of the next record.
  virtual Want look(const io::EventLogRecord& record) = 0;
  /// After a fact was applied.
  virtual void on_fact(const scheduler::Event& event);
  /// After a step that did what the log says.
  virtual void on_step(core::Time now, std::span<const scheduler::Command> commands,
                       const scheduler::Engine& engine);
  /// After the last record that was fed, if the engine repeated them all: it is done with.
  virtual void on_end(scheduler::Engine& engine);
};

/// Feeds the facts of an event log to a fresh engine with the policies that the log names, and
/// compares the commands of each step up to the first that differ. Errors: those of the log's
/// reader; `corrupt` where facts contradict each other or the last line miscounts; those of the
/// policy text, at line 1.
core::Result<ReplayResult> replay(const std::string& path, ReplayWatcher* watcher = nullptr);

}  // namespace nexa::cli
