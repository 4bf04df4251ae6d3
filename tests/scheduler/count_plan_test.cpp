// The plan of a counted class against one that moves every job by hand, over an array of time.
#include "scheduler/count_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "tests/scheduler/random_case.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using core::Duration;
using core::Time;
using test::at;
using test::Draws;

/// Free nodes per microsecond; all are free in the end.
class NaivePlan {
 public:
  explicit NaivePlan(std::int64_t nodes) : nodes_(nodes) {}

  void add(std::int64_t from, std::int64_t to, std::int64_t nodes) {
    if (std::size_t(to) > taken_.size()) taken_.resize(std::size_t(to), 0);
    for (std::int64_t t = from; t < to; ++t) taken_[std::size_t(t)] -= nodes;
  }

  std::int64_t earliest(Shape shape, std::int64_t from) const {
    std::int64_t fits_since = from;
    for (std::int64_t t = from; t < fits_since + shape.length.count(); ++t) {
      if (free(t) < shape.nodes) fits_since = t + 1;
    }
    return fits_since;
  }

 private:
  std::int64_t free(std::int64_t t) const {
    return std::size_t(t) < taken_.size() ? nodes_ - taken_[std::size_t(t)] : nodes_;
  }

  std::int64_t nodes_;
  std::vector<std::int64_t> taken_;
};

struct Waiting {
  Shape shape;
  std::int64_t start = 0;
  CountPlan::Ticket ticket;
};

/// How a random history is made.
struct Style {
  std::int64_t nodes = 0;
  std::uint32_t most_nodes = 0;  ///< of a job
  std::int64_t lengths = 0;      ///< different ones
  bool ranks_of_arrival = true;
  std::uint64_t ends_per_arrival = 1;
};

/// Both plans, and the jobs that wait and run in them.
class Histories {
 public:
  Histories(Style style, std::uint64_t seed)
      : style_(style), draws_(seed), naive_(style.nodes), plan_(style.nodes) {}

  void submit() {
    const std::uint64_t arrival = ++arrivals_;
    const double key = style_.ranks_of_arrival ? 0 : static_cast<double>(draws_.below(5));
    const QueueRank rank{key, arrival};
    const Shape shape{draws_.number(1, style_.most_nodes),
                      Duration{10 * draws_.between(1, style_.lengths) + draws_.between(0, 1)}};
    Waiting job{shape, naive_.earliest(shape, now_), {}};
    naive_.add(job.start, job.start + shape.length.count(), -std::int64_t{shape.nodes});
    job.ticket = plan_.promise(rank, static_cast<JobSlot>(arrival), shape, at(now_)).value();
    waiting_.emplace(rank, job);
  }

  void withdraw() {
    if (waiting_.empty()) return;
    auto victim = waiting_.begin();
    std::advance(victim, draws_.below(waiting_.size()));
    const Waiting& job = victim->second;
    naive_.add(job.start, job.start + job.shape.length.count(), job.shape.nodes);
    const auto [from, to] = plan_.withdraw(job.ticket);
    plan_.note_freed(from, to);
    waiting_.erase(victim);
  }

  void start_due_jobs() {
    std::vector<JobSlot> due;
    plan_.append_due(at(now_), due);
    std::sort(due.begin(), due.end());
    std::vector<JobSlot> expected;
    for (auto job = waiting_.begin(); job != waiting_.end();) {
      if (job->second.start > now_) {
        ++job;
        continue;
      }
      expected.push_back(static_cast<JobSlot>(job->first.arrival));
      plan_.fulfil(job->second.ticket);
      running_.push_back(job->second);
      job = waiting_.erase(job);
    }
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(due, expected);
  }

