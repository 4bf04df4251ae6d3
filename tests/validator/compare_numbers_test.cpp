#include "validator/compare/numbers.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/rng.hpp"

namespace nexa::validator::compare {
namespace {

/// Random numbers with a printed seed.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t bits() { return core::random_bits({seed_, core::RandomStream::test, 7, next_++}); }
  std::uint64_t below(std::uint64_t bound) { return bits() % bound; }
  double unit() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

 private:
  std::uint64_t seed_;
  std::uint32_t next_ = 0;
};

template <class T>
NumberComparison compared(const std::vector<T>& a, const std::vector<T>& b,
                          const Tolerance& tolerance) {
  NumberComparison comparison(tolerance);
  comparison.add(std::span<const T>(a), std::span<const T>(b));
  return comparison;
}

/// What `NumberComparison` should find, pair by pair.
template <class T>
ComparisonProgress expected(const std::vector<T>& a, const std::vector<T>& b,
                            const Tolerance& tolerance) {
  ComparisonProgress progress;
  double largest = 0;
  double apart = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Deviation found = deviation(a[i], b[i], tolerance);
    NumberPair pair{.index = i, .a = {}, .b = {}, .residual = found.residual};
    if constexpr (std::is_floating_point_v<T>) {
      pair.a = a[i];
      pair.b = b[i];
    } else {
      pair.a = static_cast<std::int64_t>(a[i]);
      pair.b = static_cast<std::int64_t>(b[i]);
    }
    ++progress.count;
    if (!found.within) ++progress.mismatches;
    if (!found.within && !progress.first_mismatch) progress.first_mismatch = pair;
    const double size = std::abs(found.residual);
    const double difference = pair.absolute_difference();
    if (size > largest || (std::isinf(size) && difference > apart)) {
      largest = size;
      apart = difference;
      progress.largest = pair;
    }
  }
  return progress;
}

void expect_same(const std::optional<NumberPair>& found, const std::optional<NumberPair>& wanted) {
  ASSERT_EQ(found.has_value(), wanted.has_value());
  if (!found) return;
  EXPECT_EQ(found->index, wanted->index);
  EXPECT_EQ(found->residual, wanted->residual);
}

void expect_same(const ComparisonProgress& found, const ComparisonProgress& wanted) {
  EXPECT_EQ(found.count, wanted.count);
  EXPECT_EQ(found.mismatches, wanted.mismatches);
  expect_same(found.first_mismatch, wanted.first_mismatch);
  expect_same(found.largest, wanted.largest);
}

/// A number of any kind: ordinary, tiny, huge, infinite, NaN, zero of either sign.
template <class T>
T any_number(Draws& draws) {
  if constexpr (std::is_integral_v<T>) {
    return draws.below(3) == 0 ? static_cast<T>(draws.bits()) : static_cast<T>(draws.below(5));
  } else {
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    switch (draws.below(8)) {
      case 0:
        return std::bit_cast<T>(static_cast<Bits>(draws.bits()));
      case 1:
        return draws.below(2) == 0 ? T{0} : -T{0};
      case 2:
        return std::numeric_limits<T>::infinity();
      default:
        return static_cast<T>(draws.unit() * 8 - 4);
    }
  }
}

template <class T>
T near(T number, Draws& draws) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(number + static_cast<T>(draws.below(3)));
  } else {
    for (std::uint64_t step = draws.below(4); step > 0; --step) {
      number = std::nextafter(number, T{100});
    }
    return number;
  }
}

/// Pairs that are mostly close, with stretches that are equal.
template <class T>
void random_pairs(Draws& draws, bool tame, std::vector<T>& a, std::vector<T>& b) {
  const std::size_t count = draws.below(5000);
  bool equal = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (draws.below(700) == 0) equal = !equal;
    a.push_back(tame ? static_cast<T>(draws.unit() * 100) : any_number<T>(draws));
    if (equal) {
      b.push_back(a.back());
    } else if (tame || draws.below(4) != 0) {
      b.push_back(near(a.back(), draws));
    } else {
      b.push_back(any_number<T>(draws));
    }
  }
}

