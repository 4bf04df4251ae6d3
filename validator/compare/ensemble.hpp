#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "validator/compare/parameters.hpp"

/// Whether runs of a chaotic model are as alike to trusted runs as those are to each other, where
/// comparing values is pointless. The test is that of pyCECT: Baker et al., "A new ensemble-based
/// consistency test for the Community Earth System Model" (2015), with the defaults of its program.
namespace nexa::validator::compare {

/// One number per run and variable, such as global means.
struct RunTable {
  std::vector<std::string> variables;
  std::vector<std::vector<double>> runs;  ///< each as long as `variables`
};

/// What trusted runs have in common: the mean and spread of each variable, and the directions, the
/// principal components of the standardised variables, in which the runs differ, with the spread
/// along each.
struct EnsembleSummary {
  std::uint64_t runs = 0;
  std::vector<std::string> variables;  ///< that vary among the runs
  std::vector<double> means;
  std::vector<double> deviations;
  std::vector<std::vector<double>> components;  ///< unit vectors over `variables`, widest first
  std::vector<double> score_deviations;         ///< of the runs along each component
  std::vector<std::string> constants;           ///< variables that are the same in all runs
  std::vector<double> constant_values;
};

/// Errors: `invalid_argument` for less than three runs, rows of another length than the header, a
/// value that is not finite, or no variable that varies. O(runs * variables * min of both).
core::Result<EnsembleSummary> summarize(const RunTable& trusted);

/// A component whose scores are outside in too many runs.
struct FailingComponent {
  std::size_t component = 0;
  std::uint64_t runs_outside = 0;
  double largest_score = 0;  ///< in standard deviations of the trusted runs, with its sign
};

struct EnsembleVerdict {
  bool passes = true;
  std::vector<FailingComponent> failing;
  std::vector<std::string> changed_constants;  ///< one of them is enough to fail
  std::vector<double> mean_scores;             ///< per component, in standard deviations
};

/// Judges tested runs: a component fails if its score is more than `sigmas` standard deviations off
/// in at least `fail_runs` of the runs, and the runs fail if at least `fail_pcs` components do.
/// Where scores are independent and normal, three honest runs fail with a probability of 0.35 % by
/// the defaults. Errors: `invalid_argument` for other variables than the trusted runs have, values
/// that are not finite, or less than `fail_runs` runs.
core::Result<EnsembleVerdict> judge(const EnsembleSummary& trusted, const RunTable& tested,
                                    const EnsembleParameters& parameters);

}  // namespace nexa::validator::compare
