#pragma once

#include <span>

#include "scheduler/command.hpp"
#include "scheduler/event.hpp"

namespace nexa::scheduler {

/// Sees all that passes between a host and an engine, in order: an event log is written from this.
class Recorder {
 public:
  Recorder() = default;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  virtual ~Recorder() = default;

  virtual void on_event(const Event& event) = 0;
  virtual void on_step(core::Time now, std::span<const Command> commands) = 0;
};

}  // namespace nexa::scheduler
