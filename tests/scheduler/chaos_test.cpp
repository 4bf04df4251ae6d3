// A host from hell: it loses and changes nodes, refuses starts, kills late, cancels, changes jobs
// and policies, and repeats itself. The engine must keep its books, never use what is not there,
// and finish what can be finished.
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <map>
#include <set>

#include "core/assert.hpp"
#include "scheduler/engine.hpp"
#include "tests/scheduler/random_case.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using core::JobId;
using core::NodeAvailability;
using core::Resources;
using core::Time;

class HostFromHell {
 public:
  HostFromHell(std::uint64_t seed, test::Kind kind, std::string_view policies)
      : source_(test::random_case(seed, kind)),
        jobs_(source_.jobs),
        draws_(seed + 77),
        engine_(parse_policy_set(policies).value()) {
    for (const core::NodeSpec& spec : source_.node_specs()) {
      tell(NodeAdded{core::NodeId{static_cast<std::uint32_t>(nodes_.size())}, spec});
      nodes_.push_back({spec, spec.capacity, NodeAvailability::up, true});
    }
  }

  void run() {
    while (next_job_ < source_.jobs.size()) {
      submit();
      for (std::uint64_t i = draws_.below(4); i > 0; --i) disturb();
      step();
      if (testing::Test::HasFatalFailure()) return;
      now_ += core::Duration{draws_.between(0, 40'000'000)};
    }
    calm_down();
  }

 private:
  struct Node {
    core::NodeSpec spec;
    Resources free;
    NodeAvailability availability;
    bool is_there = true;
  };
  struct Replica {
    core::ReplicaId id;
    std::map<std::uint32_t, Resources> held;
  };

  void tell(Fact fact) { engine_.apply({now_, std::move(fact)}); }

  void submit() {
    const test::CaseJob& job = jobs_[next_job_];
    tell(JobSubmitted{record_of(JobId{next_job_}), job.place, job.avoid});
    alive_.insert(JobId{next_job_});
    ++next_job_;
  }

  core::Job record_of(JobId job) const {
    return {.id = job,
            .submit = now_,
            .time_limit = jobs_[job.value].time_limit,
            .request = jobs_[job.value].request};
  }

  void disturb() {
    const JobId job{static_cast<std::uint32_t>(draws_.below(next_job_ + 1))};
    const auto running = running_.find(job);
    const auto node = static_cast<std::uint32_t>(draws_.below(nodes_.size()));
    switch (draws_.below(13)) {
      case 0:
        return set_node(node, NodeAvailability::down);
      case 1:
        return set_node(node, NodeAvailability::draining);
      case 2:
      case 3:
        return set_node(node, NodeAvailability::up);
      case 4:
        return cancel(job);
      case 5:
        return tell(ReplicaEnded{job, core::ReplicaId{99}});
      case 6:
      case 7:
        return change(job);
      case 8:
        return reload();
      case 9:
        return change_node(node);
      case 10:
        return draws_.one_in(3) ? remove_node(node) : change_node(node);
      default:
        if (running == running_.end()) return;
        if (draws_.one_in(4)) return refuse(job);
        end(job, draws_.one_in(5) ? ReplicaEnd::node_failed : ReplicaEnd::completed);
    }
  }

  /// Gives a node another owner, tier and trust, perhaps those of another node; it may be busy,
  /// down or gone.
  void change_node(std::uint32_t node) {
    core::NodeSpec& spec = nodes_[node].spec;
    const core::Resources capacity = spec.capacity;
    spec = draws_.one_in(2) ? nodes_[draws_.below(nodes_.size())].spec : spec;
    spec.capacity = capacity;
    if (draws_.one_in(2)) spec.tier = core::TierId{static_cast<std::uint8_t>(draws_.below(3))};
    if (draws_.one_in(2)) spec.trust_bucket = static_cast<std::uint8_t>(draws_.below(3));
    if (draws_.one_in(4)) spec.owner = core::OwnerId{draws_.number(0, 3)};
    tell(NodeChanged{core::NodeId{node}, spec});
  }

