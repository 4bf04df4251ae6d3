// Logs of runs in which jobs avoid fault domains, come with places, and nodes change.
#include <gtest/gtest.h>

#include <set>

#include "cli/commands/replay_explain.hpp"
#include "cli/job_history.hpp"
#include "cli/replay.hpp"
#include "io/event_log.hpp"
#include "tests/io/scratch.hpp"
#include "tests/scheduler/random_case.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::cli {
namespace {

/// Replays a random case, changes nodes now and then, and keeps a log of it.
class LoggingHost {
 public:
  LoggingHost(const test::Case& source, const std::string& policies, std::uint64_t seed)
      : source_(source), draws_(seed), engine_(scheduler::parse_policy_set(policies).value()) {
    io::RunMeta meta;
    meta.policy = policies;
    log_.emplace(io::EventLogWriter::create(path, meta).value());
  }

  void run() {
    specs_ = source_.node_specs();
    for (std::uint32_t node = 0; node < specs_.size(); ++node) {
      tell(scheduler::NodeAdded{core::NodeId{node}, specs_[node]});
    }
    for (std::size_t next = 0; next < source_.jobs.size();) {
      now_ = source_.jobs[next].submit;
      end_runs();
      if (draws_.one_in(3)) change_a_node();
      for (; next < source_.jobs.size() && source_.jobs[next].submit == now_; ++next) submit(next);
      step();
    }
    ASSERT_TRUE(log_->commit(true).has_value());
  }

 private:
  io::testing::Scratch scratch_;

 public:
  const std::string path = scratch_.file("log.jsonl");
  std::size_t starts = 0;

 private:
  void tell(const scheduler::Fact& fact) {
    engine_.apply({now_, fact});
    ASSERT_TRUE(log_->add({now_, fact}).has_value());
  }
  void submit(std::size_t index) {
    const test::CaseJob& job = source_.jobs[index];
    tell(scheduler::JobSubmitted{{.id = core::JobId{static_cast<std::uint32_t>(index)},
                                  .submit = job.submit,
                                  .time_limit = job.time_limit,
                                  .request = job.request},
                                 job.place,
                                 job.avoid});
  }
  void change_a_node() {
    const auto node = static_cast<std::uint32_t>(draws_.below(specs_.size()));
    specs_[node].trust_bucket = static_cast<std::uint8_t>(draws_.below(3));
    specs_[node].rack = core::RackId{draws_.number(0, 3)};
    tell(scheduler::NodeChanged{core::NodeId{node}, specs_[node]});
  }
  void end_runs() {
    while (!running_.empty() && running_.begin()->first <= now_) {
      const core::JobId job = running_.begin()->second;
      running_.erase(running_.begin());
      tell(scheduler::ReplicaEnded{job, core::ReplicaId{1}});
    }
  }
  void step() {
    const auto commands = engine_.step(now_);
    ASSERT_TRUE(log_->add_step(now_, commands).has_value());
    for (const scheduler::Command& command : commands) {
      const auto* start = std::get_if<scheduler::StartReplica>(&command);
      if (start == nullptr) continue;
      ++starts;
      running_.emplace(now_ + source_.jobs[start->job.value].run_time, start->job);
    }
  }

  const test::Case& source_;
  test::Draws draws_;
  scheduler::Engine engine_;
  std::optional<io::EventLogWriter> log_;
  std::vector<core::NodeSpec> specs_;
  core::Time now_{};
  std::set<std::pair<core::Time, core::JobId>> running_;
};

TEST(ReplayOfDomains, RepeatsEveryDecision) {
  std::size_t starts = 0;
  for (const char* const policies : {"easy", "conservative", "easy+trusted_first+min_trust"}) {
    for (std::uint64_t seed = 0; seed < test::fewer_if_slow(40); ++seed) {
      SCOPED_TRACE(std::string(policies) + ", seed " + std::to_string(seed));
      const test::Case random = test::random_case(seed, test::Kind::fault_domains);
      LoggingHost host(random, policies, seed);
      host.run();
      starts += host.starts;
      const auto replayed = replay(host.path);
      ASSERT_TRUE(replayed.has_value()) << replayed.error().message;
      ASSERT_FALSE(replayed->divergence.has_value()) << "line " << replayed->divergence->line;
      EXPECT_TRUE(replayed->was_complete);
    }
  }
  EXPECT_GT(starts, 100U);
}

/// A log that is written line by line, with what a host would never say.
std::string log_of(const io::testing::Scratch& folder, const std::vector<scheduler::Fact>& facts) {
  std::string text = R"({"schema":"nexa.event_log/1","policy":"easy","seed":1,"commit":"c"})"
                     "\n";
  for (const scheduler::Fact& fact : facts) {
    io::append_line(text, {core::Time{}, fact});
    text += '\n';
  }
  text += R"({"t":0,"step":{"commands":0,"hash":""}})"
          "\n";
  return folder.file("log.jsonl", text);
}

core::Job job(std::uint32_t id) {
  return {.id = core::JobId{id}, .time_limit = core::seconds(60)};
}

TEST(ReplayOfDomains, RefusesWhatContradictsItself) {
  using scheduler::JobSubmitted;
  using scheduler::NodeAdded;
  core::NodeSpec large;
  large.capacity.cores = 2;
  const scheduler::NodeAdded node{core::NodeId{0}, {}};
  const std::vector<std::vector<scheduler::Fact>> logs{
      {node, JobSubmitted{job(1), 256}, JobSubmitted{job(2), 256}},
      {node, JobSubmitted{job(1), 256}, JobSubmitted{job(2), 512}, JobSubmitted{job(3), 256}},
      {node, scheduler::NodeChanged{core::NodeId{0}, large}}};
  for (const auto& facts : logs) {
    const io::testing::Scratch folder;
    const auto replayed = replay(log_of(folder, facts));
    ASSERT_FALSE(replayed.has_value());
    EXPECT_EQ(replayed.error().code, core::ErrorCode::corrupt);
    EXPECT_NE(replayed.error().message.find("contradicts"), std::string::npos)
        << replayed.error().message;
  }
}

}  // namespace
}  // namespace nexa::cli
