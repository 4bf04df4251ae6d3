#pragma once

#include <string_view>

#include "core/outcome.hpp"
#include "scheduler/run_records.hpp"

namespace nexa::simulator {

/// Where a simulation reports jobs that have left the system, in the order in which they leave.
///
/// The other calls come of runs that are validated, if `SimulationOptions::record_replicas` is set.
/// What they are given is valid during the call only.
class ResultSink {
 public:
  ResultSink() = default;
  ResultSink(const ResultSink&) = delete;
  ResultSink& operator=(const ResultSink&) = delete;
  virtual ~ResultSink() = default;

  virtual void add(const core::JobOutcome& outcome) = 0;

  /// Each replica that was started comes once, when nothing can change what became of it: of a job
  /// that needed a single one when its reward has vested, of others at the end of the run, in the
  /// order of jobs and replicas. Those of a job come one after another.
  virtual void add_replica(const scheduler::ReplicaRecord& /*replica*/) {}
  /// Verdicts and revisions, in the order in which they are made.
  virtual void add_verdict(const scheduler::VerdictRecord& /*verdict*/) {}
  /// Each node under each of its names, at the end of the run and in the order of numbers.
  virtual void add_identity(const scheduler::IdentityRecord& /*identity*/) {}

  /// Of runs that keep books: an account, before the first transfer that names it. Accounts are
  /// numbered from 1 in the order in which they come.
  virtual void add_account(std::string_view /*name*/) {}
  /// What was booked, in that order.
  virtual void add_transfer(const scheduler::TransferRecord& /*transfer*/) {}
};

}  // namespace nexa::simulator
