#include "validator/agreement.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <set>

#include "core/rng.hpp"
#include "tests/scheduler/test_size.hpp"
#include "tests/validator/population.hpp"

namespace nexa::validator {
namespace {

using test::digest_of;

/// Results with values on a line, which agree within a tolerance.
struct Line {
  std::vector<int> values;
  std::vector<std::uint8_t> domains;
  int tolerance = 1;

  [[nodiscard]] std::vector<Vote> votes() const {
    std::vector<Vote> result;
    for (std::size_t i = 0; i < values.size(); ++i) {
      Vote vote;
      vote.digest = digest_of(0, static_cast<std::uint64_t>(values[i]));
      vote.replica = core::ReplicaId{static_cast<std::uint32_t>(i + 1)};
      vote.domain = domains.empty() ? static_cast<std::uint8_t>(i) : domains[i];
      result.push_back(vote);
    }
    return result;
  }
  [[nodiscard]] Equality equality() const {
    Equality result(votes());
    for (std::size_t a = 0; a < values.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        const int distance = std::abs(values[a] - values[b]);
        result.set(a, b, distance <= tolerance, static_cast<std::uint64_t>(distance));
      }
    }
    return result;
  }
  [[nodiscard]] Agreement agreement() const { return agree(votes(), equality()); }
};

TEST(Agreement, ThreeValuesInARowAgreeOnNothing) {
  // 0 and 1 agree, 1 and 2 agree, 0 and 2 do not: whoever takes the first match lets the order of
  // arrival decide who is wrong.
  for (const std::vector<int>& order : {std::vector{0, 1, 2}, {1, 0, 2}, {2, 1, 0}}) {
    const Agreement result = Line{order, {}, 1}.agreement();
    EXPECT_FALSE(result.strict);
    EXPECT_EQ(result.classes, 2U);
    EXPECT_EQ(result.votes, 2U);
  }
  // One more on one side, and that side is ahead.
  const Agreement result = Line{{0, 1, 2, 0}, {}, 1}.agreement();
  EXPECT_TRUE(result.strict);
  EXPECT_EQ(result.members, 0b1011U);
}

TEST(Agreement, TwoEqualAnswersDoNotWinAgainstThreeOthersThatAgree) {
  const Agreement result = Line{{5, 5, 9, 9, 9}, {}, 0}.agreement();
  EXPECT_TRUE(result.strict);
  EXPECT_EQ(result.members, 0b11100U);
  EXPECT_EQ(result.runner_up, 2U);
}

TEST(Agreement, AllDifferentIsNoClassAhead) {
  const Agreement result = Line{{1, 5, 9}, {}, 1}.agreement();
  EXPECT_FALSE(result.strict);
  EXPECT_EQ(result.votes, 1U);
}

TEST(Agreement, VotesFromOneDomainCountOnce) {
  const Agreement result = Line{{5, 5, 5, 9, 9}, {1, 1, 1, 2, 3}, 0}.agreement();
  EXPECT_TRUE(result.strict);
  EXPECT_EQ(result.members, 0b11000U);
  EXPECT_EQ(result.votes, 2U);
}

TEST(Agreement, OfOneDomainTheHeaviestVoteCounts) {
  std::vector<Vote> votes = Line{{5, 5, 9}, {1, 1, 2}, 0}.votes();
  votes[1].weight = 3;
  votes[2].weight = 2;
  const Agreement result = agree(votes, Equality(votes));
  EXPECT_EQ(result.weight, 3U);
  EXPECT_EQ(result.runner_up, 2U);
  EXPECT_TRUE(result.strict);
}

TEST(Agreement, TheMedoidIsTheMiddleAndTiesGoToTheSmallestDigest) {
  EXPECT_EQ(Line({{10, 12, 14}, {}, 4}).agreement().canonical, 1U);
  // 12 and 14 are both at most 2 from the others that matter: 10, 12, 14, 12.
  const Line twins{{14, 12, 10, 12}, {}, 4};
  EXPECT_EQ(twins.agreement().canonical, 1U);
  const Line even{{20, 21}, {}, 1};
  EXPECT_EQ(even.votes()[even.agreement().canonical].digest,
            std::min(even.votes()[0].digest, even.votes()[1].digest));
}

TEST(Agreement, CliquesAreThoseOfBruteForce) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const std::size_t count = 1 + core::random_below({.seed = seed, .draw = 1}, 9);
    Line line;
    line.values.resize(count, 0);
    Equality equality(line.votes());
    std::uint32_t draw = 2;
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        equality.set(a, b, core::random_below({.seed = seed, .draw = draw++}, 3) > 0, 0);
      }
    }
    const auto is_clique = [&](ResultMask mask) {
      for (std::size_t a = 0; a < count; ++a) {
        if ((mask >> a & 1) != 0 && (mask & ~equality.row(a)) != 0) return false;
      }
      return true;
    };
    std::set<ResultMask> expected;
    for (ResultMask mask = 1; mask < ResultMask{1} << count; ++mask) {
      bool maximal = is_clique(mask);
      for (std::size_t more = 0; more < count && maximal; ++more) {
        const ResultMask larger = mask | ResultMask{1} << more;
        if (larger != mask && is_clique(larger)) maximal = false;
      }
      if (maximal) expected.insert(mask);
    }
    const std::vector<ResultMask> found = maximal_cliques(equality);
    EXPECT_EQ(std::set<ResultMask>(found.begin(), found.end()), expected) << "seed " << seed;
    EXPECT_EQ(found.size(), expected.size()) << "seed " << seed;
  }
}

