#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "io/hdf5/run_writer.hpp"
#include "io/sha256.hpp"
#include "tests/io/hdf5_reader.hpp"
#include "tests/io/scratch.hpp"

namespace nexa::io::hdf5 {
namespace {

using core::ErrorCode;
using core::Interval;
using core::JobOutcome;
using core::JobState;
using core::Result;
using io::testing::attribute;
using io::testing::column;
using io::testing::members;
using io::testing::Scratch;

class RunFile : public ::testing::Test {
 protected:
  RunFile() {
    meta_.format_version = "1";
    meta_.config_yaml = "policy: easy\n";
    meta_.seed = 42;
    meta_.commit = "abc123";
    meta_.inputs = {{"kth.swf", "00ff", 1234}, {"a much longer path.yaml", "", 5}};
    platform_.tiers = {"cpu", "hpc"};
    platform_.owners = {"physics"};
    platform_.sites = {"north"};
    platform_.gpu_types = {"", "rtx"};
    platform_.groups = {{.name = "blades", .count = 100, .spec = {}},
                        {.name = "fat", .count = 4, .spec = {.tier = core::TierId(1)}}};
    jobs_.resize(3);
    jobs_[1].number = 4711;
    jobs_[1].user = 12;
  }

  /// Job `index` runs for 10 s from second `index` on, on two intervals of nodes.
  JobOutcome ran(std::uint32_t index) {
    nodes_ = {{index, index + 1}, {index + 5, index + 9}};
    JobOutcome outcome;
    outcome.id = core::JobId(index);
    outcome.workload_index = index;
    outcome.start = core::at_seconds(index);
    outcome.end = core::at_seconds(index + 10);
    outcome.started = true;
    outcome.time_limit = core::seconds(60);
    outcome.tier = core::TierId(1);
    outcome.node_class = 1;
    outcome.cores_held = 7;
    outcome.nodes = nodes_;
    return outcome;
  }

  Result<RunWriter> create(const std::string& path) {
    return RunWriter::create(path, meta_, platform_, jobs_);
  }

  /// A whole file with `count` jobs that ran and one that was rejected.
  std::string write(const std::string& name, std::uint32_t count) {
    Result<RunWriter> writer = create(scratch_.file(name));
    EXPECT_TRUE(writer.has_value());
    for (std::uint32_t i = 0; i < count; ++i) EXPECT_TRUE(writer->append(ran(i)).has_value());
    JobOutcome rejected;
    rejected.id = core::JobId(count);
    rejected.workload_index = count;
    rejected.state = JobState::rejected;
    EXPECT_TRUE(writer->append(rejected).has_value());
    core::LoadSeries series;
    series.bucket_width = core::seconds(60);
    series.queue_length = {1.5, 0};
    series.running_jobs = {2, 0};
    series.busy_cores = {{3, 4}, {5, 6}};
    EXPECT_TRUE(writer->set_series(series).has_value());
    EXPECT_TRUE(writer->close(true).has_value());
    return scratch_.file(name);
  }

  /// True if writing a longer file than `bytes` allow is reported, and leaves nothing.
  bool write_fails_cleanly(rlim_t bytes) {
    io::testing::limit_file_size(bytes);
    std::string message;
    Result<RunWriter> writer = create(scratch_.file("run.h5"));
    if (!writer) {
      message = writer.error().message;
    } else {
      Result<void> done;
      for (std::uint32_t i = 0; done && i < 40'000; ++i) {
        JobOutcome outcome = ran(i);
        outcome.end += core::Duration(i * 7919ULL % 1'000'003);
        done = writer->append(outcome);
      }
      done = writer->close(true);
      if (!done) message = done.error().message;
    }
    return message.find("File too large") != std::string::npos && scratch_.names().empty();
  }

