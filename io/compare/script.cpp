#include "io/compare/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <system_error>

#include "io/compare/plain_files.hpp"
#include "io/compare/result_order.hpp"
#include "io/sandbox.hpp"

namespace nexa::io::compare {

namespace {

using core::Result;
using validator::compare::Comparison;
using validator::compare::ScriptParameters;

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

/// The number behind the word `distance` at the beginning of a line; the last such line counts.
/// Nothing where there is none; NaN where it is no number.
std::optional<double> distance_in(std::string_view output) {
  constexpr std::string_view word = "distance ";
  std::optional<double> found;
  while (!output.empty()) {
    std::string_view line = first_line(output);
    output.remove_prefix(std::min(line.size() + 1, output.size()));
    if (!line.starts_with(word)) continue;
    line.remove_prefix(word.size());
    double value = 0;
    const char* const end = line.data() + line.size();
    const auto [stop, status] = std::from_chars(line.data(), end, value);
    const bool is_valid = status == std::errc{} && stop == end && value >= 0;
    found = is_valid ? value : std::nan("");
  }
  return found;
}

SandboxRun run_of(const std::string& a, const std::string& b, core::Bytes program,
                  const ScriptParameters& parameters) {
  constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
  return {.program = program,
          .arguments = {"/input/a", "/input/b"},
          .inputs = {{a, "/input/a"}, {b, "/input/b"}},
          .limits = {.wall = std::chrono::seconds(parameters.wall),
                     .cpu_s = parameters.cpu,
                     .memory_bytes = parameters.memory * mebibyte,
                     .processes = parameters.processes,
                     .open_files = parameters.files,
                     .disk_bytes = parameters.disk * mebibyte,
                     .output_bytes = parameters.output * 1024}};
}

std::string exit_text(const SandboxOutcome& outcome) {
  std::string text = fmt::format("the program ended with {}", outcome.exit_code);
  if (outcome.exit_code > 128 && outcome.exit_code < 128 + 65) {
    text += fmt::format(", as after signal {}", outcome.exit_code - 128);
  }
  const std::string_view said = first_line(outcome.errors);
  if (!said.empty()) text += ": " + shown(said);
  return text;
}

Comparison comparison_of(const SandboxOutcome& outcome, const ScriptParameters& parameters) {
  Comparison comparison;
  if (outcome.end == SandboxEnd::wall_limit) {
    comparison.cannot_compare(
        "",
        fmt::format("the program was killed, since it did not end within {} s", parameters.wall));
  } else if (outcome.end == SandboxEnd::output_limit) {
    comparison.cannot_compare(
        "", fmt::format("the program was killed, since it printed more than {} KiB",
                        parameters.output));
  } else if (outcome.exit_code == 1) {
    const std::string_view said = first_line(outcome.output);
    comparison.differ("", said.empty() ? "the program says so" : "the program says " + shown(said));
  } else if (outcome.exit_code != 0) {
    comparison.cannot_compare("", exit_text(outcome));
  } else if (const auto distance = distance_in(outcome.output)) {
    if (std::isnan(*distance)) {
      comparison.cannot_compare("", "the program prints no number behind 'distance'");
    } else {
      comparison.distance = *distance;
    }
  }
  return comparison;
}

}  // namespace

Result<Comparison> compare_by_script(const std::string& a, const std::string& b,
                                     core::Bytes program, const ScriptParameters& parameters) {
  const auto order = content_order(a, b);
  if (!order) return order.error();
  const bool exchanged = *order == std::strong_ordering::greater;
  // Bubblewrap looks for paths from its own folder.
  std::error_code error;
  const std::string first = std::filesystem::absolute(exchanged ? b : a, error).string();
  const std::string second = std::filesystem::absolute(exchanged ? a : b, error).string();
  if (error) return system_error("find", a, error.value());
  const auto outcome = run_sandboxed(run_of(first, second, program, parameters));
  if (!outcome) return outcome.error();
  return comparison_of(*outcome, parameters);
}

}  // namespace nexa::io::compare