TEST(Agreement, SixtyFourResultsAreCompared) {
  Line line{std::vector<int>(64, 7), {}, 1};
  line.values[63] = 8;
  const Agreement result = line.agreement();
  EXPECT_EQ(result.members, ~ResultMask{0});
  EXPECT_EQ(result.votes, 64U);
  line.values[63] = 9;
  EXPECT_EQ(line.agreement().votes, 63U);
}

/// What a verdict is about, without the numbers of replicas: values that won, and the canonical
/// one.
struct Agreed {
  bool strict = false;
  std::multiset<int> members;
  int canonical = 0;
  friend bool operator==(const Agreed&, const Agreed&) = default;
};

Agreed outcome_of(const Line& line) {
  const Agreement result = line.agreement();
  Agreed outcome;
  outcome.strict = result.strict;
  if (!result.strict) return outcome;
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    if ((result.members >> i & 1) != 0) outcome.members.insert(line.values[i]);
  }
  outcome.canonical = line.values[result.canonical];
  return outcome;
}

Line random_line(std::uint64_t seed, std::size_t count) {
  Line line;
  line.tolerance = 2;
  for (std::uint32_t i = 0; i < count; ++i) {
    line.values.push_back(static_cast<int>(core::random_below({.seed = seed, .draw = 2 * i}, 8)));
    line.domains.push_back(
        static_cast<std::uint8_t>(core::random_below({.seed = seed, .draw = 2 * i + 1}, 6)));
  }
  return line;
}

// V-a
TEST(Agreement, TheOrderOfArrivalDecidesNothing) {
  const std::uint64_t cases = nexa::test::fewer_if_slow(200);
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    const Line line = random_line(seed, 6);
    const Agreed expected = outcome_of(line);
    std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
    do {
      Line permuted;
      permuted.tolerance = line.tolerance;
      for (const std::size_t from : order) {
        permuted.values.push_back(line.values[from]);
        permuted.domains.push_back(line.domains[from]);
      }
      ASSERT_EQ(outcome_of(permuted), expected) << "seed " << seed;
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

// V-c
TEST(Agreement, AnotherResultThatAgreesWithAWinningClassKeepsItAhead) {
  int tried = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Line line = random_line(seed, 5);
    const Agreed before = outcome_of(line);
    if (!before.strict) continue;
    ++tried;
    // An honest node gets what the canonical result is, in a domain of its own.
    line.values.push_back(before.canonical);
    line.domains.push_back(200);
    const Agreed after = outcome_of(line);
    EXPECT_TRUE(after.strict) << "seed " << seed;
    EXPECT_TRUE(std::includes(after.members.begin(), after.members.end(), before.members.begin(),
                              before.members.end()))
        << "seed " << seed;
  }
  EXPECT_GT(tried, 500);
}

}  // namespace
}  // namespace nexa::validator
