#include "validator/standing.hpp"

#include <cmath>

namespace nexa::validator {
namespace {

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

/// `0.915`
std::string share(std::uint32_t ppm) {
  std::string digits = std::to_string(ppm % 1'000'000 / 1000);
  digits.insert(0, 3 - digits.size(), '0');
  return number(ppm / 1'000'000) + "." + digits;
}

/// Tenths are enough for evidence that fades.
std::string tenths(double value) {
  const auto scaled = static_cast<std::uint64_t>(std::llround(value * 10));
  return number(scaled / 10) + "." + number(scaled % 10);
}

void add_run(std::string& text, const char* name, const Run& run) {
  text += std::string(name) + ": " + number(run.total) + ", " + number(run.length) + " in a row, " +
          number(run.level) + " quarantines for them since the last success\n";
}

void add_strikes(std::string& text, const char* name, const std::vector<Strike>& strikes) {
  for (const Strike& strike : strikes) {
    text += std::string(name) + ": job " + number(strike.job.value) + " replica " +
            number(strike.replica.value) + " against replica " + number(strike.against.value) +
            ", at its result " + number(strike.at_result) + "\n";
  }
}

}  // namespace

std::string explain(const NodeStanding& standing) {
  std::string text = "bucket: ";
  text += to_text(standing.bucket);
  text += ", needs " + number(standing.earned_needed) + " checked results\n";
  for (const Earned& entry : standing.earned) {
    text += "earned: " + number(entry.checked) + " checked results with job class " +
            number(entry.job_class.value) + "\n";
  }
  text += "reputation: " + share(standing.reputation_ppm) + ", the lower 5 % quantile after " +
          tenths(standing.good) + " good and " + tenths(standing.bad) + " bad results that count\n";
  text += "results: " + number(standing.valid) + " valid, " + number(standing.invalid) +
          " invalid, " + number(standing.inconclusive) + " inconclusive, " +
          number(standing.unvested) + " not vested\n";
  add_run(text, "errors", standing.errors);
  add_run(text, "wrong", standing.wrong);
  add_run(text, "late", standing.late);
  text += "aborted: " + number(standing.aborted) + ", which counts for nothing\n";
  text += "strikes: " + number(standing.strikes_that_count) + " that count, " +
          number(standing.inherited_strikes) + " of them from its owner's history\n";
  add_strikes(text, "strike", standing.strikes);
  add_strikes(text, "soft strike", standing.soft_strikes);
  if (standing.wrong_crowds > 0) {
    text += "wrong with others: " + number(standing.wrong_crowds) +
            " results of several machines, for which it is suspected with " +
            share(standing.suspicion_ppm) + "\n";
  }
  if (standing.lean_comparisons > 0) {
    text += "lean: " + std::to_string(standing.lean_permille) +
            " thousandths of the tolerance in the mean of " + number(standing.lean_comparisons) +
            " comparisons, " + (standing.leans ? "more" : "not more") + " than chance explains\n";
  }
  if (standing.intermittent > 0) {
    text += "disagreed with itself: " + number(standing.intermittent) + " times\n";
  }
  text +=
      "in flight: " + number(standing.in_flight) + " of " + number(standing.in_flight_cap) + "\n";
  if (standing.expelled) {
    text += "expelled\n";
  } else if (standing.quarantined_until) {
    text += "quarantined until " +
            std::to_string(standing.quarantined_until->time_since_epoch().count()) + " us for ";
    text += to_text(standing.quarantined_for);
    text += "\n";
  }
  return text;
}

}  // namespace nexa::validator
