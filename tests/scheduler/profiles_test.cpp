// The plans of nodes over time against arrays with one entry per microsecond.
#include <gtest/gtest.h>

#include <array>

#include "scheduler/node_profile.hpp"
#include "scheduler/step_profile.hpp"
#include "tests/scheduler/random_case.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using core::Duration;
using core::Resources;
using core::Time;
using test::at;
using test::Draws;

constexpr std::int64_t horizon = 600;

/// A profile as an array; it is constant from `horizon` on.
template <class Value>
struct Naive {
  std::vector<Value> values;

  explicit Naive(const Value& value) : values(horizon + 1, value) {}
  [[nodiscard]] const Value& operator[](std::int64_t time) const {
    return values[static_cast<std::size_t>(std::min(time, horizon))];
  }
  Value& operator[](std::int64_t time) { return values[static_cast<std::size_t>(time)]; }
};

struct Window {
  std::int64_t from;
  std::int64_t to;
};

Window random_window(Draws& draws, std::int64_t earliest) {
  const std::int64_t from = draws.between(earliest, horizon - 1);
  return {from, draws.between(from + 1, horizon)};
}

std::int64_t naive_hole(const Naive<std::int64_t>& model, std::int64_t need, std::int64_t length,
                        std::int64_t from, std::int64_t limit) {
  for (std::int64_t start = from; start < limit; ++start) {
    bool fits = true;
    for (std::int64_t t = start; t < std::min(start + length, limit); ++t) {
      fits = fits && model[t] >= need;
    }
    if (fits) return start;
  }
  return limit;
}

void expect_equal(const StepProfile& profile, const Naive<std::int64_t>& model, Draws& draws,
                  std::int64_t earliest) {
  const auto [from, to] = random_window(draws, earliest);
  std::int64_t least = INT64_MAX;
  std::vector<Time> breakpoints;
  for (std::int64_t t = from; t < to; ++t) {
    least = std::min(least, model[t]);
    if (t > from && model[t] != model[t - 1]) breakpoints.push_back(at(t));
  }
  ASSERT_EQ(profile.least(at(from), at(to)), least) << from << " to " << to;
  std::vector<Time> found;
  profile.append_breakpoints(at(from), at(to), found);
  // A breakpoint without a change is allowed; a change without a breakpoint is not.
  ASSERT_TRUE(std::includes(found.begin(), found.end(), breakpoints.begin(), breakpoints.end()));

  const std::int64_t need = draws.between(0, 50);
  const std::int64_t length = draws.between(1, draws.one_in(3) ? 300 : 40);
  const bool open = draws.one_in(2);
  const std::int64_t limit = open ? horizon + 400 : to;
  const std::int64_t expected = naive_hole(model, need, length, from, limit);
  const bool none = open && expected == limit;
  ASSERT_EQ(profile.earliest_hole(need, Duration{length}, at(from), open ? core::never : at(limit)),
            none ? core::never : at(expected))
      << need << " for " << length << " from " << from << " to " << limit;
}

/// Runs of values of at least `need` before and after some time.
void expect_equal_runs(const StepProfile& profile, const Naive<std::int64_t>& model, Draws& draws,
                       std::int64_t earliest) {
  const auto [stop, time] = random_window(draws, earliest);
  const std::int64_t need = draws.between(0, 50);
  StepProfile::Place place = profile.place_of(at(stop));
  place = profile.advance_to_before(place, at(time));
  ASSERT_EQ(profile.value(place), model[time - 1]) << "before " << time;
  if (model[time - 1] >= need) {
    std::int64_t begin = time - 1;
    while (begin > stop && model[begin - 1] >= need) --begin;
    ASSERT_EQ(profile.run_begin(place, need, at(stop)), at(begin)) << need << " up to " << time;
  }
  place = profile.place_of(at(stop));
  std::int64_t begin = stop;
  while (begin < time && model[begin] < need) ++begin;
  ASSERT_EQ(profile.find_at_least(place, need, at(time)), begin < time)
      << need << " in " << stop << " to " << time;
  if (begin == time) return;
  ASSERT_EQ(std::max(profile.begin(place), at(stop)), at(begin)) << need << " from " << stop;
  std::int64_t end = begin;
  while (end < time && model[end] >= need) ++end;
  const Time found = profile.run_end(place, need, at(time));
  if (end == time) {
    ASSERT_GE(found, at(time));
  } else {
    ASSERT_EQ(found, at(end)) << need << " from " << begin;
  }
}

