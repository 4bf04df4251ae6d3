#include "tests/oracle/conservative.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace nexa::oracle {

namespace {

/// Planned usage over time: a step function.
class Timeline {
 public:
  Timeline() { used_from_[std::numeric_limits<long>::min()] = {}; }

  void add(long from, long to, const Amount& amount) {
    if (from >= to) return;
    split(from);
    split(to);
    for (auto it = used_from_.find(from); it->first < to; ++it) it->second = it->second + amount;
    merge_equal_steps(from, to);
  }

  void remove(long from, long to, const Amount& amount) { add(from, to, amount * -1); }

  /// The largest usage of each component in [from, to).
  Amount most(long from, long to) const {
    auto it = std::prev(used_from_.upper_bound(from));
    Amount result = it->second;
    for (++it; it != used_from_.end() && it->first < to; ++it)
      result = largest_of_each(result, it->second);
    return result;
  }

  void add_changes_after(long time, std::set<long>& changes) const {
    for (auto it = used_from_.upper_bound(time); it != used_from_.end(); ++it)
      changes.insert(it->first);
  }

  /// Only keeps time and memory small: nobody asks about the past.
  void forget_before(long time) {
    const auto current = std::prev(used_from_.upper_bound(time));
    const Amount level = current->second;
    used_from_.erase(used_from_.begin(), std::next(current));
    used_from_[std::numeric_limits<long>::min()] = level;
  }

 private:
  void split(long time) {
    const Amount level = std::prev(used_from_.upper_bound(time))->second;
    used_from_.emplace(time, level);
  }

  void merge_equal_steps(long from, long to) {
    for (auto it = used_from_.find(from); it != used_from_.end() && it->first <= to;) {
      it = std::prev(it)->second == it->second ? used_from_.erase(it) : std::next(it);
    }
  }

  std::map<long, Amount> used_from_;
};

struct Reservation {
  long start = 0;
  std::map<std::size_t, int> counted;  // class -> nodes, one slot each
  std::map<std::size_t, int> beside;   // class -> nodes held until the start
  Placement named;
};

struct Waiting {
  std::size_t job = 0;
  Reservation plan;
};

struct Running {
  std::size_t job = 0;
  long end = 0;
  Reservation plan;
  Placement placement;
};

class Planner {
 public:
  Planner(const Cluster& cluster, const std::vector<JobSpec>& jobs)
      : cluster_(cluster),
        jobs_(jobs),
        places_(places_of(jobs)),
        busy_(cluster.nodes().size(), false),
        results_(jobs.size()) {
    for (std::size_t cls = 0; cls < cluster.class_count(); ++cls) {
      if (is_counted(cls)) {
        class_use_[cls] = Timeline();
      } else {
        for (const std::size_t node : cluster.nodes_of_class(cls)) node_use_[node] = Timeline();
      }
    }
  }

  std::vector<Started> run() {
    while (const std::optional<long> time = next_event()) {
      now_ = *time;
      for (auto& [cls, use] : class_use_) use.forget_before(now_);
      for (auto& [node, use] : node_use_) use.forget_before(now_);
      take_arrivals();
      end_jobs();
      start_jobs();
    }
    return results_;
  }

 private:
  bool is_counted(std::size_t cls) const {
    const Positions& members = cluster_.nodes_of_class(cls);
    const auto one_core = [this](std::size_t i) { return cluster_.nodes()[i].cores == 1; };
    if (!std::all_of(members.begin(), members.end(), one_core)) return false;
    for (const std::size_t i : members) {
      const Node& node = cluster_.nodes()[i];
      const Node& first = cluster_.nodes()[members.front()];
      if (capacity(node) != capacity(first) || node.gpu_type != first.gpu_type) {
        throw std::invalid_argument("the nodes of a class of one-core nodes must be alike");
      }
    }
    return true;
  }

  std::optional<long> next_event() const {
    std::optional<long> next;
    if (arrived_ < jobs_.size()) next = jobs_[arrived_].submit_us;
    for (const auto& [place, running] : running_)
      next = std::min(next.value_or(running.end), running.end);
    for (const auto& [place, waiting] : waiting_)
      next = std::min(next.value_or(waiting.plan.start), waiting.plan.start);
    return next;
  }

  void take_arrivals() {
    std::map<long, std::size_t> arrivals;  // by place
    for (; arrived_ < jobs_.size() && jobs_[arrived_].submit_us == now_; ++arrived_) {
      arrivals[places_[arrived_]] = arrived_;
    }
    for (const auto& [place, position] : arrivals) {
      const JobSpec& job = jobs_[position];
      if (cluster_.fits(cluster_.idle(), job)) {
        const Reservation plan = earliest_hole(job);
        waiting_[place] = {position, plan};
        book(job, plan);
      } else {
        results_[position] = rejection(job);
      }
    }
  }

  void end_jobs() {
    for (auto it = running_.begin(); it != running_.end();) {
      if (it->second.end != now_) {
        ++it;
        continue;
      }
      unbook(jobs_[it->second.job], it->second.plan);
      for (const auto& [node, slots] : it->second.placement) busy_[node] = false;
      it = running_.erase(it);
      compress();
    }
  }

  void compress() {
    for (auto& [place, waiting] : waiting_) {
      const JobSpec& job = jobs_[waiting.job];
      Reservation& plan = waiting.plan;
      unbook(job, plan);
      const Reservation found = earliest_hole(job);
      if (found.start < plan.start) plan = found;
      book(job, plan);
    }
  }

