#include "tests/oracle/oracle.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "tests/oracle/cluster.hpp"
#include "tests/oracle/conservative.hpp"

namespace nexa::oracle {

namespace {

struct Running {
  std::size_t job = 0;
  long end = 0;
  long planned_end = 0;
  Placement placement;
};

/// FCFS and EASY: a queue, the free resources of this instant, and the running jobs.
class Queue {
 public:
  Queue(const Cluster& cluster, const std::vector<JobSpec>& jobs)
      : cluster_(cluster),
        jobs_(jobs),
        places_(places_of(jobs)),
        free_(cluster.idle()),
        results_(jobs.size()) {}

  std::vector<Started> run(bool backfill) {
    while (const std::optional<long> time = next_event()) {
      now_ = *time;
      end_jobs();
      take_arrivals();
      start_heads();
      if (backfill && !waiting_.empty()) start_behind_head();
    }
    return results_;
  }

 private:
  std::optional<long> next_event() const {
    std::optional<long> next;
    if (arrived_ < jobs_.size()) next = jobs_[arrived_].submit_us;
    for (const Running& job : running_) next = std::min(next.value_or(job.end), job.end);
    return next;
  }

  void end_jobs() {
    std::vector<Running> still_running;
    for (const Running& job : running_) {
      if (job.end == now_) {
        cluster_.give_back(free_, jobs_[job.job], job.placement);
      } else {
        still_running.push_back(job);
      }
    }
    running_ = std::move(still_running);
  }

  void take_arrivals() {
    for (; arrived_ < jobs_.size() && jobs_[arrived_].submit_us == now_; ++arrived_) {
      if (cluster_.fits(cluster_.idle(), jobs_[arrived_])) {
        const auto behind = [this](std::size_t a, std::size_t b) {
          return places_[a] < places_[b];
        };
        waiting_.insert(std::upper_bound(waiting_.begin(), waiting_.end(), arrived_, behind),
                        arrived_);
      } else {
        results_[arrived_] = rejection(jobs_[arrived_]);
      }
    }
  }

  void start(std::size_t job, const Placement& placement) {
    results_[job] = cluster_.started(jobs_[job], placement, now_);
    cluster_.take(free_, jobs_[job], placement);
    running_.push_back({job, results_[job].end_us, now_ + jobs_[job].limit_us, placement});
  }

  void start_heads() {
    while (!waiting_.empty()) {
      const Placement placement = cluster_.place(free_, jobs_[waiting_.front()]);
      if (placement.empty()) return;
      start(waiting_.front(), placement);
      waiting_.erase(waiting_.begin());
    }
  }

  /// What is free at a later time if every running job ends as planned and nothing else starts.
  Free projected(long time) const {
    Free free = free_;
    for (const Running& job : running_) {
      if (job.planned_end <= time) cluster_.give_back(free, jobs_[job.job], job.placement);
    }
    return free;
  }

  long shadow_of(const JobSpec& head) const {
    std::vector<long> ends;
    for (const Running& job : running_) ends.push_back(job.planned_end);
    std::sort(ends.begin(), ends.end());
    for (const long end : ends) {
      if (cluster_.fits(projected(end), head)) return end;
    }
    return std::numeric_limits<long>::max();
  }

  void start_behind_head() {
    const JobSpec& head = jobs_[waiting_.front()];
    const long shadow = shadow_of(head);
    Free at_shadow = projected(shadow);
    Positions still_waiting = {waiting_.front()};
    for (std::size_t i = 1; i < waiting_.size(); ++i) {
      if (!backfill(waiting_[i], head, shadow, at_shadow)) still_waiting.push_back(waiting_[i]);
    }
    waiting_ = std::move(still_waiting);
  }

  /// Starts the job if it fits now and does not delay the head.
  bool backfill(std::size_t job, const JobSpec& head, long shadow, Free& at_shadow) {
    const Placement placement = cluster_.place(free_, jobs_[job]);
    if (placement.empty()) return false;
    if (now_ + jobs_[job].limit_us > shadow) {
      Free without = at_shadow;
      cluster_.take(without, jobs_[job], placement);
      if (!cluster_.fits(without, head)) return false;
      at_shadow = without;
    }
    start(job, placement);
    return true;
  }

  const Cluster& cluster_;
  const std::vector<JobSpec>& jobs_;
  std::vector<long> places_;
  long now_ = 0;
  std::size_t arrived_ = 0;
  Free free_;
  Positions waiting_;  // positions of jobs, in the order of their places
  std::vector<Running> running_;
  std::vector<Started> results_;
};

}  // namespace

std::vector<Started> simulate(const std::vector<Node>& nodes, const std::vector<ClassInfo>& classes,
                              const std::vector<JobSpec>& jobs, Rule rule) {
  check_jobs(jobs);
  const Cluster cluster(nodes, classes);
  if (rule == conservative) return simulate_conservative(cluster, jobs);
  return Queue(cluster, jobs).run(rule == easy);
}

}  // namespace nexa::oracle
