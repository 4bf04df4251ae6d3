#include "validator/compare/ensemble.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "core/rng.hpp"

namespace nexa::validator::compare {
namespace {

/// Normal random numbers, two at a time by Box and Muller's method.
class Normal {
 public:
  explicit Normal(std::uint64_t seed) : seed_(seed) {}
  double operator()() {
    if (has_other_) {
      has_other_ = false;
      return other_;
    }
    const double radius = std::sqrt(-2 * std::log(1 - unit()));
    const double angle = 2 * std::numbers::pi * unit();
    other_ = radius * std::sin(angle);
    has_other_ = true;
    return radius * std::cos(angle);
  }

 private:
  double unit() {
    return core::random_unit(
        {seed_, core::RandomStream::test, next_ >> 32U, static_cast<std::uint32_t>(next_++)});
  }
  std::uint64_t seed_;
  std::uint64_t next_ = 0;
  double other_ = 0;
  bool has_other_ = false;
};

std::vector<std::string> names(std::size_t count) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back("v" + std::to_string(i));
  return all;
}

/// Runs of a model whose variables follow a few hidden ones.
RunTable model_runs(std::size_t runs, std::size_t variables, Normal& normal, double bias = 0) {
  RunTable table{names(variables), {}};
  for (std::size_t run = 0; run < runs; ++run) {
    const double hidden[3] = {normal(), normal(), normal()};
    std::vector<double> values;
    for (std::size_t i = 0; i < variables; ++i) {
      const double scale = std::pow(10.0, static_cast<double>(i % 7) - 3);
      const double own = 0.5 * normal();
      values.push_back(scale * (100 + hidden[i % 3] + own + bias * static_cast<double>(i % 2)));
    }
    table.runs.push_back(std::move(values));
  }
  return table;
}

TEST(Summarize, FindsTheDirectionsOfTheRuns) {
  // Two variables that go together, and one that goes by itself with less weight.
  const RunTable runs{{"a", "b", "c", "k"},
                      {{1, 10, 0.5, 7}, {2, 20, -0.5, 7}, {3, 30, -0.5, 7}, {4, 40, 0.5, 7}}};
  const auto summary = summarize(runs);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->variables, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(summary->constants, (std::vector<std::string>{"k"}));
  ASSERT_EQ(summary->components.size(), 2);  // a and b are one direction
  EXPECT_NEAR(summary->components[0][0], std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(summary->components[0][1], std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(summary->components[0][2], 0, 1e-12);
  EXPECT_NEAR(summary->score_deviations[0], std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(summary->score_deviations[1], 1, 1e-12);
}

TEST(Summarize, RefusesWhatShowsNoSpread) {
  const auto message = [](const RunTable& table) {
    const auto summary = summarize(table);
    EXPECT_FALSE(summary);
    return summary ? std::string{} : summary.error().message;
  };
  EXPECT_EQ(message({{"a"}, {{1}, {2}}}), "2 trusted runs show no spread");
  EXPECT_EQ(message({{"a"}, {{1}, {1}, {1}}}), "no variable varies among the trusted runs");
  EXPECT_EQ(message({{"a", "b"}, {{1, 2}, {1}, {1, 2}}}), "run 2 has 1 values for 2 variables");
  EXPECT_EQ(message({{"a"}, {{1}, {NAN}, {1}}}), "'a' of run 2 is not finite");
}

TEST(Judge, TrustedRunsHaveScoresOfOne) {
  Normal normal(1);
  const RunTable trusted = model_runs(100, 20, normal);
  const auto summary = summarize(trusted);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->components.size(), 20);
  EnsembleParameters parameters;
  parameters.fail_runs = 1;
  double squares = 0;
  for (const auto& run : trusted.runs) {
    const auto verdict = judge(*summary, {trusted.variables, {run}}, parameters);
    ASSERT_TRUE(verdict);
    squares += verdict->mean_scores[3] * verdict->mean_scores[3];
  }
  EXPECT_NEAR(squares / 99, 1, 1e-9);
}

TEST(Judge, HonestRunsPassAndAWrongModelFails) {
  Normal normal(2);
  const auto summary = summarize(model_runs(200, 30, normal));
  ASSERT_TRUE(summary);
  int honest = 0;
  int wrong = 0;
  for (int i = 0; i < 100; ++i) {
    honest += judge(*summary, model_runs(3, 30, normal), {})->passes ? 1 : 0;
    wrong += judge(*summary, model_runs(3, 30, normal, 3.0), {})->passes ? 1 : 0;
  }
  EXPECT_GE(honest, 90);
  EXPECT_EQ(wrong, 0);
}

TEST(Judge, FailsOfIndependentScoresAreAsRareAsTheFormulaSays) {
  // Scores drawn themselves: the summary has the variables as its components.
  constexpr std::size_t pcs = 50;
  EnsembleSummary summary;
  summary.runs = 1000;
  summary.variables = names(pcs);
  summary.means.assign(pcs, 0);
  summary.deviations.assign(pcs, 1);
  summary.score_deviations.assign(pcs, 1);
  summary.components.assign(pcs, std::vector<double>(pcs, 0));
  for (std::size_t i = 0; i < pcs; ++i) summary.components[i][i] = 1;

  // One component is outside in at least 2 of 3 runs with the probability q, and at least 3 of 50
  // are with the probability that is called .35 % in the literature.
  const double p = std::erfc(2 / std::numbers::sqrt2);
  const double q = 3 * p * p * (1 - p) + p * p * p;
  double fewer = 0;
  double ways = 1;
  for (int k = 0; k < 3; ++k) {
    fewer += ways * std::pow(q, k) * std::pow(1 - q, 50 - k);
    ways = ways * (50 - k) / (k + 1);
  }
  const double expected = 1 - fewer;
  EXPECT_NEAR(expected, 0.0035, 0.0001);

  constexpr int trials = 6000;
  Normal normal(2024);  // the seed
  int failed = 0;
  for (int trial = 0; trial < trials; ++trial) {
    RunTable tested{summary.variables, {}};
    for (int run = 0; run < 3; ++run) {
      std::vector<double> scores;
      for (std::size_t i = 0; i < pcs; ++i) scores.push_back(normal());
      tested.runs.push_back(std::move(scores));
    }
    failed += judge(summary, tested, {})->passes ? 0 : 1;
  }
  const double deviation = std::sqrt(trials * expected * (1 - expected));
  EXPECT_NEAR(failed, trials * expected, 3 * deviation) << "of " << trials;
}

TEST(Judge, CountsComponentsAndRuns) {
  EnsembleSummary summary;
  summary.variables = names(4);
  summary.means.assign(4, 0);
  summary.deviations.assign(4, 1);
  summary.score_deviations.assign(4, 1);
  summary.components = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
  const auto judged = [&](std::vector<std::vector<double>> runs, std::uint64_t pcs = 50) {
    EnsembleParameters parameters;
    parameters.pcs = pcs;
    const auto verdict = judge(summary, {names(4), std::move(runs)}, parameters);
    EXPECT_TRUE(verdict);
    return *verdict;
  };
  EXPECT_TRUE(judged({{3, 3, 3, 3}, {0, 0, 0, 0}, {0, 0, 0, 0}}).passes);
  EXPECT_TRUE(judged({{3, 3, 0, 0}, {3, -3, 0, 0}, {0, 0, 0, 0}}).passes);
  const EnsembleVerdict failed = judged({{3, 3, 3, 0}, {3, 0, -3, 0}, {0, -4, 3, 0}});
  EXPECT_FALSE(failed.passes);
  ASSERT_EQ(failed.failing.size(), 3);
  EXPECT_EQ(failed.failing[2].runs_outside, 3);
  EXPECT_EQ(failed.failing[1].largest_score, -4);
  EXPECT_TRUE(judged({{0, 3, 3, 3}, {0, 3, 3, 3}, {0, 3, 3, 3}}, 3).passes);
}

TEST(Judge, WantsTheVariablesOfTheTrustedRuns) {
  const RunTable trusted{{"a", "k"}, {{1, 7}, {2, 7}, {4, 7}}};
  const auto summary = summarize(trusted);
  ASSERT_TRUE(summary);
  EnsembleParameters parameters;
  parameters.fail_pcs = 1;
  parameters.fail_runs = 1;
  EXPECT_TRUE(judge(*summary, {{"k", "a"}, {{7, 2}}}, parameters)->passes);
  const auto changed = judge(*summary, {{"k", "a"}, {{7.001, 2}}}, parameters);
  EXPECT_FALSE(changed->passes);
  EXPECT_EQ(changed->changed_constants, (std::vector<std::string>{"k"}));
  EXPECT_FALSE(judge(*summary, {{"a"}, {{2}}}, parameters));
  EXPECT_FALSE(judge(*summary, {{"a", "j"}, {{2, 7}}}, parameters));
  EXPECT_FALSE(judge(*summary, {{"a", "k"}, {{NAN, 7}}}, parameters));
  parameters.fail_runs = 2;
  EXPECT_FALSE(judge(*summary, {{"a", "k"}, {{2, 7}}}, parameters));
}

}  // namespace
}  // namespace nexa::validator::compare
