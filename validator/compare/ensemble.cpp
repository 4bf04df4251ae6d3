#include "validator/compare/ensemble.hpp"

#include <Eigen/Core>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <utility>

namespace nexa::validator::compare {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

core::Result<void> check(const RunTable& table) {
  for (std::size_t run = 0; run < table.runs.size(); ++run) {
    const std::vector<double>& values = table.runs[run];
    if (values.size() != table.variables.size()) {
      return invalid("run " + std::to_string(run + 1) + " has " + std::to_string(values.size()) +
                         " values for " + std::to_string(table.variables.size()) + " variables",
                     "each run has one value per variable");
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isfinite(values[i])) continue;
      return invalid(
          "'" + table.variables[i] + "' of run " + std::to_string(run + 1) + " is not finite",
          "leave runs out that have failed");
    }
  }
  return {};
}

struct Spread {
  double mean = 0;
  double deviation = 0;  ///< of the sample
};

Spread spread_of(const RunTable& table, std::size_t variable) {
  const auto count = static_cast<double>(table.runs.size());
  Spread spread;
  for (const auto& run : table.runs) spread.mean += run[variable];
  spread.mean /= count;
  double squares = 0;
  for (const auto& run : table.runs) {
    squares += (run[variable] - spread.mean) * (run[variable] - spread.mean);
  }
  spread.deviation = std::sqrt(squares / (count - 1));
  return spread;
}

bool is_constant(const RunTable& table, std::size_t variable) {
  const double first = table.runs.front()[variable];
  return std::all_of(table.runs.begin(), table.runs.end(),
                     [&](const auto& run) { return run[variable] == first; });
}

/// Splits the variables and gives the columns of those that vary.
std::vector<std::size_t> describe_variables(const RunTable& trusted, EnsembleSummary& summary) {
  std::vector<std::size_t> varying;
  for (std::size_t i = 0; i < trusted.variables.size(); ++i) {
    const Spread spread = spread_of(trusted, i);
    // A spread below the resolution of the numbers is none.
    if (is_constant(trusted, i) || !(spread.deviation > 0)) {
      summary.constants.push_back(trusted.variables[i]);
      summary.constant_values.push_back(trusted.runs.front()[i]);
      continue;
    }
    varying.push_back(i);
    summary.variables.push_back(trusted.variables[i]);
    summary.means.push_back(spread.mean);
    summary.deviations.push_back(spread.deviation);
  }
  return varying;
}

/// Turns a component so that its largest entry is positive; otherwise its sign would be an accident
/// of the algorithm.
VectorXd with_sign(VectorXd component) {
  Index largest = 0;
  component.cwiseAbs().maxCoeff(&largest);
  return component[largest] < 0 ? VectorXd(-component) : component;
}

/// The column of each variable of the summary and of its constants in another table.
core::Result<std::vector<std::size_t>> columns_of(const std::vector<std::string>& wanted,
                                                  const RunTable& table) {
  std::vector<std::size_t> columns;
  for (const std::string& name : wanted) {
    const auto found = std::find(table.variables.begin(), table.variables.end(), name);
    if (found == table.variables.end()) {
      return invalid("the variable '" + name + "' of the trusted runs is missing",
                     "tested runs have the variables of the trusted ones");
    }
    columns.push_back(static_cast<std::size_t>(found - table.variables.begin()));
  }
  return columns;
}

/// Scores of the runs in standard deviations of the trusted ones, a row per component.
MatrixXd scores_of(const EnsembleSummary& trusted, const RunTable& tested,
                   const std::vector<std::size_t>& columns, std::size_t components) {
  MatrixXd scores(static_cast<Index>(components), static_cast<Index>(tested.runs.size()));
  for (std::size_t run = 0; run < tested.runs.size(); ++run) {
    for (std::size_t component = 0; component < components; ++component) {
      double score = 0;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const double value = (tested.runs[run][columns[i]] - trusted.means[i]);
        score += value / trusted.deviations[i] * trusted.components[component][i];
      }
      scores(static_cast<Index>(component), static_cast<Index>(run)) =
          score / trusted.score_deviations[component];
    }
  }
  return scores;
}

