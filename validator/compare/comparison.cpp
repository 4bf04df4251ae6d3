#include "validator/compare/comparison.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace nexa::validator::compare {

namespace {

std::string short_text(double value) {
  return to_text(NumberValue(static_cast<float>(value)));
}

std::string mismatch_text(const ComparisonProgress& progress) {
  const NumberPair& pair = *progress.first_mismatch;
  std::string text = to_text(pair.a) + " and " + to_text(pair.b);
  const double apart = pair.absolute_difference();
  if (std::isfinite(apart)) text += " are " + to_text(NumberValue(apart)) + " apart";
  const double ratio = std::abs(pair.residual);
  if (std::isfinite(ratio)) text += ", " + short_text(ratio) + " of what is allowed";
  if (progress.mismatches > 1) {
    text += "; " + std::to_string(progress.mismatches) + " of " + std::to_string(progress.count) +
            " values differ";
  }
  return text;
}

}  // namespace

const char* to_string(Agreement agreement) {
  switch (agreement) {
    case Agreement::equal:
      return "equal";
    case Agreement::different:
      return "different";
    case Agreement::incomparable:
      break;
  }
  return "incomparable";
}

std::string Comparison::reason() const {
  if (differences.empty()) return {};
  const Difference& first = differences.front();
  return first.where.empty() ? first.what : first.where + ": " + first.what;
}

void Comparison::list(std::string where, std::string what) {
  ++difference_count;
  distance = std::numeric_limits<double>::infinity();
  if (differences.size() < most_listed) differences.push_back({std::move(where), std::move(what)});
}

void Comparison::differ(std::string where, std::string what) {
  agreement = Agreement::different;
  list(std::move(where), std::move(what));
}

void Comparison::cannot_compare(std::string where, std::string what) {
  if (agreement == Agreement::equal) agreement = Agreement::incomparable;
  list(std::move(where), std::move(what));
}

void Comparison::cannot_read(Side side, std::string where, std::string what) {
  unreadable = static_cast<Side>(static_cast<unsigned>(unreadable) | static_cast<unsigned>(side));
  cannot_compare(std::move(where), std::move(what));
}

void Comparison::add_part(const std::string& part, const NumberComparison& numbers,
                          const std::function<std::string(std::uint64_t index)>& place) {
  const ComparisonProgress& progress = numbers.progress();
  values += progress.count;
  mismatches += progress.mismatches;
  const double before = distance;
  if (progress.first_mismatch) {
    differ(place(progress.first_mismatch->index), mismatch_text(progress));
    distance = before;
  }
  const double here = progress.distance();
  if (progress.largest && (!largest || here > std::abs(largest->pair.residual))) {
    largest = {place(progress.largest->index), *progress.largest};
  }
  if (here > distance) distance = here;
  const Residuals residuals = numbers.residuals();
  if (!residuals.is_biased()) return;
  ++bias_count;
  if (biases.size() < most_listed) biases.push_back({part, residuals});
}

void Comparison::add(const Comparison& part) {
  if (part.agreement == Agreement::different || agreement == Agreement::equal) {
    agreement = part.agreement;
  }
  unreadable =
      static_cast<Side>(static_cast<unsigned>(unreadable) | static_cast<unsigned>(part.unreadable));
  if (part.distance > distance) distance = part.distance;
  values += part.values;
  mismatches += part.mismatches;
  difference_count += part.difference_count;
  bias_count += part.bias_count;
  const auto append = [](auto& to, const auto& from) {
    for (const auto& item : from) {
      if (to.size() < most_listed) to.push_back(item);
    }
  };
  append(differences, part.differences);
  append(biases, part.biases);
  const auto size = [](const LargestDeviation& deviation) {
    return std::abs(deviation.pair.residual);
  };
  if (part.largest && (!largest || size(*part.largest) > size(*largest))) largest = part.largest;
}

}  // namespace nexa::validator::compare