Tolerance any_tolerance(Draws& draws) {
  const double shares[] = {0, 1e-15, 1e-7, 0.01, 1};
  const double amounts[] = {0, 1e-310, 1e-12, 0.5, 1.0, 1e6};
  const std::uint64_t steps[] = {0, 0, 1, 3, 1000};
  return {.rtol = shares[draws.below(5)],
          .atol = amounts[draws.below(6)],
          .ulps = steps[draws.below(5)],
          .nan = static_cast<NanPolicy>(draws.below(3))};
}

template <class T>
class NumberComparisons : public ::testing::Test {};
using Types = ::testing::Types<float, double, std::int8_t, std::uint16_t, std::int32_t,
                               std::uint32_t, std::int64_t>;
TYPED_TEST_SUITE(NumberComparisons, Types);

TYPED_TEST(NumberComparisons, FindWhatTheDefinitionSays) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Draws draws(seed);
    std::vector<TypeParam> a;
    std::vector<TypeParam> b;
    random_pairs(draws, seed % 2 == 0, a, b);
    const Tolerance tolerance = any_tolerance(draws);
    const NumberComparison whole = compared(a, b, tolerance);
    expect_same(whole.progress(), expected(a, b, tolerance));
    if (this->HasFailure()) return;
  }
}

TYPED_TEST(NumberComparisons, DoNotDependOnThePieces) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Draws draws(seed);
    std::vector<TypeParam> a;
    std::vector<TypeParam> b;
    random_pairs(draws, true, a, b);
    const Tolerance tolerance = any_tolerance(draws);
    const NumberComparison whole = compared(a, b, tolerance);
    NumberComparison pieces(tolerance);
    const std::span<const TypeParam> all_a(a);
    const std::span<const TypeParam> all_b(b);
    for (std::size_t at = 0; at < a.size();) {
      const std::size_t size = std::min<std::size_t>(draws.below(1500), a.size() - at);
      pieces.add(all_a.subspan(at, size), all_b.subspan(at, size));
      at += size;
    }
    expect_same(pieces.progress(), whole.progress());
    EXPECT_EQ(pieces.residuals().count, whole.residuals().count);
    EXPECT_EQ(pieces.residuals().mean, whole.residuals().mean);
    EXPECT_EQ(pieces.residuals().standard_deviation, whole.residuals().standard_deviation);
    if (this->HasFailure()) return;
  }
}

TYPED_TEST(NumberComparisons, AreSymmetric) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Draws draws(seed);
    std::vector<TypeParam> a;
    std::vector<TypeParam> b;
    random_pairs(draws, seed % 2 == 0, a, b);
    const Tolerance tolerance = any_tolerance(draws);
    const NumberComparison there = compared(a, b, tolerance);
    const NumberComparison back = compared(b, a, tolerance);
    EXPECT_EQ(there.progress().mismatches, back.progress().mismatches);
    EXPECT_EQ(there.progress().distance(), back.progress().distance());
    EXPECT_EQ(there.progress().largest.has_value(), back.progress().largest.has_value());
    if (there.progress().largest && back.progress().largest) {
      EXPECT_EQ(there.progress().largest->index, back.progress().largest->index);
    }
    EXPECT_EQ(there.residuals().mean, -back.residuals().mean);
    EXPECT_EQ(there.residuals().score, back.residuals().score);
    if (this->HasFailure()) return;
  }
}

TEST(NumberComparison, OfNothingIsEqual) {
  const NumberComparison nothing = compared<double>({}, {}, {});
  EXPECT_EQ(nothing.progress().count, 0);
  EXPECT_EQ(nothing.progress().distance(), 0);
  EXPECT_EQ(nothing.residuals().score, 0);
}

TEST(NumberComparison, ANanOfEqualBytesIsStillRejected) {
  std::vector<double> values(3000, 1.5);
  values[2100] = std::numeric_limits<double>::quiet_NaN();
  const NumberComparison found = compared(values, values, {});
  ASSERT_TRUE(found.progress().first_mismatch);
  EXPECT_EQ(found.progress().first_mismatch->index, 2100);
  EXPECT_EQ(found.progress().mismatches, 1);
  EXPECT_EQ(found.progress().distance(), std::numeric_limits<double>::infinity());
  const Tolerance bitwise{.rtol = 0, .atol = 0, .ulps = 0, .nan = NanPolicy::bitwise};
  EXPECT_EQ(compared(values, values, bitwise).progress().mismatches, 0);
}