TEST(StepProfile, agrees_with_an_array) {
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(80); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Draws draws(seed);
    const std::int64_t initial = draws.between(0, 60);
    StepProfile profile(initial);
    Naive<std::int64_t> model(initial);
    std::int64_t earliest = 0;
    for (int step = 0; step < 500; ++step) {
      const Window window = random_window(draws, earliest);
      const bool is_short = draws.one_in(2);
      const std::int64_t to = is_short ? std::min(window.from + 5, window.to) : window.to;
      const std::int64_t delta = draws.between(-6, 6);
      profile.add(at(window.from), at(to), delta);
      for (std::int64_t t = window.from; t < to; ++t) model[t] += delta;
      if (draws.one_in(60) && earliest < horizon / 2) {
        earliest += draws.between(0, 40);
        profile.forget_before(at(earliest));
      }
      expect_equal(profile, model, draws, earliest);
      if (HasFatalFailure()) return;
      expect_equal_runs(profile, model, draws, earliest);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(StepProfile, becomes_small_again_when_all_is_given_back) {
  Draws draws(5);
  StepProfile profile(10);
  const std::size_t size = profile.size();
  std::vector<std::array<std::int64_t, 3>> taken;
  for (int i = 0; i < 400; ++i) {
    const Window window = random_window(draws, 0);
    taken.push_back({window.from, window.to, draws.between(1, 5)});
  }
  for (const auto& [from, to, delta] : taken) profile.add(at(from), at(to), -delta);
  EXPECT_GT(profile.size(), 100U);
  for (const auto& [from, to, delta] : taken) profile.add(at(from), at(to), delta);
  EXPECT_EQ(profile.size(), size);
  EXPECT_EQ(profile.least(at(0), at(horizon)), 10);
}

TEST(StepProfile, ignores_empty_ranges) {
  StepProfile profile(3);
  profile.add(at(5), at(5), 2);
  profile.add(at(5), at(4), 2);
  profile.add(at(5), at(9), 0);
  EXPECT_EQ(profile.size(), 1U);
  EXPECT_EQ(profile.value(profile.place_of(at(7))), 3);
}

void expect_equal(const NodeProfile& profile, const Naive<Resources>& model, Draws& draws,
                  std::int64_t earliest) {
  const auto [from, to] = random_window(draws, earliest);
  Resources least{UINT32_MAX, UINT32_MAX, UINT64_MAX};
  std::vector<Time> breakpoints;
  for (std::int64_t t = from; t < to; ++t) {
    const Resources& free = model[t];
    least = {std::min(least.cores, free.cores), std::min(least.gpus, free.gpus),
             std::min(least.memory_kib, free.memory_kib)};
    if (t > from && free != model[t - 1]) breakpoints.push_back(at(t));
  }
  ASSERT_EQ(profile.least(at(from), at(to)), least) << from << " to " << to;
  std::vector<Time> found;
  profile.append_breakpoints(at(from), at(to), found);
  ASSERT_TRUE(std::includes(found.begin(), found.end(), breakpoints.begin(), breakpoints.end()));
}

TEST(NodeProfile, agrees_with_an_array) {
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(80); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Draws draws(seed);
    const Resources capacity{64, 8, 1000};
    NodeProfile profile(capacity);
    Naive<Resources> model(capacity);
    struct Taken {
      Window window;
      Resources amount;
    };
    std::vector<Taken> taken;
    std::int64_t earliest = 0;
    for (int step = 0; step < 300; ++step) {
      if (draws.one_in(2) || taken.empty()) {
        const Window window = random_window(draws, earliest);
        const Resources amount{draws.number(0, 9), draws.number(0, 2), draws.below(100)};
        if (!profile.least(at(window.from), at(window.to)).contains(amount)) continue;
        profile.take(at(window.from), at(window.to), amount);
        for (std::int64_t t = window.from; t < window.to; ++t) model[t] -= amount;
        taken.push_back({window, amount});
      } else {
        std::swap(taken[draws.below(taken.size())], taken.back());
        Taken back = taken.back();
        taken.pop_back();
        back.window.from = std::max(back.window.from, earliest);
        if (back.window.from < back.window.to) {
          profile.give(at(back.window.from), at(back.window.to), back.amount);
        }
        for (std::int64_t t = back.window.from; t < back.window.to; ++t) model[t] += back.amount;
      }
      if (draws.one_in(60) && earliest < horizon / 2) {
        earliest += draws.between(0, 40);
        profile.forget_before(at(earliest));
      }
      expect_equal(profile, model, draws, earliest);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(NodeProfileDeath, comes_from_promising_more_than_a_node_has) {
  NodeProfile profile({4, 0, 0});
  profile.take(at(0), at(10), {3, 0, 0});
  EXPECT_DEATH(profile.take(at(5), at(15), {2, 0, 0}), "");
}

}  // namespace
}  // namespace nexa::scheduler
