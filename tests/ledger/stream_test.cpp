// L14: what a stream owes does not depend on when it is asked, never falls and never exceeds what
// is held. Vectors of the design's section on streaming.
#include "ledger/stream.hpp"

#include <gtest/gtest.h>

#include "core/rng.hpp"

namespace nexa::ledger {
namespace {

using core::Duration;

Amount due_of(std::int64_t most, std::int64_t num, std::int64_t den, std::int64_t us) {
  return due(static_cast<Amount>(most), {num, den}, Duration{us});
}

std::uint64_t draw(std::uint64_t seed, std::uint32_t index, std::uint64_t bound) {
  return core::random_below({seed, core::RandomStream::test, 7, index}, bound);
}

TEST(Stream, owes_what_the_vectors_say) {
  EXPECT_EQ(due_of(1000, 1, 3, 999'999), 0U);
  EXPECT_EQ(due_of(1000, 1, 3, 3'000'000), 1U);
  EXPECT_EQ(due_of(1000, 7, 3, 10'000'000), 23U);
  EXPECT_EQ(due_of(20, 7, 3, 10'000'000), 20U);
  EXPECT_EQ(due_of(1'000'000'000, 333, 1000, 86'400LL * 1'000'000), 28'771U);
}

TEST(Stream, is_exact_at_the_ends_of_its_range) {
  EXPECT_EQ(due_of(INT64_MAX, INT64_MAX, 1, INT64_MAX), Amount{INT64_MAX});
  EXPECT_EQ(due(~Amount{0}, {INT64_MAX, INT64_MAX}, Duration{INT64_MAX}),
            Amount{INT64_MAX} / 1'000'000);
  EXPECT_EQ(due_of(1000, 5, 1, -1), 0U);
  EXPECT_EQ(due_of(1000, 0, 1, INT64_MAX), 0U);
}

TEST(Stream, refuses_negative_rates_and_no_time) {
  EXPECT_FALSE(check(StreamRate{-1, 1}));
  EXPECT_FALSE(check(StreamRate{1, 0}));
  EXPECT_FALSE(check(StreamRate{1, -3}));
  EXPECT_TRUE(check(StreamRate{0, 1}));
  EXPECT_EQ(check(StreamRate{-1, 1}).error().code, core::ErrorCode::invalid_argument);
}

TEST(Stream, says_how_long_an_amount_will_last) {
  EXPECT_EQ(time_until_due(0, {0, 1}), Duration{0});
  EXPECT_EQ(time_until_due(1, {0, 1}), std::nullopt);
  EXPECT_EQ(time_until_due(1, {1, 3}), core::seconds(3));
  EXPECT_EQ(time_until_due(~Amount{0}, {1, 1}), std::nullopt);
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const StreamRate rate{static_cast<std::int64_t>(1 + draw(seed, 0, 1000)),
                          static_cast<std::int64_t>(1 + draw(seed, 1, 1000))};
    const Amount amount = 1 + draw(seed, 2, 1'000'000);
    const auto time = time_until_due(amount, rate);
    ASSERT_TRUE(time.has_value());
    EXPECT_GE(due(~Amount{0}, rate, *time), amount) << "seed " << seed;
    EXPECT_LT(due(~Amount{0}, rate, *time - Duration{1}), amount) << "seed " << seed;
  }
}

/// Settles at random instants and adds up what each settlement moves.
TEST(Stream, L14_gives_the_same_total_for_any_partition_of_time) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const StreamRate rate{static_cast<std::int64_t>(draw(seed, 0, 5000)),
                          static_cast<std::int64_t>(1 + draw(seed, 1, 3000))};
    const Stream::Terms terms{rate, Amount{draw(seed, 2, 20'000)}, core::seconds(30)};
    const core::Time start{Duration{static_cast<std::int64_t>(draw(seed, 3, 1'000'000'000))}};
    Stream stream(terms, start);
    Stream asked_once = stream;
    core::Time now = start;
    Amount paid = 0;
    const std::uint32_t settlements = 1 + static_cast<std::uint32_t>(draw(seed, 4, 60));
    for (std::uint32_t i = 0; i < settlements; ++i) {
      now += Duration{static_cast<std::int64_t>(draw(seed, 100 + i, 90'000'000))};
      const std::uint64_t ticks = draw(seed, 300 + i, 6000);
      stream.tick(ticks, now);
      asked_once.tick(ticks, now);
      const Amount owed = stream.due_at(now);
      ASSERT_GE(owed, paid) << "what is due never falls";
      ASSERT_LE(owed, terms.most);
      paid += owed - paid;
    }
    EXPECT_EQ(paid, asked_once.due_at(now));
    EXPECT_EQ(paid, due(terms.most, rate, std::min(now, stream.accrues_until()) - start));
  }
}

TEST(Stream, stops_a_grace_after_the_last_valid_tick) {
  Stream stream({{100, 1}, 1'000'000, core::seconds(10)}, core::at_seconds(1000));
  EXPECT_EQ(stream.due_at(core::at_seconds(5000)), 1000U) << "no tick: the grace alone";
  stream.tick(60, core::at_seconds(1060));
  EXPECT_EQ(stream.due_at(core::at_seconds(1060)), 6000U);
  EXPECT_EQ(stream.due_at(core::at_seconds(9999)), 7000U);
  stream.tick(30, core::at_seconds(1100));
  EXPECT_EQ(stream.last_tick(), 60U) << "an old tick takes nothing back";
}

TEST(Stream, A17_earns_nothing_by_ticks_from_the_future) {
  Stream stream({{100, 1}, 1'000'000, {}}, core::at_seconds(0));
  stream.tick(3600, core::at_seconds(10));
  EXPECT_EQ(stream.last_tick(), 10U);
  EXPECT_EQ(stream.due_at(core::at_seconds(3600)), 1000U);
  stream.tick(20, core::at_seconds(5));  // a clock that runs backwards
  EXPECT_EQ(stream.due_at(core::at_seconds(3600)), 1000U);
}

TEST(Stream, A22_a_payer_who_closes_owes_what_is_due_until_then) {
  Stream stream({{100, 1}, 1'000'000, core::seconds(10)}, core::at_seconds(0));
  stream.tick(50, core::at_seconds(50));
  stream.close(core::at_seconds(55));
  stream.close(core::at_seconds(40));
  EXPECT_TRUE(stream.closed());
  stream.tick(100, core::at_seconds(200));
  EXPECT_EQ(stream.due_at(core::at_seconds(200)), 5500U);
}

}  // namespace
}  // namespace nexa::ledger