  void remove_node(std::uint32_t node) {
    set_node(node, NodeAvailability::down);
    tell(NodeRemoved{core::NodeId{node}});
    nodes_[node].is_there = false;
  }

  void set_node(std::uint32_t node, NodeAvailability availability) {
    if (!nodes_[node].is_there) {
      nodes_[node] = {nodes_[node].spec, nodes_[node].spec.capacity, NodeAvailability::up, true};
      tell(NodeAdded{core::NodeId{node}, nodes_[node].spec});
    }
    nodes_[node].availability = availability;
    tell(NodeStateChanged{core::NodeId{node}, availability});
    if (availability != NodeAvailability::down) return;
    std::vector<JobId> lost;
    for (const auto& [job, replica] : running_) {
      if (replica.held.count(node) != 0) lost.push_back(job);
    }
    for (const JobId job : lost) end(job, ReplicaEnd::node_failed);
  }

  /// Makes a job like another one; it may wait, run, have left, or not have come yet.
  void change(JobId job) {
    if (job.value >= jobs_.size()) return;
    const test::CaseJob& other = source_.jobs[draws_.below(source_.jobs.size())];
    test::CaseJob changed = jobs_[job.value];
    changed.time_limit = other.time_limit;
    if (running_.count(job) == 0) changed.request = other.request;
    if (alive_.count(job) != 0) {
      jobs_[job.value] = changed;
      tell(JobChanged{record_of(job)});
    } else {
      tell(JobChanged{{.id = job, .time_limit = changed.time_limit, .request = changed.request}});
    }
  }

  void reload() {
    constexpr std::array<const char*, 6> sets{"fcfs",
                                              "easy",
                                              "sjf+easy:order=lpf,depth=2",
                                              "conservative",
                                              "wfp3+conservative",
                                              "unicep+easy+fastest_first+keep_gpu_nodes:gpus=2"};
    const std::string set = sets[draws_.below(sets.size())];
    filters_ = set.find("keep_gpu_nodes") != std::string::npos;
    tell(PolicyReloaded{set});
  }

  void cancel(JobId job) {
    tell(JobCancelled{job});
    if (running_.count(job) != 0) {
      cancelled_.insert(job);
    } else {
      alive_.erase(job);
    }
  }

  void release(JobId job) {
    for (const auto& [node, amount] : running_[job].held) nodes_[node].free += amount;
    running_.erase(job);
  }

  void refuse(JobId job) {
    tell(CommandRejected{job, running_[job].id});
    release(job);
    if (cancelled_.erase(job) != 0) alive_.erase(job);
  }

  void end(JobId job, ReplicaEnd how) {
    tell(ReplicaEnded{job, running_[job].id, how});
    if (draws_.one_in(3)) tell(ReplicaEnded{job, running_[job].id, how});
    release(job);
    const bool cancelled = cancelled_.erase(job) != 0;
    if (how != ReplicaEnd::node_failed || cancelled) alive_.erase(job);
  }

  void step() {
    kill_wanted_.clear();
    for (const Command& command : engine_.step(now_)) {
      std::visit([this](const auto& alternative) { carry_out(alternative); }, command);
      if (testing::Test::HasFatalFailure()) return;
    }
    engine_.check();
    for (const JobId job : engine_.waiting()) {
      ASSERT_NE(engine_.explain(job, now_).decisive, RejectCode::none);
    }
    ASSERT_EQ(engine_.running_jobs(), running_.size());
    ASSERT_EQ(engine_.queue_length() + running_.size(), alive_.size());
  }

