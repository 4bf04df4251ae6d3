#include "cli/scenario_options.hpp"

#include <charconv>
#include <string>
#include <system_error>

namespace nexa::cli {

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  const auto check = [least, most](const std::string& text) -> std::string {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, status] = std::from_chars(text.data(), end, value);
    if (status == std::errc{} && stop == end && value >= least && value <= most) return {};
    return "'" + text + "' is no whole number from " + std::to_string(least) + " to " +
           std::to_string(most);
  };
  return CLI::Validator(check, "");
}

void add_scenario_overrides(CLI::App& command, SimFlags& flags) {
  command.add_option("--workload", flags.workload, "Trace, .swf or .swf.gz")->type_name("FILE");
  command
      .add_option("--platform", flags.platform, "Platform file, or cores:N for N single-core nodes")
      ->type_name("FILE|cores:N");
  command.add_option("--policy", flags.policy, "Policy, as 'sjf+easy:order=saf' (default: easy)")
      ->type_name("TEXT|FILE");
  command.add_option("--seed", flags.seed, "Seed of all random draws (default: 1)")
      ->check(whole_number(0, INT64_MAX))
      ->type_name("N");
  command.add_option("--first", flags.first, "Only the first N jobs")
      ->check(whole_number(1, UINT32_MAX))
      ->type_name("N");
  command.add_flag("--strict", flags.strict, "Stop at the first wrong line of the trace");
  command.add_option("--catalog", flags.catalog, "Tier catalogue (default: the built-in one)")
      ->type_name("FILE");
}

}  // namespace nexa::cli
