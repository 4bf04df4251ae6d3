#pragma once

#include "core/outcome.hpp"

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

}  // namespace nexa::simulator
