// Lines of slides against the same jobs moved one by one, over an array of time.
#include "scheduler/slide_sweep.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/scheduler/random_case.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using core::Duration;
using core::Time;
using test::at;
using test::Draws;

constexpr std::int64_t horizon = 120;

struct Move {
  std::uint64_t arrival;
  std::int64_t from;
  std::int64_t to;
  friend bool operator==(const Move&, const Move&) = default;
};

/// Free nodes per microsecond, and equal jobs in the order of the queue.
struct Line {
  std::array<std::int64_t, horizon> free{};
  std::vector<std::int64_t> starts;
  Shape shape;
  std::int64_t now = 0;

  [[nodiscard]] StepProfile profile() const {
    StepProfile profile(0);
    for (std::int64_t t = 0; t < horizon; ++t) {
      profile.add(at(t), at(t + 1), free[static_cast<std::size_t>(t)]);
    }
    return profile;
  }
  [[nodiscard]] EqualJobs jobs() const {
    EqualJobs jobs;
    for (std::size_t i = 0; i < starts.size(); ++i) {
      jobs.insert({0, i + 1}, static_cast<JobSlot>(i), at(starts[i]));
    }
    return jobs;
  }
  [[nodiscard]] std::int64_t slides_to(std::int64_t start) const {
    while (start > now && free[static_cast<std::size_t>(start - 1)] >= shape.nodes) --start;
    return start;
  }
  /// All slides, each with its effect on those behind it.
  [[nodiscard]] std::vector<Move> one_by_one() const {
    std::vector<Move> moves;
    Line left = *this;
    for (std::size_t i = 0; i < starts.size(); ++i) {
      const std::int64_t to = left.slides_to(starts[i]);
      if (to == starts[i]) continue;
      moves.push_back({i + 1, starts[i], to});
      const std::int64_t length = shape.length.count();
      for (std::int64_t t = 0; t < length; ++t) {
        left.change(to + t, -1);
        left.change(starts[i] + t, 1);
      }
    }
    return moves;
  }

 private:
  void change(std::int64_t t, std::int64_t jobs) {
    if (t < horizon) free[static_cast<std::size_t>(t)] += jobs * shape.nodes;
  }
};

std::vector<Move> found_by_sweep(const Line& line, std::size_t most_moves = 1000) {
  const StepProfile profile = line.profile();
  const EqualJobs jobs = line.jobs();
  EqualJobs::Place first = jobs.first_after(QueueRank::before_all());
  const auto begin = [&] {
    return at(line.slides_to(jobs.start(first).time_since_epoch().count()));
  };
  while (begin() == jobs.start(first)) first = jobs.next(first);
  SlideSweep sweep;
  sweep.find({profile, jobs, line.shape, first, begin(), at(line.now), core::never,
              QueueRank::after_all(), most_moves});
  std::vector<Move> moves;
  for (const SlideSweep::Move& move : sweep.moves()) {
    moves.push_back({move.rank.arrival, move.from.time_since_epoch().count(),
                     move.to.time_since_epoch().count()});
  }
  return moves;
}

TEST(SlideSweep, gives_every_job_the_place_of_the_one_before) {
  Line line;
  line.shape = {2, Duration{50}};
  std::fill(line.free.begin() + 5, line.free.begin() + 40, 3);
  line.starts = {10, 20, 20, 35};
  EXPECT_EQ(found_by_sweep(line), (std::vector<Move>{{1, 10, 5}, {2, 20, 10}, {4, 35, 20}}));
}

TEST(SlideSweep, counts_the_jobs_over_time) {
  Line line;
  line.shape = {1, Duration{50}};
  std::fill(line.free.begin(), line.free.begin() + 40, 2);
  line.starts = {10, 20, 30, 40};
  const StepProfile profile = line.profile();
  const EqualJobs jobs = line.jobs();
  SlideSweep sweep;
  sweep.find({profile, jobs, line.shape, jobs.first_after(QueueRank::before_all()), at(0), at(0),
              core::never, QueueRank::after_all(), 100});
  ASSERT_EQ(sweep.moves().size(), 4U);
  ASSERT_EQ(sweep.steps().size(), 2U);
  EXPECT_EQ(sweep.steps()[0].jobs, 2);
  EXPECT_EQ(sweep.steps()[0].to, at(30));
  EXPECT_EQ(sweep.steps()[1].jobs, 1);
  EXPECT_EQ(sweep.steps()[1].to, at(40));
  sweep.keep_first(1);
  ASSERT_EQ(sweep.steps().size(), 1U);
  EXPECT_EQ(sweep.steps()[0].jobs, 1);
  EXPECT_EQ(sweep.steps()[0].to, at(10));
}

TEST(SlideSweep, stops_at_an_earlier_start_with_room_before_it) {
  Line line;
  line.shape = {1, Duration{50}};
  std::fill(line.free.begin(), line.free.begin() + 30, 2);
  line.starts = {30, 20};
  EXPECT_EQ(found_by_sweep(line), (std::vector<Move>{{1, 30, 0}}));
}

TEST(SlideSweep, passes_over_an_earlier_start_without_room) {
  Line line;
  line.shape = {1, Duration{50}};
  std::fill(line.free.begin(), line.free.begin() + 40, 1);
  line.starts = {30, 20, 40};
  EXPECT_EQ(found_by_sweep(line), (std::vector<Move>{{1, 30, 0}, {3, 40, 30}}));
}

TEST(SlideSweep, finds_what_moving_one_by_one_would_do_first) {
  std::size_t moves = 0;
  std::size_t lines = 0;
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(20'000); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Draws draws(seed);
    Line line;
    line.shape = {draws.number(1, 2), Duration{draws.between(5, 60)}};
    line.now = draws.between(0, 5);
    const std::uint64_t most = draws.below(5);
    for (std::int64_t t = 0; t < horizon;) {
      const auto value = static_cast<std::int64_t>(draws.below(most + 1));
      for (const std::int64_t end = t + draws.between(1, 30); t < std::min(end, horizon); ++t) {
        line.free[static_cast<std::size_t>(t)] = value;
      }
    }
    std::int64_t start = line.now;
    for (std::uint64_t i = draws.below(12); i > 0; --i) {
      start = draws.one_in(4) ? draws.between(line.now, 60)
                              : std::min<std::int64_t>(60, start + draws.between(0, 8));
      line.starts.push_back(start);
    }
    const std::vector<Move> expected = line.one_by_one();
    if (expected.empty()) continue;
    if (expected[0].from - expected[0].to > line.shape.length.count()) continue;  // it jumps
    const std::vector<Move> found = found_by_sweep(line, draws.one_in(4) ? 2 : 1000);
    ASSERT_GE(found.size(), 1U);
    ASSERT_LE(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], expected[i]) << i;
    moves += found.size();
    ++lines;
  }
  EXPECT_GT(moves, 2 * lines) << "most lines are too short to try anything";
}

}  // namespace
}  // namespace nexa::scheduler
