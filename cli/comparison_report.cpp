#include "cli/comparison_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/words.hpp"

namespace nexa::cli {

namespace {

using validator::compare::Bias;
using validator::compare::ComparatorIdentity;
using validator::compare::Comparison;
using validator::compare::Difference;
using validator::compare::LargestDeviation;
using validator::compare::Side;
using validator::compare::to_text;
using Json = nlohmann::ordered_json;

std::string line_of(const Difference& difference) {
  if (difference.where.empty()) return difference.what;
  return difference.where + ": " + difference.what;
}

std::string verdict_text(const Comparison& comparison, const ComparatorIdentity& comparator) {
  std::string text = to_string(comparison.agreement);
  if (!comparison.differences.empty()) return text + ": " + comparison.reason();
  if (comparison.values > 0) text += ": " + counted(comparison.values, "number");
  return text + ", by " + comparator.name;
}

std::string largest_text(const LargestDeviation& largest) {
  const auto& pair = largest.pair;
  std::string text = fmt::format("  largest deviation: {}: {} and {}", largest.where,
                                 to_text(pair.a), to_text(pair.b));
  const double apart = pair.absolute_difference();
  if (std::isfinite(apart)) text += fmt::format(", {:.6g} apart", apart);
  const double ratio = std::abs(pair.residual);
  if (std::isfinite(ratio)) text += fmt::format(", {:.3g} of what is allowed", ratio);
  return text + '\n';
}

std::string bias_text(const Bias& bias) {
  const auto& residuals = bias.residuals;
  const std::string where = bias.where.empty() ? "" : bias.where + ": ";
  const std::string errors = std::isfinite(residuals.score)
                                 ? fmt::format("{:.1f} standard errors", residuals.score)
                                 : "the same for all";
  return fmt::format("  biased: {}A - B is {:.3g} of what is allowed on average of {}, {}\n", where,
                     residuals.mean, counted(residuals.count, "number"), errors);
}

const char* side_word(Side side) {
  switch (side) {
    case Side::neither:
      return "neither";
    case Side::a:
      return "a";
    case Side::b:
      return "b";
    case Side::both:
      break;
  }
  return "both";
}

Json to_json(const LargestDeviation& largest) {
  return {{"where", largest.where},
          {"a", to_text(largest.pair.a)},
          {"b", to_text(largest.pair.b)},
          {"difference", largest.pair.absolute_difference()},
          {"residual", largest.pair.residual}};
}

Json to_json(const Bias& bias) {
  return {{"where", bias.where},
          {"count", bias.residuals.count},
          {"mean", bias.residuals.mean},
          {"standard_deviation", bias.residuals.standard_deviation},
          {"score", bias.residuals.score}};
}

}  // namespace

std::string comparison_text(const Comparison& comparison, const ComparatorIdentity& comparator) {
  std::string text = verdict_text(comparison, comparator) + '\n';
  for (std::size_t i = 1; i < comparison.differences.size(); ++i) {
    text += "  " + line_of(comparison.differences[i]) + '\n';
  }
  if (comparison.difference_count > comparison.differences.size()) {
    text += fmt::format("  … and {} more\n",
                        comparison.difference_count - comparison.differences.size());
  }
  if (comparison.values > 0 && !comparison.differences.empty()) {
    text += fmt::format("  {} compared, {} outside of the tolerance\n",
                        counted(comparison.values, "number"), comparison.mismatches);
  }
  if (comparison.largest) text += largest_text(*comparison.largest);
  for (const Bias& bias : comparison.biases) text += bias_text(bias);
  if (comparison.bias_count > comparison.biases.size()) {
    text += fmt::format("  … and {} more that are biased\n",
                        comparison.bias_count - comparison.biases.size());
  }
  return text;
}

std::string comparison_json(const Comparison& comparison, const ComparatorIdentity& comparator) {
  Json document{{"schema", "nexa.result_compare/1"},
                {"agreement", validator::compare::to_string(comparison.agreement)},
                {"comparator",
                 {{"name", comparator.name},
                  {"version", comparator.version},
                  {"parameters", comparator.parameters},
                  {"sha256", core::to_hex(comparator.digest)}}},
                {"distance", comparison.distance},
                {"values", comparison.values},
                {"mismatches", comparison.mismatches},
                {"difference_count", comparison.difference_count},
                {"differences", Json::array()},
                {"largest", comparison.largest ? to_json(*comparison.largest) : Json()},
                {"bias_count", comparison.bias_count},
                {"biases", Json::array()},
                {"unreadable", side_word(comparison.unreadable)}};
  for (const Difference& difference : comparison.differences) {
    document["differences"].push_back({{"where", difference.where}, {"what", difference.what}});
  }
  for (const Bias& bias : comparison.biases) document["biases"].push_back(to_json(bias));
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace nexa::cli