  Scratch scratch_;
  RunMeta meta_;
  core::Platform platform_;
  std::vector<core::WorkloadJob> jobs_;
  std::vector<Interval> nodes_;
};

using Rows = std::vector<double>;

TEST_F(RunFile, KeepsWhatHappenedToEachJob) {
  const std::string path = write("run.h5", 2);
  EXPECT_EQ(column(path, "jobs/job_id"), (Rows{0, 1, 2}));
  EXPECT_EQ(column(path, "jobs/number"), (Rows{0, 4711, 0}));
  EXPECT_EQ(column(path, "jobs/user"), (Rows{0, 12, 0}));
  EXPECT_EQ(column(path, "jobs/start_us"), (Rows{0, 1'000'000, -1}));
  EXPECT_EQ(column(path, "jobs/end_us"), (Rows{10'000'000, 11'000'000, -1}));
  EXPECT_EQ(column(path, "jobs/wait_us"), (Rows{0, 1'000'000, -1}));
  EXPECT_EQ(column(path, "jobs/state"), (Rows{0, 0, 3}));
  EXPECT_EQ(column(path, "jobs/tier"), (Rows{1, 1, -1}));
  EXPECT_EQ(column(path, "jobs/node_class"), (Rows{1, 1, -1}));
  EXPECT_EQ(column(path, "jobs/cores_held"), (Rows{7, 7, 0}));
  EXPECT_EQ(column(path, "jobs/nodes_offset"), (Rows{0, 2, 4}));
  EXPECT_EQ(column(path, "jobs/nodes_count"), (Rows{2, 2, 0}));
  EXPECT_EQ(column(path, "allocations/first"), (Rows{0, 5, 1, 6}));
  EXPECT_EQ(column(path, "allocations/last"), (Rows{1, 9, 2, 10}));
}

TEST_F(RunFile, KeepsNodesSeriesAndInputs) {
  const std::string path = write("run.h5", 1);
  EXPECT_EQ(column(path, "nodes/count"), (Rows{100, 4}));
  EXPECT_EQ(column(path, "nodes/first_node"), (Rows{0, 100}));
  EXPECT_EQ(column(path, "series/load/time_us"), (Rows{0, 60'000'000}));
  EXPECT_EQ(column(path, "series/load/queue_length"), (Rows{1.5, 0}));
  EXPECT_EQ(column(path, "series/load/busy_cores_hpc"), (Rows{5, 6}));
  EXPECT_EQ(column(path, "meta/inputs/bytes"), (Rows{1234, 5}));
}

TEST_F(RunFile, SaysWhatMadeIt) {
  const std::string path = write("run.h5", 1);
  EXPECT_EQ(attribute(path, "/", "format"), "nexa-run");
  EXPECT_EQ(attribute(path, "/", "config_yaml"), "policy: easy\n");
  EXPECT_EQ(attribute(path, "/", "commit"), "abc123");
  EXPECT_EQ(attribute(path, "/", "complete"), std::string(1, '\1'));
  EXPECT_EQ(attribute(path, "/jobs/wait_us", "units"), "us");
  EXPECT_EQ(attribute(path, "/jobs/wait_us", "description"),
            "start - submission; -1: never started");
}

TEST_F(RunFile, GivesTheColumnsOfAGroupEqualLengths) {
  const std::string path = write("run.h5", 3000);
  for (const char* group : {"jobs", "allocations", "series/load"}) {
    std::set<std::size_t> lengths;
    for (const std::string& name : members(path, group)) {
      lengths.insert(column(path, std::string(group) + "/" + name).size());
    }
    EXPECT_EQ(lengths.size(), 1U) << group;
  }
  EXPECT_EQ(members(path, "jobs").size(), 19U);
}

TEST_F(RunFile, KeepsAllRowsOfManyChunks) {
  constexpr std::uint32_t count = 5000;
  const std::string path = write("run.h5", count);
  const Rows starts = column(path, "jobs/start_us");
  const Rows firsts = column(path, "allocations/first");
  ASSERT_EQ(starts.size(), count + 1);
  ASSERT_EQ(firsts.size(), 2 * count);
  for (std::uint32_t i = 0; i < count; ++i) {
    ASSERT_EQ(starts[i], 1e6 * i);
    ASSERT_EQ(firsts[2 * i], i);
    ASSERT_EQ(firsts[2 * i + 1], i + 5);
  }
}

TEST_F(RunFile, HasEqualBytesForEqualRuns) {
  const std::string first = write("first.h5", 2000);
  const std::string second = write("second.h5", 2000);
  EXPECT_EQ(sha256_file(first).value(), sha256_file(second).value());
}

TEST_F(RunFile, TakesAConfigurationOfAnySize) {
  meta_.config_yaml = std::string(300'000, 'x');
  EXPECT_EQ(attribute(write("run.h5", 1), "/", "config_yaml"), meta_.config_yaml);
}

TEST_F(RunFile, MarksARunThatWasStopped) {
  const std::string path = scratch_.file("run.h5");
  Result<RunWriter> writer = create(path);
  ASSERT_TRUE(writer->append(ran(0)).has_value());
  ASSERT_TRUE(writer->close(false).has_value());
  EXPECT_EQ(attribute(path, "/", "complete"), std::string(1, '\0'));
  EXPECT_EQ(column(path, "jobs/job_id"), Rows{0});
}

TEST_F(RunFile, LeavesNothingWithoutClose) {
  {
    Result<RunWriter> writer = create(scratch_.file("run.h5"));
    ASSERT_TRUE(writer->append(ran(0)).has_value());
  }
  EXPECT_TRUE(scratch_.names().empty());
}

TEST_F(RunFile, IsNotSpoiledByASecondWriter) {
  const std::string path = scratch_.file("run.h5");
  Result<RunWriter> first = create(path);
  ASSERT_TRUE(first->append(ran(0)).has_value());
  const Result<RunWriter> second = create(path);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  ASSERT_TRUE(first->append(ran(1)).has_value());
  ASSERT_TRUE(first->close(true).has_value());
  EXPECT_EQ(column(path, "jobs/job_id"), (Rows{0, 1}));
}

TEST_F(RunFile, ReplacesWhatAKilledProcessLeft) {
  static_cast<void>(scratch_.file("run.h5.partial", "half of a file"));
  const std::string path = write("run.h5", 2);
  EXPECT_EQ(column(path, "jobs/job_id"), (Rows{0, 1, 2}));
  EXPECT_EQ(scratch_.names(), std::vector<std::string>{"run.h5"});
}

TEST_F(RunFile, FollowsNoLinkInThePlaceOfThePartialFile) {
  const std::string precious = scratch_.file("precious", "do not touch");
  const std::string path = scratch_.file("run.h5");
  std::filesystem::create_symlink(precious, path + ".partial");
  const Result<RunWriter> writer = create(path);
  ASSERT_FALSE(writer.has_value());
  EXPECT_EQ(writer.error().code, ErrorCode::io);
  EXPECT_EQ(testing::bytes_of(precious), "do not touch");
}

TEST_F(RunFile, NamesTheReasonWhenItCannotBeMade) {
  const std::string path = scratch_.file("missing/run.h5");
  const Result<RunWriter> missing = create(path);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().message, "cannot write '" + path + "': No such file or directory");
  const Result<RunWriter> device = create("/dev/null");
  ASSERT_FALSE(device.has_value());
  EXPECT_EQ(device.error().code, ErrorCode::unsupported);
}

TEST_F(RunFile, LeavesNothingWhenTheDiskFillsUp) {
  meta_.config_yaml = std::string(20'000, 'x');
  for (const rlim_t bytes : {100U, 3000U, 10'000U, 30'000U, 100'000U, 200'000U}) {
    EXPECT_EXIT(std::exit(write_fails_cleanly(bytes) ? 0 : 1), ::testing::ExitedWithCode(0), "")
        << bytes;
  }
}

}  // namespace
}  // namespace nexa::io::hdf5