  void start_jobs() {
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      auto& [position, plan] = it->second;
      if (plan.start != now_) {
        ++it;
        continue;
      }
      const JobSpec& job = jobs_[position];
      unbook(job, plan);
      plan.beside.clear();
      book(job, plan);
      const Placement placement = nodes_for(job, plan);
      results_[position] = cluster_.started(job, placement, now_);
      running_[it->first] = {position, results_[position].end_us, plan, placement};
      it = waiting_.erase(it);
    }
  }

  /// The named nodes, and for counted classes the free nodes with the lowest ids.
  Placement nodes_for(const JobSpec& job, const Reservation& plan) {
    Placement placement = plan.named;
    for (const auto& [cls, count] : plan.counted) {
      int missing = count;
      for (const std::size_t node : cluster_.nodes_of_class(cls)) {
        if (missing == 0 || busy_[node] || !cluster_.eligible(node, job)) continue;
        busy_[node] = true;
        placement[node] = 1;
        --missing;
      }
      if (missing > 0) throw std::logic_error("a counted reservation finds too few free nodes");
    }
    return placement;
  }

  void book(const JobSpec& job, const Reservation& plan) { change_plan(job, plan, 1); }
  void unbook(const JobSpec& job, const Reservation& plan) { change_plan(job, plan, -1); }

  /// What lies before now has been forgotten and stays as it is.
  void change_plan(const JobSpec& job, const Reservation& plan, int sign) {
    const long from = std::max(now_, plan.start);
    const long to = plan.start + job.limit_us;
    for (const auto& [cls, count] : plan.counted)
      class_use_[cls].add(from, to, Amount{count, 0, 0} * sign);
    for (const auto& [cls, count] : plan.beside)
      class_use_[cls].add(from, to, Amount{count, 0, 0} * sign);
    for (const auto& [node, slots] : plan.named) {
      node_use_[node].add(from, to, cluster_.held(node, job, slots) * sign);
    }
  }

  Reservation earliest_hole(const JobSpec& job) const {
    std::set<long> candidates = {now_};
    for (const auto& [cls, use] : class_use_) use.add_changes_after(now_, candidates);
    for (const auto& [node, use] : node_use_) use.add_changes_after(now_, candidates);
    for (const long time : candidates) {
      if (const std::optional<Reservation> plan = plan_at(job, time)) return *plan;
    }
    throw std::logic_error("no hole for a job that fits on the idle cluster");
  }

  std::optional<Reservation> plan_at(const JobSpec& job, long time) const {
    Reservation plan;
    plan.start = time;
    long remaining = job.slots;
    for (std::size_t cls = 0; cls < cluster_.class_count(); ++cls) {
      if (class_use_.count(cls) != 0) {
        const long taken = std::min(remaining, least_available(job, cls, time));
        if (taken > 0) plan.counted[cls] = static_cast<int>(taken);
        if (taken > 0) plan.beside[cls] = static_cast<int>(not_eligible(job, cls));
        remaining -= taken;
        continue;
      }
      const Free least = least_free(job, cls, time);
      for (const auto& [node, slots] : cluster_.place_in_class(cls, least, job, remaining)) {
        plan.named[node] = slots;
        remaining -= slots;
      }
    }
    if (remaining > 0) return std::nullopt;
    return plan;
  }

  /// Of the nodes of a named class over the window of the job; meaningless for other nodes.
  Free least_free(const JobSpec& job, std::size_t cls, long time) const {
    Free free = cluster_.idle();
    for (const std::size_t node : cluster_.nodes_of_class(cls)) {
      free[node] = free[node] - node_use_.at(node).most(time, time + job.limit_us);
    }
    return free;
  }

  /// Unplanned nodes of a counted class over the window of the job, 0 if they are of no use to it.
  long least_available(const JobSpec& job, std::size_t cls, long time) const {
    const Positions& members = cluster_.nodes_of_class(cls);
    const auto is_of_use = [&](std::size_t node) {
      return cluster_.slots(node, capacity(cluster_.nodes()[node]), job) != 0;
    };
    if (std::none_of(members.begin(), members.end(), is_of_use)) return 0;
    const long used = class_use_.at(cls).most(time, time + job.limit_us).cores;
    return std::max(static_cast<long>(members.size()) - not_eligible(job, cls) - used, 0L);
  }

  long not_eligible(const JobSpec& job, std::size_t cls) const {
    const Positions& members = cluster_.nodes_of_class(cls);
    return std::count_if(members.begin(), members.end(),
                         [&](std::size_t node) { return !cluster_.eligible(node, job); });
  }

  const Cluster& cluster_;
  const std::vector<JobSpec>& jobs_;
  std::vector<long> places_;
  std::map<std::size_t, Timeline> class_use_;  // of every counted class: nodes, as cores
  std::map<std::size_t, Timeline> node_use_;   // of every node of the other classes
  std::vector<bool> busy_;                     // nodes of counted classes
  long now_ = 0;
  std::size_t arrived_ = 0;
  std::map<long, Waiting> waiting_;  // by place
  std::map<long, Running> running_;  // by place
  std::vector<Started> results_;
};

}  // namespace

std::vector<Started> simulate_conservative(const Cluster& cluster,
                                           const std::vector<JobSpec>& jobs) {
  return Planner(cluster, jobs).run();
}

}  // namespace nexa::oracle