TEST(NumberComparison, SaysWhereTheLargestDeviationIs) {
  std::vector<double> a(5000, 1.0);
  std::vector<double> b = a;
  b[10] = 1.01;
  b[4000] = 0.97;
  const NumberComparison found = compared(a, b, {.rtol = 0, .atol = 0.1, .ulps = 0});
  EXPECT_EQ(found.progress().mismatches, 0);
  EXPECT_EQ(found.progress().largest->index, 4000);
  EXPECT_NEAR(found.progress().largest->residual, 0.3, 1e-12);
  EXPECT_EQ(to_text(found.progress().largest->b), "0.97");
}

TEST(NumberComparison, AmongForbiddenDifferencesTheLargestIsShown) {
  const std::vector<std::int64_t> a{0, 10, 20};
  const std::vector<std::int64_t> b{1, 13, 22};
  const NumberComparison found = compared(a, b, {});
  EXPECT_EQ(found.progress().first_mismatch->index, 0);
  EXPECT_EQ(found.progress().largest->index, 1);
}

TEST(Residuals, AreMeanAndDeviationOfTheSample) {
  const std::vector<double> zeros(4, 0.0);
  const std::vector<double> values{0.1, 0.3, -0.2, 0.6};
  const Residuals found = compared(values, zeros, {.rtol = 0, .atol = 1, .ulps = 0}).residuals();
  EXPECT_EQ(found.count, 4);
  EXPECT_NEAR(found.mean, 0.2, 1e-15);
  EXPECT_NEAR(found.standard_deviation, std::sqrt((0.01 + 0.01 + 0.16 + 0.16) / 3), 1e-15);
  EXPECT_NEAR(found.score, 0.2 / (found.standard_deviation / 2), 1e-14);
}

TEST(Residuals, FlagABiasInsideTheTolerance) {
  // Attack A7: each value is moved by 0.9 of what is allowed, on top of honest noise.
  Draws draws(3);
  std::vector<double> a;
  std::vector<double> honest;
  std::vector<double> moved;
  constexpr double rtol = 1e-6;
  for (int i = 0; i < 200; ++i) {
    const double value = std::exp(20 * draws.unit() - 10);
    a.push_back(value);
    honest.push_back(value * (1 + 0.05 * rtol * (draws.unit() - 0.5)));
    moved.push_back(honest.back() * (1 + 0.9 * rtol));
  }
  const Tolerance tolerance{.rtol = rtol, .atol = 0, .ulps = 0};
  const NumberComparison lie = compared(a, moved, tolerance);
  EXPECT_EQ(lie.progress().mismatches, 0);
  EXPECT_TRUE(lie.residuals().is_biased());
  EXPECT_NEAR(lie.residuals().mean, -0.9, 0.05);
  EXPECT_FALSE(compared(a, honest, tolerance).residuals().is_biased());
}

TEST(Residuals, NeedThirtyValuesForAFlag) {
  for (const std::size_t count : {std::size_t{29}, std::size_t{30}}) {
    const std::vector<double> a(count, 1.0);
    const std::vector<double> b(count, 1.5);
    const Residuals found = compared(a, b, {.rtol = 0, .atol = 1, .ulps = 0}).residuals();
    EXPECT_EQ(found.score, std::numeric_limits<double>::infinity());
    EXPECT_EQ(found.is_biased(), count == 30);
  }
}

TEST(Residuals, OfChanceAreRarelyFlagged) {
  // |mean| > 4 standard errors has the probability 6.3e-5 for many values.
  int flagged = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    Draws draws(seed);
    ResidualCollector collector;
    for (int i = 0; i < 200; ++i) collector.add(2 * draws.unit() - 1);
    flagged += collector.result().is_biased() ? 1 : 0;
  }
  EXPECT_LE(flagged, 1);
}

TEST(AddNumbers, TakesEachType) {
  const std::uint64_t bytes = 0x0102030405060708;
  for (int type = 0; type < 10; ++type) {
    NumberComparison comparison({});
    const auto number_type = static_cast<NumberType>(type);
    add_numbers(comparison, number_type, &bytes, &bytes, 8 / size_of(number_type));
    EXPECT_EQ(comparison.progress().count, 8 / size_of(number_type));
    EXPECT_EQ(comparison.progress().mismatches, 0);
  }
}

}  // namespace
}  // namespace nexa::validator::compare