core::Result<void> check_tested(const EnsembleSummary& trusted, const RunTable& tested,
                                const EnsembleParameters& parameters) {
  if (auto status = check(tested); !status) return status;
  if (tested.variables.size() != trusted.variables.size() + trusted.constants.size()) {
    return invalid(std::to_string(tested.variables.size()) +
                       " variables, but the trusted runs have " +
                       std::to_string(trusted.variables.size() + trusted.constants.size()),
                   "tested runs have the variables of the trusted ones");
  }
  if (tested.runs.size() >= parameters.fail_runs) return {};
  return invalid(std::to_string(tested.runs.size()) + " runs, but a component only fails in " +
                     std::to_string(parameters.fail_runs),
                 "test three runs, or set fail_runs lower");
}

}  // namespace

core::Result<EnsembleSummary> summarize(const RunTable& trusted) {
  if (auto status = check(trusted); !status) return status.error();
  if (trusted.runs.size() < 3) {
    return invalid(std::to_string(trusted.runs.size()) + " trusted runs show no spread",
                   "at least three are needed, and more than variables are better");
  }
  EnsembleSummary summary;
  summary.runs = trusted.runs.size();
  const std::vector<std::size_t> varying = describe_variables(trusted, summary);
  if (varying.empty()) {
    return invalid("no variable varies among the trusted runs",
                   "vary the initial conditions of the runs a little");
  }
  MatrixXd standard(static_cast<Index>(trusted.runs.size()), static_cast<Index>(varying.size()));
  for (std::size_t run = 0; run < trusted.runs.size(); ++run) {
    for (std::size_t i = 0; i < varying.size(); ++i) {
      standard(static_cast<Index>(run), static_cast<Index>(i)) =
          (trusted.runs[run][varying[i]] - summary.means[i]) / summary.deviations[i];
    }
  }
  const Eigen::JacobiSVD<MatrixXd> svd(standard, Eigen::ComputeThinV);
  const VectorXd& widths = svd.singularValues();
  // Directions without width come from variables that depend on each other, or from more variables
  // than runs; scores along them would be rounding errors.
  constexpr double least_width = 1e-9;
  for (Index i = 0; i < widths.size() && widths[i] > least_width * widths[0]; ++i) {
    const VectorXd component = with_sign(svd.matrixV().col(i));
    summary.components.emplace_back(component.begin(), component.end());
    summary.score_deviations.push_back(widths[i] /
                                       std::sqrt(static_cast<double>(trusted.runs.size() - 1)));
  }
  return summary;
}

core::Result<EnsembleVerdict> judge(const EnsembleSummary& trusted, const RunTable& tested,
                                    const EnsembleParameters& parameters) {
  if (auto status = check_tested(trusted, tested, parameters); !status) return status.error();
  const auto columns = columns_of(trusted.variables, tested);
  if (!columns) return columns.error();
  const auto constants = columns_of(trusted.constants, tested);
  if (!constants) return constants.error();
  EnsembleVerdict verdict;
  for (std::size_t i = 0; i < constants->size(); ++i) {
    const auto differs = [&](const std::vector<double>& run) {
      return run[(*constants)[i]] != trusted.constant_values[i];
    };
    if (std::any_of(tested.runs.begin(), tested.runs.end(), differs)) {
      verdict.changed_constants.push_back(trusted.constants[i]);
    }
  }
  const auto components = std::min<std::size_t>(parameters.pcs, trusted.components.size());
  const MatrixXd scores = scores_of(trusted, tested, *columns, components);
  for (Index component = 0; component < scores.rows(); ++component) {
    FailingComponent found{.component = static_cast<std::size_t>(component)};
    double sum = 0;
    for (const double score : scores.row(component)) {
      sum += score;
      if (std::abs(score) > parameters.sigmas) ++found.runs_outside;
      if (std::abs(score) > std::abs(found.largest_score)) found.largest_score = score;
    }
    verdict.mean_scores.push_back(sum / static_cast<double>(tested.runs.size()));
    if (found.runs_outside >= parameters.fail_runs) verdict.failing.push_back(found);
  }
  verdict.passes =
      verdict.changed_constants.empty() && verdict.failing.size() < parameters.fail_pcs;
  return verdict;
}

}  // namespace nexa::validator::compare
