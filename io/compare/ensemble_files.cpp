#include "io/compare/ensemble_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "io/read_file.hpp"
#include "validator/compare/text_tokens.hpp"

namespace nexa::io::compare {

namespace {

using core::Result;
using validator::compare::Comparison;
using validator::compare::EnsembleParameters;
using validator::compare::EnsembleSummary;
using validator::compare::EnsembleVerdict;
using validator::compare::RunTable;
using validator::compare::Side;
using Json = nlohmann::ordered_json;

constexpr std::uint64_t most_ensemble_bytes = std::uint64_t{64} << 20;
constexpr std::string_view schema = "nexa.ensemble_summary/1";

core::Error invalid(const std::string& path, std::size_t line, std::string message,
                    std::string hint) {
  return {.code = core::ErrorCode::invalid_argument,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {.file = path, .line = static_cast<int>(line), .column = 0}};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t comma = line.find(',');
    cells.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

Result<std::vector<double>> numbers_of(std::string_view line, const std::string& path,
                                       std::size_t number) {
  std::vector<double> values;
  for (const std::string_view cell : cells_of(line)) {
    const auto value = validator::compare::number_in(cell);
    if (!value) {
      return invalid(path, number, "'" + std::string(cell) + "' is no number",
                     "each line after the first is a run with one number per variable");
    }
    values.push_back(std::visit([](auto x) { return static_cast<double>(x); }, *value));
  }
  return values;
}

std::string verdict_text(const EnsembleVerdict& verdict, std::size_t runs) {
  std::string text;
  for (const std::string& name : verdict.changed_constants) {
    text +=
        (text.empty() ? "'" : ", '") + name + "' is the same in all trusted runs and another here";
  }
  if (verdict.failing.empty()) return text;
  text += fmt::format("{}{} components fail:", text.empty() ? "" : "; ", verdict.failing.size());
  constexpr std::size_t most_shown = 5;
  for (std::size_t i = 0; i < std::min(most_shown, verdict.failing.size()); ++i) {
    const auto& failing = verdict.failing[i];
    text +=
        fmt::format("{} {} ({} of {} runs, up to {:.1f} standard deviations)", i == 0 ? "" : ",",
                    failing.component + 1, failing.runs_outside, runs, failing.largest_score);
  }
  return text;
}

/// What a table gives, or why it gives nothing.
struct Judged {
  std::optional<EnsembleVerdict> verdict;
  std::size_t runs = 0;
  std::string problem;
};

Result<Judged> judged(const std::string& path, const EnsembleSummary& trusted,
                      const EnsembleParameters& parameters) {
  const Result<RunTable> table = read_runs(path);
  if (!table) {
    const core::Error& error = table.error();
    if (error.code != core::ErrorCode::invalid_argument) return error;
    return Judged{.verdict = {},
                  .problem = fmt::format("line {}: {}", error.where.line, error.message)};
  }
  Result<EnsembleVerdict> verdict = validator::compare::judge(trusted, *table, parameters);
  if (!verdict) return Judged{.verdict = {}, .problem = verdict.error().message};
  return Judged{.verdict = std::move(*verdict), .runs = table->runs.size(), .problem = {}};
}

void add_side(const Judged& side, Side which, const std::string& name, Comparison& comparison) {
  const char* const letter = which == Side::a ? "A" : "B";
  const std::string where = name.empty() ? letter : name + " of " + letter;
  if (!side.verdict) {
    comparison.cannot_read(which, where, side.problem);
  } else if (!side.verdict->passes) {
    comparison.differ(where, "unlike the trusted runs: " + verdict_text(*side.verdict, side.runs));
  }
}

bool has_shape(const EnsembleSummary& summary) {
  const std::size_t variables = summary.variables.size();
  const auto is_wide = [&](const auto& component) { return component.size() == variables; };
  const auto is_positive = [](double value) { return value > 0 && std::isfinite(value); };
  return summary.means.size() == variables && summary.deviations.size() == variables &&
         summary.components.size() == summary.score_deviations.size() &&
         summary.constants.size() == summary.constant_values.size() &&
         std::all_of(summary.components.begin(), summary.components.end(), is_wide) &&
         std::all_of(summary.deviations.begin(), summary.deviations.end(), is_positive) &&
         std::all_of(summary.score_deviations.begin(), summary.score_deviations.end(), is_positive);
}

}  // namespace

Result<RunTable> read_runs(const std::string& path) {
  const auto text = read_file(path, most_ensemble_bytes);
  if (!text) return text.error();
  std::string_view rest(*text);
  RunTable table;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    if (table.variables.empty()) {
      for (const std::string_view cell : cells_of(line)) {
        if (std::find(table.variables.begin(), table.variables.end(), cell) !=
            table.variables.end()) {
          return invalid(path, number, "the variable '" + std::string(cell) + "' comes twice",
                         "each variable has one column");
        }
        table.variables.emplace_back(cell);
      }
      continue;
    }
    Result<std::vector<double>> values = numbers_of(line, path, number);
    if (!values) return values.error();
    if (values->size() != table.variables.size()) {
      return invalid(
          path, number,
          fmt::format("{} values for {} variables", values->size(), table.variables.size()),
          "each run has one number per variable");
    }
    table.runs.push_back(std::move(*values));
  }
  if (table.variables.empty()) return invalid(path, 1, "the table is empty", "name the variables");
  return table;
}

std::string summary_json(const EnsembleSummary& summary) {
  const Json document{{"schema", schema},
                      {"runs", summary.runs},
                      {"variables", summary.variables},
                      {"means", summary.means},
                      {"deviations", summary.deviations},
                      {"components", summary.components},
                      {"score_deviations", summary.score_deviations},
                      {"constants", summary.constants},
                      {"constant_values", summary.constant_values}};
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result<EnsembleSummary> parse_summary(std::string_view json, const std::string& path) {
  const auto corrupt = [&](std::string message) {
    return core::Error{.code = core::ErrorCode::corrupt,
                       .message = std::move(message),
                       .hint = "'nexa result ensemble' writes summaries of trusted runs",
                       .where = {.file = path, .line = 0, .column = 0}};
  };
  EnsembleSummary summary;
  try {
    const Json document = Json::parse(json);
    if (document.at("schema") != schema) {
      return corrupt("the schema of the summary is not " + std::string(schema));
    }
    document.at("runs").get_to(summary.runs);
    document.at("variables").get_to(summary.variables);
    document.at("means").get_to(summary.means);
    document.at("deviations").get_to(summary.deviations);
    document.at("components").get_to(summary.components);
    document.at("score_deviations").get_to(summary.score_deviations);
    document.at("constants").get_to(summary.constants);
    document.at("constant_values").get_to(summary.constant_values);
  } catch (const Json::exception& error) {
    return corrupt(std::string("no summary of trusted runs: ") + error.what());
  }
  if (!has_shape(summary)) return corrupt("the parts of the summary do not fit each other");
  return summary;
}

Result<Comparison> compare_ensembles(const std::string& a, const std::string& b,
                                     const std::string& name, const EnsembleSummary& trusted,
                                     const EnsembleParameters& parameters) {
  const Result<Judged> of_a = judged(a, trusted, parameters);
  if (!of_a) return of_a.error();
  const Result<Judged> of_b = judged(b, trusted, parameters);
  if (!of_b) return of_b.error();
  Comparison comparison;
  add_side(*of_a, Side::a, name, comparison);
  add_side(*of_b, Side::b, name, comparison);
  if (comparison.agreement != validator::compare::Agreement::equal) return comparison;
  const auto& scores_a = of_a->verdict->mean_scores;
  const auto& scores_b = of_b->verdict->mean_scores;
  for (std::size_t i = 0; i < scores_a.size(); ++i) {
    const double apart = std::abs(scores_a[i] - scores_b[i]) / parameters.sigmas;
    comparison.distance = std::max(comparison.distance, apart);
  }
  return comparison;
}

}  // namespace nexa::io::compare