  void end_one() {
    if (running_.empty()) return;
    const std::size_t victim = draws_.below(running_.size());
    const Waiting job = running_[victim];
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(victim));
    const std::int64_t end = job.start + job.shape.length.count();
    if (end <= now_) return;
    naive_.add(now_, end, job.shape.nodes);
    plan_.add(at(now_), at(end), job.shape.nodes);
    plan_.note_freed(at(now_), at(end));
  }

  /// A job of another kind takes nodes, or gives them back.
  void meddle() {
    const std::int64_t from = now_ + draws_.between(0, 60);
    const Shape shape{1, Duration{draws_.between(1, 30)}};
    if (naive_.earliest(shape, from) != from) return;
    naive_.add(from, from + shape.length.count(), -1);
    plan_.add(at(from), at(from) + shape.length, -1);
    running_.push_back({shape, from, {}});
  }

  void compress() {
    for (auto& [rank, job] : waiting_) {
      if (job.start <= now_) continue;
      const std::int64_t length = job.shape.length.count();
      naive_.add(job.start, job.start + length, job.shape.nodes);
      job.start = naive_.earliest(job.shape, now_);
      naive_.add(job.start, job.start + length, -std::int64_t{job.shape.nodes});
    }
    plan_.begin_compression();
    // Jobs of another kind have their turn in between.
    std::vector<QueueRank> others;
    for (int i = 0; i < 3; ++i) {
      const double key = style_.ranks_of_arrival ? 0 : static_cast<double>(draws_.below(5));
      const QueueRank other{key, draws_.below(arrivals_ + 1)};
      if (waiting_.count(other) == 0) others.push_back(other);
    }
    std::sort(others.begin(), others.end());
    for (const QueueRank& other : others) compress_before(other);
    compress_before(QueueRank::after_all());
    plan_.end_compression();
  }

  void pass_time() {
    now_ += draws_.between(0, 12);
    plan_.forget_before(at(now_));
  }

  void reorder() {
    if (style_.ranks_of_arrival) return;
    std::map<QueueRank, Waiting> ordered;
    for (const auto& [rank, job] : waiting_) {
      ordered.emplace(QueueRank{static_cast<double>(draws_.below(5)), rank.arrival}, job);
    }
    plan_.begin_reordering();
    for (auto& [rank, job] : ordered) plan_.reorder(job.ticket, rank);
    plan_.end_reordering();
    waiting_ = std::move(ordered);
  }

  void expect_equal() {
    Time next = core::never;
    for (const auto& [rank, job] : waiting_) {
      ASSERT_EQ(plan_.start_of(job.ticket), at(job.start)) << "job " << rank.arrival;
      if (job.start > now_) next = std::min(next, at(job.start));
    }
    ASSERT_EQ(plan_.next_start(at(now_)), next);
  }

  void step() {
    pass_time();
    for (std::uint64_t i = draws_.below(style_.ends_per_arrival < 3 ? 6 : 3); i > 0; --i) submit();
    if (draws_.one_in(9)) withdraw();
    if (draws_.one_in(5)) meddle();
    if (draws_.one_in(4)) reorder();
    for (std::uint64_t i = draws_.below(style_.ends_per_arrival + 1); i > 0; --i) {
      end_one();
      compress();
      expect_equal();
      if (testing::Test::HasFatalFailure()) return;
    }
    start_due_jobs();
  }

 private:
  void compress_before(QueueRank limit) {
    while (plan_.next_candidate() < limit) plan_.examine_next(limit);
    plan_.pass_over(limit);
  }

  Style style_;
  Draws draws_;
  NaivePlan naive_;
  CountPlan plan_;
  std::map<QueueRank, Waiting> waiting_;
  std::vector<Waiting> running_;
  std::int64_t now_ = 0;
  std::uint64_t arrivals_ = 0;
};

void compare_histories(Style style, std::uint64_t cases, int steps) {
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(cases); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Histories histories(style, seed);
    for (int step = 0; step < steps; ++step) {
      SCOPED_TRACE("step " + std::to_string(step));
      histories.step();
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(CountPlan, moves_jobs_of_few_shapes_like_one_by_one) {
  compare_histories({.nodes = 4, .most_nodes = 2, .lengths = 2}, 150, 120);
}

TEST(CountPlan, moves_lines_of_equal_jobs_like_one_by_one) {
  compare_histories({.nodes = 6, .most_nodes = 1, .lengths = 1, .ends_per_arrival = 2}, 150, 120);
}

TEST(CountPlan, moves_jobs_of_many_shapes_like_one_by_one) {
  compare_histories({.nodes = 12, .most_nodes = 9, .lengths = 9, .ends_per_arrival = 3}, 150, 120);
}

TEST(CountPlan, follows_an_order_that_is_not_that_of_arrival) {
  compare_histories({.nodes = 5, .most_nodes = 3, .lengths = 3, .ranks_of_arrival = false}, 150,
                    120);
}

TEST(CountPlan, moves_lines_that_overtake_each_other_like_one_by_one) {
  compare_histories({.nodes = 16, .most_nodes = 6, .lengths = 2, .ends_per_arrival = 2}, 150, 250);
  compare_histories({.nodes = 30, .most_nodes = 3, .lengths = 9, .ends_per_arrival = 2}, 60, 250);
}

TEST(CountPlan, keeps_up_with_long_queues) {
  compare_histories({.nodes = 3, .most_nodes = 1, .lengths = 2}, 8, 700);
}

TEST(CountPlan, promises_nothing_to_a_job_that_never_fits) {
  CountPlan plan(3);
  EXPECT_FALSE(plan.promise({0, 1}, 0, {4, Duration{10}}, at(0)));
  EXPECT_TRUE(plan.promise({0, 2}, 1, {3, Duration{10}}, at(0)));
}

TEST(CountPlan, bears_limits_as_long_as_time_itself) {
  const Shape endless{1, core::never.time_since_epoch()};
  CountPlan plan(1);
  const auto first = plan.promise({0, 1}, 0, endless, at(0));
  ASSERT_TRUE(first);
  plan.fulfil(*first);
  EXPECT_FALSE(plan.promise({0, 2}, 1, endless, at(10)));
  plan.forget_before(at(20));
  plan.add(at(20), at(0) + endless.length, 1);
  plan.note_freed(at(20), at(0) + endless.length);
  plan.begin_compression();
  EXPECT_EQ(plan.next_candidate(), QueueRank::after_all());
  const auto third = plan.promise({0, 3}, 2, endless, at(20));
  ASSERT_TRUE(third);
  EXPECT_EQ(plan.start_of(*third), at(20));
}

}  // namespace
}  // namespace nexa::scheduler
