#pragma once

#include <cstdint>
#include <vector>

#include "core/time.hpp"
#include "scheduler/job_table.hpp"
#include "scheduler/policy.hpp"
#include "scheduler/policy_descriptor.hpp"
#include "scheduler/queue_rank.hpp"
#include "scheduler/sorted_chunks.hpp"

namespace nexa::scheduler {

/// What a pass needs to know of a waiting job, in one cache line.
struct QueueEntry {
  double key = 0;
  std::uint64_t arrival = 0;
  core::Duration time_limit{};
  std::uint64_t cores = 0;
  std::uint32_t slots = 0;
  std::uint32_t request_class = 0;
  JobSlot job = 0;

  [[nodiscard]] QueueRank rank() const { return {key, arrival}; }
};

/// The smallest demands in a chunk of the queue, so that a pass skips 64 jobs at a time.
struct SmallestDemand {
  std::uint64_t cores = UINT64_MAX;
  core::Duration time_limit = core::Duration::max();

  void add(const QueueEntry& entry) {
    cores = std::min(cores, entry.cores);
    time_limit = std::min(time_limit, entry.time_limit);
  }
  [[nodiscard]] bool depends_on(const QueueEntry& entry) const {
    return entry.cores == cores || entry.time_limit == time_limit;
  }
};

struct EarlierInQueue {
  bool operator()(const QueueEntry& a, const QueueEntry& b) const {
    return a.key != b.key ? a.key < b.key : a.arrival < b.arrival;
  }
};

/// Waiting jobs sorted by an order policy, ties by arrival.
///
/// Insertion and removal cost O(log n) comparisons and a move of at most 64 entries. An order
/// whose keys depend on time costs O(n log n) per `refresh`.
class OrderedQueue {
 public:
  using Chunks = SortedChunks<QueueEntry, EarlierInQueue, SmallestDemand>;

  explicit OrderedQueue(const Policy& order)
      : order_(&order), keys_depend_on_time_(order.key_depends_on_time()) {}

  void insert(JobSlot slot, const JobRecord& record, core::Time now);
  void erase(JobSlot slot);
  /// Computes keys anew where they depend on time; call before a pass.
  void refresh(core::Time now) {
    if (keys_depend_on_time_ && !empty()) sort_anew(now);
  }

  /// Whether the order may change from pass to pass.
  [[nodiscard]] bool keys_depend_on_time() const { return keys_depend_on_time_; }

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] const QueueEntry& front() const { return entries_.front(); }
  [[nodiscard]] const Chunks& entries() const { return entries_; }
  /// The entry of a waiting job.
  [[nodiscard]] const QueueEntry& entry(JobSlot slot) const { return entry_of_[slot]; }
  /// The number of jobs before this one; costs a step per 64 jobs.
  [[nodiscard]] std::size_t position(JobSlot slot) const;

 private:
  [[nodiscard]] double key_of(const JobView& view, core::Time now) const;
  void sort_anew(core::Time now);

  const Policy* order_;
  bool keys_depend_on_time_;
  Chunks entries_;
  std::vector<QueueEntry> entry_of_;  ///< by job slot
  std::vector<JobView> view_of_;      ///< by job slot; only for keys that depend on time
  std::vector<QueueEntry> scratch_;   ///< of `sort_anew`, kept for its memory
};

}  // namespace nexa::scheduler
