#pragma once

#include <span>

#include "core/outcome.hpp"
#include "scheduler/command.hpp"
#include "scheduler/event.hpp"

namespace nexa::simulator {

/// Where a simulation reports jobs that have left the system, in the order in which they leave.
class ResultSink {
 public:
  ResultSink() = default;
  ResultSink(const ResultSink&) = delete;
  ResultSink& operator=(const ResultSink&) = delete;
  virtual ~ResultSink() = default;

  virtual void add(const core::JobOutcome& outcome) = 0;
};

/// Sees all that passes between host and engine, in order: an event log is written from this.
class Recorder {
 public:
  Recorder() = default;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  virtual ~Recorder() = default;

  virtual void on_event(const scheduler::Event& event) = 0;
  virtual void on_step(core::Time now, std::span<const scheduler::Command> commands) = 0;
};

}  // namespace nexa::simulator
