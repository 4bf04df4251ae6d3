#include <gtest/gtest.h>

#include <set>
#include <type_traits>
#include <unordered_set>

#include "core/credits.hpp"
#include "core/digest.hpp"
#include "core/ids.hpp"
#include "core/interval_set.hpp"
#include "core/resources.hpp"
#include "core/result.hpp"
#include "core/rng.hpp"
#include "core/suggest.hpp"
#include "core/time.hpp"

namespace nexa::core {
namespace {

TEST(Ids, of_different_kinds_do_not_mix) {
  static_assert(!std::is_convertible_v<JobId, NodeId>);
  static_assert(!std::is_convertible_v<std::uint32_t, JobId>);
  EXPECT_LT(JobId{1}, JobId{2});
  EXPECT_EQ(JobId{}, JobId{0});
  EXPECT_EQ((std::unordered_set<JobId>{JobId{1}, JobId{1}, JobId{2}}.size()), 2U);
}

TEST(TimeType, has_no_now_and_counts_microseconds) {
  EXPECT_EQ(seconds(3).count(), 3'000'000);
  EXPECT_EQ(at_seconds(5) - at_seconds(2), seconds(3));
  EXPECT_DOUBLE_EQ(to_seconds(Duration{1'500'000}), 1.5);
  EXPECT_GT(never + seconds(1'000'000'000), never) << "room to add a duration";
}

TEST(ResourceAmounts, fit_by_the_scarcest_component) {
  const Resources node{8, 2, 100};
  EXPECT_EQ(slots_that_fit(node, {1, 0, 0}), 8U);
  EXPECT_EQ(slots_that_fit(node, {3, 0, 0}), 2U);
  EXPECT_EQ(slots_that_fit(node, {1, 1, 0}), 2U);
  EXPECT_EQ(slots_that_fit(node, {1, 0, 30}), 3U);
  EXPECT_EQ(slots_that_fit(node, {9, 0, 0}), 0U);
  EXPECT_EQ(slots_that_fit(node, {1, 3, 0}), 0U);
  EXPECT_EQ(slots_that_fit(node, {1, 0, 101}), 0U);
  EXPECT_EQ(slots_that_fit(node, {0, 1, 0}), 2U);
}

TEST(ResourceAmounts, add_subtract_and_contain_by_component) {
  const Resources a{4, 1, 10};
  EXPECT_EQ(a + a, a * 2);
  EXPECT_EQ(a * 3 - a, a * 2);
  EXPECT_TRUE(a.contains({4, 1, 10}));
  EXPECT_FALSE(a.contains({4, 2, 0}));
  EXPECT_FALSE(a.contains({0, 0, 11}));
}

using Block = std::array<std::uint32_t, 4>;

TEST(Philox, gives_the_known_answers_of_random123) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomDraws, depend_on_each_part_of_the_key) {
  const DrawKey key{1, RandomStream::test, 2, 3};
  DrawKey other_seed = key;
  other_seed.seed = std::uint64_t{1} << 40;
  DrawKey other_stream = key;
  other_stream.stream = RandomStream::workload;
  DrawKey other_entity = key;
  other_entity.entity = std::uint64_t{1} << 40;
  DrawKey other_draw = key;
  other_draw.draw = 4;
  const std::set<std::uint64_t> values = {random_bits(key), random_bits(other_seed),
                                          random_bits(other_stream), random_bits(other_entity),
                                          random_bits(other_draw)};
  EXPECT_EQ(values.size(), 5U);
  EXPECT_EQ(random_bits(key), random_bits(key));
}

TEST(RandomDraws, stay_in_their_range_and_cover_it) {
  std::array<int, 7> hits{};
  double sum = 0;
  for (std::uint64_t i = 0; i < 70'000; ++i) {
    const double unit = random_unit({9, RandomStream::test, i, 0});
    ASSERT_GE(unit, 0.0);
    ASSERT_LT(unit, 1.0);
    sum += unit;
    ++hits.at(random_below({9, RandomStream::test, i, 1}, 7));
  }
  EXPECT_NEAR(sum / 70'000, 0.5, 0.01);
  for (const int count : hits) EXPECT_NEAR(count, 10'000, 500);
  EXPECT_EQ(random_below({}, 1), 0U);
}

TEST(RandomDeath, comes_from_an_empty_range) {
  EXPECT_DEATH(random_below({}, 0), "");
}

std::string canonical(std::string_view text) {
  const auto intervals = parse_interval_set(text);
  return intervals ? to_text(*intervals) : intervals.error().message;
}

TEST(IntervalSets, print_as_they_were_read) {
  for (const char* text : {"", "0", "1-3 5", "0-4294967295", "4294967295", "7 9 11-12"}) {
    EXPECT_EQ(canonical(text), text);
  }
}

TEST(IntervalSets, become_canonical) {
  EXPECT_EQ(canonical("5 1-3"), "1-3 5");
  EXPECT_EQ(canonical("1-3 2-7 8"), "1-8");
  EXPECT_EQ(canonical("1-9 3"), "1-9");
  EXPECT_EQ(canonical("  4   4-4 "), "4");
  EXPECT_EQ(canonical("4294967294-4294967295 4294967295 1"), "1 4294967294-4294967295");
}

TEST(IntervalSets, refuse_what_is_malformed) {
  for (const char* text : {"a", "1-", "-1", "3-1", "1--2", "1,2", "4294967296", "1-2-3", "1\t2"}) {
    EXPECT_EQ(canonical(text), "malformed interval set '" + std::string(text) + "'");
  }
}

TEST(IntervalSets, count_their_members) {
  EXPECT_EQ(cardinality(*parse_interval_set("")), 0U);
  EXPECT_EQ(cardinality(*parse_interval_set("1-3 5")), 4U);
  // The whole range of 32 bits has one member more than 32 bits can count.
  EXPECT_EQ(cardinality(*parse_interval_set("1-4294967295")), 4294967295U);
}

TEST(IntervalSets, agree_with_a_set_of_numbers) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::vector<Interval> intervals;
    std::set<std::uint32_t> members;
    for (std::uint32_t i = 0; i < seed % 12; ++i) {
      const auto first = static_cast<std::uint32_t>(random_below({seed, {}, i, 0}, 60));
      const auto last = first + static_cast<std::uint32_t>(random_below({seed, {}, i, 1}, 6));
      intervals.push_back({first, last});
      for (std::uint32_t n = first; n <= last; ++n) members.insert(n);
    }
    canonicalise(intervals);
    std::set<std::uint32_t> kept;
    for (std::size_t i = 0; i < intervals.size(); ++i) {
      for (std::uint32_t n = intervals[i].first; n <= intervals[i].last; ++n) kept.insert(n);
      if (i == 0) continue;
      EXPECT_GT(intervals[i].first, intervals[i - 1].last + 1) << "seed " << seed;
    }
    EXPECT_EQ(kept, members) << "seed " << seed;
    EXPECT_EQ(cardinality(intervals), members.size()) << "seed " << seed;
  }
}

TEST(EditDistance, counts_insertions_deletions_substitutions_and_swaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("easy", "eazy"), 1U);
  EXPECT_EQ(edit_distance("sfj", "sjf"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U) << "optimal string alignment, not Damerau";
}

TEST(Suggestion, names_the_nearest_candidate_or_all) {
  constexpr std::array<std::string_view, 3> known = {"fcfs", "easy", "conservative"};
  EXPECT_EQ(suggestion("eazy", known), "did you mean 'easy'?");
  EXPECT_EQ(suggestion("zzzz", known), "known: fcfs, easy, conservative");
  EXPECT_EQ(nearest("conservatve", known), "conservative");
  EXPECT_TRUE(nearest("", known).empty());
  constexpr std::array<std::string_view, 2> tied = {"ab", "ac"};
  EXPECT_EQ(nearest("aa", tied), "ab") << "ties go to the earlier candidate";
}

TEST(CreditAmounts, add_subtract_and_compare) {
  const Credits five = Credits::whole(5);
  EXPECT_EQ(five.micro(), 5'000'000);
  EXPECT_EQ((five + five).micro(), 10'000'000);
  EXPECT_EQ((five - five - five).micro(), -5'000'000);
  EXPECT_LT(Credits::from_micro(-1), Credits{});
}

TEST(CreditsDeath, comes_from_every_overflow) {
  const Credits most = Credits::from_micro(INT64_MAX);
  const Credits least = Credits::from_micro(INT64_MIN);
  EXPECT_DEATH(static_cast<void>(most + Credits::from_micro(1)), "");
  EXPECT_DEATH(static_cast<void>(least - Credits::from_micro(1)), "");
  EXPECT_DEATH(static_cast<void>(Credits::whole(INT64_MAX / 1000)), "");
}

TEST(Results, hold_a_value_or_an_error) {
  Result<std::string> good = std::string("yes");
  ASSERT_TRUE(good.has_value());
  EXPECT_EQ(*good, "yes");
  EXPECT_EQ(good->size(), 3U);
  EXPECT_EQ(std::move(good).value(), "yes");
  const Result<int> bad = Error{ErrorCode::not_found, "no job 7", "look again", {"f", 1, 2}};
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message, "no job 7");
  EXPECT_EQ(bad.error().where.column, 2);
  EXPECT_TRUE(Result<void>{});
  EXPECT_FALSE(Result<void>(Error{}));
}

TEST(ResultsDeath, comes_from_taking_what_is_not_there) {
  const Result<int> bad = Error{};
  const Result<int> good = 1;
  EXPECT_DEATH(static_cast<void>(bad.value()), "");
  EXPECT_DEATH(static_cast<void>(good.error()), "");
  EXPECT_DEATH(static_cast<void>(Result<void>{}.error()), "");
}

TEST(AssertDeath, tells_the_handler_what_broke) {
  EXPECT_EXIT(
      {
        set_assert_handler([](const char* condition, const char* why, const char*, int) {
          std::exit(std::string(condition) == "1 == 2" && std::string(why) == "so" ? 7 : 8);
        });
        NEXA_ASSERT(1 == 2, "so");
      },
      testing::ExitedWithCode(7), "");
}

TEST(Digests, print_as_hexadecimal) {
  Digest digest;
  digest.bytes[0] = 0xab;
  digest.bytes[31] = 0x01;
  EXPECT_EQ(to_hex(digest), "ab" + std::string(60, '0') + "01");
  EXPECT_EQ(to_hex(std::uint64_t{0x1f}), "000000000000001f");
  EXPECT_EQ(to_hex(UINT64_MAX), "ffffffffffffffff");
}

TEST(StreamHashes, tell_streams_apart) {
  const auto hash_of = [](std::initializer_list<std::uint64_t> words) {
    StreamHash hash;
    for (const std::uint64_t word : words) hash.add(word);
    return hash.value();
  };
  EXPECT_EQ(hash_of({1, 2}), hash_of({1, 2}));
  EXPECT_NE(hash_of({1, 2}), hash_of({2, 1}));
  EXPECT_NE(hash_of({1}), hash_of({1, 0}));
  EXPECT_NE(hash_of({0}), hash_of({}));
}

}  // namespace
}  // namespace nexa::core