  void carry_out(const StartReplica& start) {
    const core::Request& request = jobs_[start.job.value].request;
    ASSERT_EQ(running_.count(start.job), 0U);
    ASSERT_EQ(alive_.count(start.job), 1U) << "job " << start.job.value << " has left";
    ASSERT_EQ(start.until, now_ + jobs_[start.job.value].time_limit);
    Replica& replica = running_[start.job];
    replica.id = start.replica;
    ASSERT_GT(start.replica, last_replica_[start.job]);
    last_replica_[start.job] = start.replica;
    std::uint64_t slots = 0;
    for (const NodeShare& share : start.nodes) {
      for (std::uint32_t id = share.nodes.first; id <= share.nodes.last; ++id) {
        Node& node = nodes_.at(id);
        const Resources amount = request.sharing == core::Sharing::whole_nodes
                                     ? node.spec.capacity
                                     : request.per_slot * share.slots_per_node;
        ASSERT_TRUE(node.is_there) << "node " << id << " has left";
        ASSERT_EQ(node.availability, NodeAvailability::up) << "node " << id;
        ASSERT_TRUE(node.free.contains(amount)) << "node " << id << " is over-committed";
        ASSERT_NE(request.tiers >> node.spec.tier.value & 1U, 0U);
        ASSERT_GE(node.spec.trust_bucket, request.min_trust);
        for (const core::FaultDomain& domain : jobs_[start.job.value].avoid) {
          ASSERT_NE(domain, core::FaultDomain::of(node.spec.owner));
          ASSERT_NE(domain, core::FaultDomain::of(node.spec.site));
          ASSERT_NE(domain, core::FaultDomain::of(node.spec.rack));
          ASSERT_NE(domain, core::FaultDomain::of(core::NodeId{id}));
        }
        ASSERT_FALSE(filters_ && request.per_slot.gpus == 0 && node.spec.capacity.gpus >= 2);
        node.free -= amount;
        replica.held[id] = amount;
        slots += share.slots_per_node;
      }
    }
    ASSERT_EQ(slots, request.slots);
  }
  void carry_out(const CancelReplica& cancelled) {
    ASSERT_EQ(running_.count(cancelled.job), 1U);
    kill_wanted_.push_back(cancelled.job);
  }
  void carry_out(const RejectJob& rejected) { alive_.erase(rejected.job); }

  /// From here on the host behaves, so every job that is left must come to its end.
  void calm_down() {
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
      set_node(node, NodeAvailability::up);
    }
    for (int steps = 0; !alive_.empty(); ++steps) {
      ASSERT_LT(steps, 3000) << alive_.size() << " jobs do not come to an end";
      step();
      if (testing::Test::HasFatalFailure()) return;
      for (const JobId job : std::exchange(kill_wanted_, {})) {
        if (running_.count(job) != 0) end(job, ReplicaEnd::killed);
      }
      const auto wakeup = engine_.next_wakeup();
      ASSERT_TRUE(wakeup.has_value() || alive_.empty()) << "nothing will ever happen again";
      if (wakeup) now_ = std::max(now_, *wakeup);
    }
  }

  test::Case source_;
  std::vector<test::CaseJob> jobs_;  ///< as they were changed
  test::Draws draws_;
  Engine engine_;
  Time now_{};
  std::uint32_t next_job_ = 0;
  std::vector<Node> nodes_;
  std::map<JobId, Replica> running_;
  std::map<JobId, core::ReplicaId> last_replica_;
  std::set<JobId> alive_;
  std::set<JobId> cancelled_;
  std::vector<JobId> kill_wanted_;
  bool filters_ = false;  ///< the policies keep nodes with two GPUs or more for jobs with GPUs
};

std::string what_runs;  // for the message of a broken invariant, which ends the program

class Chaos : public testing::TestWithParam<std::string> {
 protected:
  Chaos() {
    core::set_assert_handler(
        [](const char* condition, const char* why, const char* file, int line) {
          std::cerr << file << ':' << line << ": " << condition << " (" << why << ") in "
                    << what_runs << std::endl;
        });
  }
  ~Chaos() override { core::set_assert_handler(nullptr); }
};

TEST_P(Chaos, does_not_confuse_the_engine) {
  for (const test::Kind kind : test::all_kinds) {
    for (std::uint64_t seed = 0; seed < test::fewer_if_slow(80); ++seed) {
      what_runs = "seed " + std::to_string(seed) + " of " + std::string(test::name_of(kind));
      SCOPED_TRACE(what_runs);
      HostFromHell(seed, kind, GetParam()).run();
      if (HasFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(policies, Chaos,
                         testing::Values("fcfs", "easy", "conservative", "wfp3+easy:order=saf",
                                         "sjf+conservative", "conservative:compress=false"));

}  // namespace
}  // namespace nexa::scheduler
