#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/outcome.hpp"
#include "core/request.hpp"
#include "scheduler/cluster.hpp"

namespace nexa::scheduler {

/// A position in the job table; numbers are used again after a job has left.
using JobSlot = std::uint32_t;

enum class Phase : std::uint8_t { gone, waiting, running };

/// What the engine knows of a job that has not left.
struct JobRecord {
  core::Job job;
  std::uint64_t arrival = 0;  ///< place in the order of arrival; kept when requeued
  std::uint64_t cores = 0;    ///< waiting: at the least needed; running: held
  std::uint32_t request_class = 0;
  core::ReplicaId replica{0};  ///< the last one started; replicas of a job count from 1
  Phase phase = Phase::gone;
  core::SelectedBy selected_by = core::SelectedBy::order;
  bool cancel_wanted = false;    ///< a person cancelled it while it ran
  bool refused_by_host = false;  ///< the last attempt to start it was
  bool limit_enforced = false;   ///< running: the host was told to end it at its time limit
  core::Time planned_end{};      ///< running: when its time limit is over
  Pieces pieces;                 ///< running: where
};

/// The live jobs, found by id at the cost of two array accesses. Memory is one record per live
/// job plus 4 bytes per id in blocks of 4096 ids that have a live job.
class JobTable {
 public:
  /// Makes a record; the id must be new.
  JobSlot add(core::JobId id);
  /// Forgets a job.
  void remove(JobSlot slot);
  [[nodiscard]] std::optional<JobSlot> find(core::JobId id) const;

  JobRecord& operator[](JobSlot slot) { return records_[slot]; }
  const JobRecord& operator[](JobSlot slot) const { return records_[slot]; }

  /// Live jobs.
  [[nodiscard]] std::size_t size() const { return records_.size() - spare_.size(); }
  /// Slots ever used: all valid slots are below this number, and may be `Phase::gone`.
  [[nodiscard]] JobSlot slot_limit() const { return static_cast<JobSlot>(records_.size()); }

 private:
  static constexpr std::uint32_t ids_per_block = 4096;
  static constexpr JobSlot no_slot = UINT32_MAX;
  struct Block {
    Block() { slots.fill(no_slot); }
    std::uint32_t live = 0;
    std::array<JobSlot, ids_per_block> slots;
  };

  std::vector<JobRecord> records_;
  std::vector<JobSlot> spare_;
  std::vector<std::unique_ptr<Block>> blocks_;
};

}  // namespace nexa::scheduler
