#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/chunks.hpp"
#include "core/fault_domain.hpp"
#include "core/interval_set.hpp"
#include "core/request.hpp"
#include "core/short_list.hpp"
#include "validator/decision.hpp"

namespace nexa::scheduler {

/// A replica that the validator has asked for and that no node has been found for yet.
struct WantedReplica {
  core::ReplicaId replica;
  core::Request request;                 ///< the job's, and what the validator adds to it
  std::vector<core::FaultDomain> avoid;  ///< what the validator says; the job's own come on top
  validator::Purpose purpose = validator::Purpose::work;
};

/// A replica of a job, as a job of the engine.
struct Task {
  core::JobId id;  ///< the engine's
  core::ReplicaId replica;
  bool running = false;
  validator::Purpose purpose = validator::Purpose::work;
};

/// A job that the validator may still ask a replica of.
struct Contract {
  core::Job job;
  std::uint64_t arrival = 0;          ///< jobs count from 1 in the order of submission
  std::uint8_t distinct = 0;          ///< bits of `validator::Distinct`
  std::vector<WantedReplica> wanted;  ///< behind the task that waits, in the order asked for
  core::ShortList<Task, 2> tasks;     ///< in the engine; at most one of them waits
  /// Nodes that replicas were placed on; no other may be placed in fault domains of theirs.
  core::ShortList<core::Interval, 2> placed;

  [[nodiscard]] bool has_waiting_task() const;
  [[nodiscard]] Task* find(core::ReplicaId replica);
};

/// The jobs of a coordinator, and which replica each task of its engine is. Look-ups are two array
/// accesses: 4 bytes are spent per job id and 8 per task, and a contract while a job is known.
class Contracts {
 public:
  /// The id must be new.
  void add(const core::Job& job, std::uint8_t distinct);
  /// Null for a job that is not known, or no more.
  [[nodiscard]] Contract* find(core::JobId job);
  /// Forgets a job of which nothing runs, waits or is wanted.
  void forget(core::JobId job);
  /// Jobs that are known.
  [[nodiscard]] std::size_t size() const { return contracts_.size() - spare_.size(); }
  /// All of them, for checks.
  [[nodiscard]] std::vector<core::JobId> known_jobs() const;

  /// Numbers a new task of a replica.
  core::JobId new_task(Contract& contract, const WantedReplica& wanted);
  /// The job whose replica a task is.
  [[nodiscard]] core::JobId job_of(core::JobId task) const { return tasks_[task.value].job; }
  [[nodiscard]] core::ReplicaId replica_of(core::JobId task) const {
    return tasks_[task.value].replica;
  }

  void want(Contract& contract, WantedReplica wanted);
  /// Takes the earliest wanted replica out; there must be one.
  WantedReplica take_wanted(Contract& contract);
  /// False if the replica was not wanted.
  bool withdraw_wanted(Contract& contract, core::ReplicaId replica);
  /// Replicas that wait for the one of their job before them to be placed.
  [[nodiscard]] std::size_t replicas_held_back() const { return held_back_; }

  void check() const;

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct TaskName {
    core::JobId job;
    core::ReplicaId replica;
  };

  core::Chunks<Contract, 64> contracts_;
  std::vector<std::uint32_t> spare_;
  std::vector<std::uint32_t> slot_of_job_;
  std::vector<TaskName> tasks_;
  std::size_t held_back_ = 0;
  std::uint64_t arrivals_ = 0;
};

}  // namespace nexa::scheduler
