#include "io/jobs_csv.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/io/scratch.hpp"

namespace nexa::io {
namespace {

using core::Interval;
using core::JobOutcome;
using core::JobState;
using core::Result;
using testing::bytes_of;
using testing::Scratch;

constexpr const char* batsim_columns =
    "job_id,workload_name,profile,submission_time,requested_number_of_resources,requested_time,"
    "success,final_state,starting_time,execution_time,finish_time,waiting_time,turnaround_time,"
    "stretch,allocated_resources,consumed_energy,metadata";

class JobsCsv : public ::testing::Test {
 protected:
  JobsCsv() {
    platform_.tiers = {"cpu", "hpc"};
    platform_.groups = {{.name = "blades", .count = 10, .spec = {}},
                        {.name = "big, \"fat\"", .count = 2, .spec = {}}};
    jobs_.resize(2);
    jobs_[0].number = 4711;
    jobs_[0].user = 12;
  }

  /// A job of the first class that ran from 2.5 s to 12.5 s.
  static JobOutcome completed_job(std::span<const Interval> nodes) {
    JobOutcome outcome;
    outcome.id = core::JobId(0);
    outcome.submit = core::Time(core::Duration(500'000));
    outcome.start = core::Time(core::Duration(2'500'000));
    outcome.end = core::Time(core::Duration(12'500'000));
    outcome.started = true;
    outcome.time_limit = core::seconds(60);
    outcome.request.slots = 4;
    outcome.cores_held = 8;
    outcome.nodes = nodes;
    return outcome;
  }

  /// The lines of a file with these outcomes.
  std::vector<std::string> lines_of(const std::vector<JobOutcome>& outcomes,
                                    const std::string& workload = "KTH") {
    const std::string path = scratch_.file("jobs.csv");
    Result<JobsCsvWriter> writer = JobsCsvWriter::create(path, workload, jobs_, platform_);
    EXPECT_TRUE(writer.has_value());
    for (const JobOutcome& outcome : outcomes) EXPECT_TRUE(writer->append(outcome).has_value());
    EXPECT_TRUE(writer->commit().has_value());
    std::istringstream text(bytes_of(path));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  Scratch scratch_;
  core::Platform platform_;
  std::vector<core::WorkloadJob> jobs_;
};

TEST_F(JobsCsv, HasTheColumnsOfBatsimFirst) {
  EXPECT_EQ(lines_of({}), std::vector<std::string>{
                              std::string(batsim_columns) +
                              ",tier,node_class,selected_by,cores,cores_held,user,workload_index"});
}

TEST_F(JobsCsv, WritesACompletedJobAsBatsimDoes) {
  const std::vector<Interval> nodes = {{0, 2}, {7, 7}};
  EXPECT_EQ(lines_of({completed_job(nodes)})[1],
            "4711,KTH,delay,0.500000,4,60.000000,1,COMPLETED_SUCCESSFULLY,2.500000,10.000000,"
            "12.500000,2.000000,12.000000,1.200000,0-2 7,-1.000000,\"\","
            "cpu,blades,order,4,8,12,0");
}

TEST_F(JobsCsv, WritesEveryWayToLeave) {
  const std::vector<Interval> nodes = {{3, 3}};
  JobOutcome killed = completed_job(nodes);
  killed.state = JobState::timed_out;
  killed.selected_by = core::SelectedBy::backfill;
  JobOutcome cancelled = completed_job(nodes);
  cancelled.state = JobState::cancelled;
  cancelled.selected_by = core::SelectedBy::reservation;
  JobOutcome running = completed_job(nodes);
  running.state = JobState::unfinished;
  const std::vector<std::string> lines = lines_of({killed, cancelled, running});
  const std::string times = "2.500000,10.000000,12.500000,2.000000,12.000000,1.200000,3,";
  EXPECT_NE(lines[1].find(",0,COMPLETED_WALLTIME_REACHED," + times), std::string::npos);
  EXPECT_NE(lines[1].find(",backfill,"), std::string::npos);
  EXPECT_NE(lines[2].find(",0,COMPLETED_KILLED," + times), std::string::npos);
  EXPECT_NE(lines[2].find(",reservation,"), std::string::npos);
  EXPECT_NE(lines[3].find(",0,RUNNING,2.500000,,,2.000000,,,3,"), std::string::npos) << lines[3];
}

TEST_F(JobsCsv, LeavesTheTimesOfAJobThatNeverRanEmpty) {
  JobOutcome rejected = completed_job({});
  rejected.state = JobState::rejected;
  rejected.started = false;
  JobOutcome waiting = rejected;
  waiting.state = JobState::unfinished;
  const std::vector<std::string> lines = lines_of({rejected, waiting});
  EXPECT_EQ(lines[1], "4711,KTH,delay,0.500000,4,60.000000,0,REJECTED,,,,,,,,,\"\",,,,4,0,12,0");
  EXPECT_EQ(lines[2], "4711,KTH,delay,0.500000,4,60.000000,0,SUBMITTED,,,,,,,,,\"\",,,,4,0,12,0");
}

TEST_F(JobsCsv, GivesEveryLineTheSameNumberOfFields) {
  const std::vector<Interval> nodes = {{0, 2}, {7, 7}};
  JobOutcome rejected = completed_job({});
  rejected.state = JobState::rejected;
  rejected.started = false;
  for (const std::string& line : lines_of({completed_job(nodes), rejected})) {
    EXPECT_EQ(std::count(line.begin(), line.end(), ','), 23) << line;
  }
}

TEST_F(JobsCsv, QuotesNamesThatNeedIt) {
  JobOutcome outcome = completed_job({});
  outcome.node_class = 1;
  const std::string line = lines_of({outcome}, "a,b")[1];
  EXPECT_EQ(line.rfind("4711,\"a,b\",delay,", 0), 0U);
  EXPECT_NE(line.find(",\"big, \"\"fat\"\"\",order,"), std::string::npos) << line;
  EXPECT_EQ(csv_field("plain"), "plain");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
}

TEST_F(JobsCsv, NumbersAnUnknownJobByItsId) {
  JobOutcome outcome = completed_job({});
  outcome.id = core::JobId(99);
  outcome.workload_index = 99;
  EXPECT_EQ(lines_of({outcome})[1].rfind("99,", 0), 0U);
}

TEST_F(JobsCsv, KeepsAllOfManyLines) {
  const std::vector<Interval> nodes = {{0, 2}};
  const std::vector<JobOutcome> many(50'000, completed_job(nodes));
  const std::vector<std::string> lines = lines_of(many);
  ASSERT_EQ(lines.size(), 50'001U);
  EXPECT_EQ(lines.back(), lines[1]);
}

TEST_F(JobsCsv, ReportsAFullDevice) {
  Result<JobsCsvWriter> writer = JobsCsvWriter::create("/dev/full", "KTH", jobs_, platform_);
  ASSERT_TRUE(writer.has_value());
  ASSERT_TRUE(writer->append(completed_job({})).has_value());
  const Result<void> committed = writer->commit();
  ASSERT_FALSE(committed.has_value());
  EXPECT_EQ(committed.error().message, "cannot write '/dev/full': No space left on device");
}

}  // namespace
}  // namespace nexa::io
