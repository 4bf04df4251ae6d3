#include "cli/job_history.hpp"

#include <gtest/gtest.h>

#include "cli/commands/replay_explain.hpp"
#include "io/event_log.hpp"
#include "tests/io/scratch.hpp"
#include "tests/scheduler/desk.hpp"

namespace nexa::cli {
namespace {

using scheduler::ReplicaEnd;
using Kind = JobMoment::Kind;
using Kinds = std::vector<Kind>;

/// A host that does what a test says, and keeps a log.
class Diary {
 public:
  explicit Diary(const std::string& policies)
      : engine_(scheduler::parse_policy_set(policies).value()) {
    io::RunMeta meta;
    meta.policy = policies;
    log_.emplace(io::EventLogWriter::create(path, meta).value());
    for (std::uint32_t node = 0; node < 4; ++node) {
      tell(scheduler::NodeAdded{core::NodeId{node}, {}});
    }
  }

  void at(std::int64_t seconds) { now_ = core::at_seconds(seconds); }
  void tell(const scheduler::Fact& fact) {
    engine_.apply({now_, fact});
    ASSERT_TRUE(log_->add({now_, fact}).has_value());
  }
  void submit(std::uint32_t id, std::uint32_t slots, std::int64_t limit_seconds) {
    core::Job job{
        .id = core::JobId{id}, .submit = now_, .time_limit = core::seconds(limit_seconds)};
    job.request.slots = slots;
    tell(scheduler::JobSubmitted{job});
  }
  void end(std::uint32_t job, std::uint32_t replica, ReplicaEnd how) {
    tell(scheduler::ReplicaEnded{core::JobId{job}, core::ReplicaId{replica}, how});
  }
  void step() { ASSERT_TRUE(log_->add_step(now_, engine_.step(now_)).has_value()); }

  JobHistory of(std::uint32_t job, std::optional<core::Time> time = {}) {
    EXPECT_TRUE(log_->commit(true).has_value());
    auto history = job_history(path, core::JobId{job}, time);
    EXPECT_TRUE(history.has_value()) << history.error().message;
    return std::move(*history);
  }

 private:
  io::testing::Scratch scratch_;

 public:
  const std::string path = scratch_.file("log.jsonl");

