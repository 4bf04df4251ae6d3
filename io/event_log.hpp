#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "io/atomic_file.hpp"
#include "io/run_meta.hpp"
#include "scheduler/command.hpp"
#include "scheduler/event.hpp"

namespace nexa::io {

/// Writes all that passed between a host and its engine, as JSON Lines of schema
/// `nexa.event_log/1`:
///
///   {"schema":"nexa.event_log/1","policy":…,"seed":…,"commit":…,…}    first: the run's record
///   {"t":0,"node_added":{"node":0,"tier":0,"cores":1,…}}              one line per fact
///   {"t":0,"step":{"commands":1,"hash":"…","text":["start job=0 …"]}} one line per step
///   {"end":{"complete":true,"events":3,"steps":1,"hash":"…"}}         last
///
/// Fields that came later are written where they have something to say, so that a log without them
/// reads as before: `place` and `avoid` of a job ({"owners":[3],"nodes":[17]}), `min_trust` and
/// `host_class` of its request, `host_class` and `rack` of a node.
///
/// `t` is microseconds since the origin of the run. `hash` is that of all commands so far, so it
/// shows where two logs part. A log without its last line is one of a run that died.
class EventLogWriter {
 public:
  /// Errors: as `AtomicFile::create` and `AtomicFile::write`.
  static core::Result<EventLogWriter> create(const std::string& path, const RunMeta& meta);

  core::Result<void> add(const scheduler::Event& event);
  core::Result<void> add_step(core::Time now, std::span<const scheduler::Command> commands);
  /// Writes the last line and gives the file its name.
  core::Result<void> commit(bool complete);

 private:
  explicit EventLogWriter(AtomicFile file);
  core::Result<void> write_if_full();

  AtomicFile file_;
  std::string buffer_;
  core::StreamHash hash_;
  std::uint64_t events_ = 0;
  std::uint64_t steps_ = 0;
};

/// The line of a fact or a step, without a line break: what the writer appends.
void append_line(std::string& out, const scheduler::Event& event);

}  // namespace nexa::io
