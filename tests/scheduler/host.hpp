#pragma once

#include <functional>
#include <numeric>
#include <set>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "scheduler/engine.hpp"
#include "tests/scheduler/random_case.hpp"

namespace nexa::test {

/// The least host that an engine can have: replays a case, kills at time limits at once, and lets a
/// test look at the engine after every step.
class Host {
 public:
  using Look = std::function<void(const scheduler::Engine& engine, core::Time now)>;

  Host(const Case& source, std::string_view policies)
      : source_(source),
        specs_(source.node_specs()),
        ids_(specs_.size()),
        arrival_order_(specs_.size()),
        engine_(scheduler::parse_policy_set(policies).value()),
        results_(source.jobs.size()) {
    std::iota(ids_.begin(), ids_.end(), 0U);
    std::iota(arrival_order_.begin(), arrival_order_.end(), 0U);
    for (std::size_t i = 0; i < results_.size(); ++i) results_[i].id = static_cast<int>(i);
  }

  /// Gives the node at position i of the case the id `ids[i]`.
  void number_nodes(std::vector<std::uint32_t> ids) { ids_ = std::move(ids); }
  /// Announces the nodes at these positions of the case, in this order.
  void announce_nodes(std::vector<std::uint32_t> order) { arrival_order_ = std::move(order); }

  /// Results by job; nodes by their position in the case.
  const std::vector<oracle::Started>& run(const Look& look = {}) {
    for (const std::uint32_t position : arrival_order_) {
      engine_.apply({{}, scheduler::NodeAdded{core::NodeId{ids_[position]}, specs_[position]}});
    }
    while (const auto now = next_instant()) {
      end_runs(*now);
      submit(*now);
      step(*now, look);
      while (!killed_.empty()) {
        for (const auto& [job, replica] : std::exchange(killed_, {})) {
          engine_.apply(
              {*now, scheduler::ReplicaEnded{job, replica, scheduler::ReplicaEnd::killed}});
          ++ended_;
          results_[job.value].end_us = now->time_since_epoch().count();
          results_[job.value].timed_out = true;
        }
        step(*now, look);
      }
    }
    return results_;
  }

  [[nodiscard]] std::uint64_t command_hash() const { return hash_.value(); }
  /// Replicas whose end the engine was told so far.
  [[nodiscard]] std::size_t ended() const { return ended_; }
  [[nodiscard]] const scheduler::Engine& engine() const { return engine_; }

 private:
  using End = std::tuple<core::Time, core::JobId, core::ReplicaId>;

  [[nodiscard]] std::optional<core::Time> next_instant() const {
    core::Time next = core::never;
    if (next_job_ < source_.jobs.size()) next = source_.jobs[next_job_].submit;
    if (!ends_.empty()) next = std::min(next, std::get<0>(*ends_.begin()));
    if (const auto wakeup = engine_.next_wakeup()) next = std::min(next, *wakeup);
    if (next == core::never) return std::nullopt;
    return next;
  }

  void end_runs(core::Time now) {
    while (!ends_.empty() && std::get<0>(*ends_.begin()) == now) {
      const auto [time, job, replica] = *ends_.begin();
      ends_.erase(ends_.begin());
      engine_.apply({now, scheduler::ReplicaEnded{job, replica}});
      ++ended_;
      results_[job.value].end_us = now.time_since_epoch().count();
    }
  }

  void submit(core::Time now) {
    for (; next_job_ < source_.jobs.size() && source_.jobs[next_job_].submit == now; ++next_job_) {
      const CaseJob& job = source_.jobs[next_job_];
      engine_.apply({now, scheduler::JobSubmitted{{.id = core::JobId{next_job_},
                                                   .submit = job.submit,
                                                   .time_limit = job.time_limit,
                                                   .request = job.request},
                                                  job.place,
                                                  with_ids(job.avoid)}});
    }
  }

  /// A case names nodes by their position.
  std::span<const core::FaultDomain> with_ids(std::vector<core::FaultDomain> avoid) {
    for (core::FaultDomain& domain : avoid) {
      const bool known = domain.kind == core::DomainKind::node && domain.id < ids_.size();
      if (known) domain.id = ids_[domain.id];
    }
    avoid_ = std::move(avoid);
    return avoid_;
  }

  void step(core::Time now, const Look& look) {
    for (const scheduler::Command& command : engine_.step(now)) {
      scheduler::add_to_hash(hash_, command);
      std::visit([&](const auto& alternative) { carry_out(alternative, now); }, command);
    }
    engine_.check();
    if (look) look(engine_, now);
  }

  void carry_out(const scheduler::StartReplica& start, core::Time now) {
    oracle::Started& result = results_[start.job.value];
    result.start_us = now.time_since_epoch().count();
    std::int64_t slowest = INT64_MAX;
    for (const scheduler::NodeShare& share : start.nodes) {
      for (std::uint32_t id = share.nodes.first; id <= share.nodes.last; ++id) {
        const auto position = std::find(ids_.begin(), ids_.end(), id) - ids_.begin();
        result.slots_on_node[static_cast<int>(position)] += static_cast<int>(share.slots_per_node);
        slowest = std::min<std::int64_t>(slowest,
                                         specs_[static_cast<std::size_t>(position)].speed_permille);
      }
    }
    const CaseJob& job = source_.jobs[start.job.value];
    const core::Duration run_time{(job.run_time.count() * 1000 + slowest - 1) / slowest};
    if (run_time <= job.time_limit) ends_.insert({now + run_time, start.job, start.replica});
  }

  void carry_out(const scheduler::CancelReplica& cancel, core::Time /*now*/) {
    killed_.emplace_back(cancel.job, cancel.replica);
  }
  void carry_out(const scheduler::RejectJob& reject, core::Time /*now*/) {
    results_[reject.job.value].rejected = true;
  }

  const Case& source_;
  std::vector<core::NodeSpec> specs_;
  std::vector<std::uint32_t> ids_;
  std::vector<std::uint32_t> arrival_order_;
  scheduler::Engine engine_;
  std::vector<oracle::Started> results_;
  std::uint32_t next_job_ = 0;
  std::set<End> ends_;
  std::vector<std::pair<core::JobId, core::ReplicaId>> killed_;
  core::StreamHash hash_;
  std::size_t ended_ = 0;
  std::vector<core::FaultDomain> avoid_;
};

/// 0 to `count` - 1 in a random order.
inline std::vector<std::uint32_t> shuffled(std::uint64_t seed, std::size_t count) {
  std::vector<std::uint32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0U);
  Draws draws(seed);
  for (std::size_t i = count; i > 1; --i) std::swap(numbers[i - 1], numbers[draws.below(i)]);
  return numbers;
}

}  // namespace nexa::test