 private:
  scheduler::Engine engine_;
  std::optional<io::EventLogWriter> log_;
  core::Time now_{};
};

Kinds kinds_of(const JobHistory& history) {
  Kinds kinds;
  for (const JobMoment& moment : history.moments) kinds.push_back(moment.kind);
  return kinds;
}

TEST(JobHistory, HasEveryReturnToTheQueue) {
  Diary diary("easy");
  diary.submit(7, 4, 100);
  diary.step();
  diary.tell(scheduler::CommandRejected{core::JobId{7}, core::ReplicaId{1}});
  diary.step();
  diary.at(10);
  diary.end(7, 2, ReplicaEnd::node_failed);
  diary.tell(scheduler::NodeStateChanged{core::NodeId{3}, core::NodeAvailability::down});
  diary.step();
  diary.at(20);
  diary.end(7, 2, ReplicaEnd::completed);  // it does not run: nothing happens
  diary.tell(scheduler::NodeStateChanged{core::NodeId{3}, core::NodeAvailability::up});
  diary.step();
  diary.at(120);
  diary.step();
  diary.at(121);
  diary.end(7, 3, ReplicaEnd::killed);
  diary.step();

  const JobHistory history = diary.of(7);
  EXPECT_EQ(kinds_of(history),
            (Kinds{Kind::submitted, Kind::started, Kind::refused, Kind::started, Kind::ended,
                   Kind::waits, Kind::started, Kind::kill, Kind::ended}));
  EXPECT_EQ(history.moments[3].replica, core::ReplicaId{2});
  EXPECT_EQ(history.moments[4].detail, "node_failed");
  EXPECT_EQ(history.moments[5].reason, scheduler::RejectCode::cores_busy);
  EXPECT_EQ(history.moments[5].explanation->slots_available, 3U);
  EXPECT_EQ(history.moments[7].detail, "time_limit");
  EXPECT_EQ(history.moments[7].time, core::at_seconds(120));
  EXPECT_NE(history_text(history, false).find("2m  the host is told to end it: time_limit\n"),
            std::string::npos);
}

TEST(JobHistory, KeepsToOneJob) {
  Diary diary("easy");
  diary.submit(1, 4, 100);
  diary.step();
  diary.submit(2, 1, 100);
  diary.step();
  diary.at(5);
  diary.tell(scheduler::JobCancelled{core::JobId{1}});
  diary.step();
  diary.at(6);
  diary.tell(scheduler::JobCancelled{core::JobId{2}});
  diary.step();
  const JobHistory history = diary.of(2);
  EXPECT_EQ(kinds_of(history), (Kinds{Kind::submitted, Kind::waits, Kind::cancelled}));
}

TEST(JobHistory, KnowsWhatPeopleChanged) {
  Diary diary("fcfs");
  diary.submit(1, 4, 100);
  diary.submit(2, 4, 100);
  diary.step();
  diary.at(5);
  core::Job job{.id = core::JobId{2}, .time_limit = core::seconds(30)};
  diary.tell(scheduler::JobChanged{job});
  diary.tell(scheduler::PolicyReloaded{"conservative"});
  diary.step();
  diary.at(6);
  diary.end(1, 1, ReplicaEnd::completed);
  diary.step();
  const JobHistory history = diary.of(2);
  EXPECT_EQ(kinds_of(history),
            (Kinds{Kind::submitted, Kind::waits, Kind::changed, Kind::waits, Kind::started}));
  EXPECT_EQ(history.moments[3].explanation->start_estimate, core::at_seconds(100));
  EXPECT_NE(history_text(history, false)
                .find("changed by a person: 1 slot of 1 core, time limit "
                      "30s\n"),
            std::string::npos);
}

TEST(JobHistory, SaysOfARunningJobOnlyWhatCanChange) {
  Diary diary("easy");
  diary.at(3);
  diary.submit(1, 4, 100);
  diary.step();
  diary.at(5);
  diary.tell(scheduler::JobChanged{{.id = core::JobId{1}, .time_limit = core::seconds(30)}});
  diary.step();
  const JobHistory history = diary.of(1);
  EXPECT_EQ(kinds_of(history), (Kinds{Kind::submitted, Kind::started, Kind::changed}));
  EXPECT_EQ(history.job.request.slots, 4U);
  EXPECT_EQ(history.job.submit, core::at_seconds(3));
  EXPECT_EQ(history.job.time_limit, core::seconds(30));
}

/// Job 1 holds three of four nodes until 100 s, job 2 needs all, job 3 one of them for 200 s. Gives
/// what is said of a job at 75 s.
JobHistory at_75_seconds(const std::string& policies, std::uint32_t job) {
  Diary diary(policies);
  diary.submit(1, 3, 100);
  diary.submit(2, 4, 60);
  diary.submit(3, 1, 200);
  diary.step();
  diary.at(80);
  diary.end(1, 1, ReplicaEnd::completed);
  diary.step();
  return diary.of(job, core::at_seconds(75));
}

/// Whether job 3 starts at 75 s when it has such a limit, on an engine of its own.
bool starts_with_limit(const std::string& policies, std::int64_t seconds) {
  test::Desk desk(policies);
  desk.add_nodes(0, 4);
  desk.submit(1, 3, 100);
  desk.submit(2, 4, 60);
  desk.step();
  desk.at(75);
  desk.submit(3, 1, seconds);
  return !desk.step().empty();
}

TEST(WouldStart, UpToTheTimeLimitThatEndsBeforeTheFirstJobOfTheQueueStarts) {
  const JobHistory history = at_75_seconds("easy", 3);
  ASSERT_EQ(history.would_start_as.size(), 1U);
  EXPECT_EQ(history.would_start_as[0].time_limit, core::seconds(25));
  EXPECT_EQ(history.would_start_as[0].request, history.job.request);
  EXPECT_NE(history_text(history, true)
                .find("would start now if it were changed to a time limit of 25s\n"),
            std::string::npos);
  EXPECT_TRUE(starts_with_limit("easy", 25));
  EXPECT_FALSE(starts_with_limit("easy", 26));
}

TEST(WouldStart, WithAsManySlotsAsAreFree) {
  const JobHistory history = at_75_seconds("easy", 2);
  ASSERT_EQ(history.would_start_as.size(), 1U);
  EXPECT_EQ(history.would_start_as[0].request.slots, 1U);
  EXPECT_NE(history_text(history, true).find("changed to 1 slot\n"), std::string::npos);
}

TEST(WouldStart, IsNotSaidWhereThePolicyWouldNotStartTheJob) {
  EXPECT_TRUE(at_75_seconds("fcfs", 3).would_start_as.empty()) << "nobody overtakes";
  EXPECT_FALSE(starts_with_limit("fcfs", 25));
  EXPECT_EQ(at_75_seconds("fcfs", 2).would_start_as.size(), 1U) << "the first may start";
}

TEST(JobHistory, CountsTheStepsOfAWaitAndNotThoseThatOnlyCancel) {
  Diary diary("fcfs");
  diary.submit(1, 4, 100);
  diary.submit(2, 1, 100);
  diary.step();
  for (const std::int64_t time : {3, 4}) {
    diary.at(time);
    diary.tell(scheduler::Tick{});
    diary.step();
  }
  diary.at(5);
  diary.tell(scheduler::JobCancelled{core::JobId{1}});
  diary.step();
  const JobHistory history = diary.of(2, core::at_seconds(5));
  ASSERT_EQ(kinds_of(history), (Kinds{Kind::submitted, Kind::waits}));
  EXPECT_EQ(history.moments[1].steps, 3U);
  EXPECT_EQ(history.moments[1].last_time, core::at_seconds(4));
  ASSERT_TRUE(history.now.has_value());
  EXPECT_EQ(history.now->decisive, scheduler::RejectCode::cores_busy);
}

}  // namespace
}  // namespace nexa::cli
