// Feeds arbitrary bytes to every reader of YAML. Beyond memory safety it checks what the readers
// promise: a result or an error, never both and never neither, and places that exist.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "io/platform_file.hpp"
#include "io/policy_text.hpp"
#include "io/scenario_file.hpp"
#include "io/tier_file.hpp"
#include "io/values.hpp"
#include "validator/config.hpp"
#include "validator/redundancy.hpp"

namespace {

using namespace nexa;

void require(bool condition) {
  if (!condition) std::abort();
}

const std::vector<std::string>& tiers() {
  static const std::vector<std::string> names{"cpu", "consumer_gpu", "hpc"};
  return names;
}

template <class Result>
void check(const io::Diagnostics& diagnostics, const Result& result, const io::Source& source) {
  require(diagnostics.ok() == result.has_value());
  require(diagnostics.ok() == diagnostics.to_text().empty());
  require(diagnostics.entries().size() <= io::Diagnostics::max_kept);
  for (const io::Diagnostic& entry : diagnostics.entries()) {
    require(!entry.message.empty());
    require(entry.line >= 1 && entry.column >= 1);
    // A parser may find an error just behind the last character of a line.
    const std::size_t width = io::character_count(source.line(entry.line));
    require(static_cast<std::size_t>(entry.column) <= width + 2);
  }
}

/// What simulations rely on: as many hostile nodes as there are, and shares that are parts.
void check_platform(const core::Platform& platform) {
  require(platform.node_count() >= 1);
  for (const core::NodeGroup& group : platform.groups) {
    require(group.count >= 1 && group.owners >= 1);
    require(group.spec.owner.value + std::size_t{group.owners} <= platform.owners.size());
    require(group.spec.host_class.value < platform.host_classes.size());
    std::uint64_t hostile = 0;
    for (const core::BehaviourShare& share : group.behaviours) {
      require(share.nodes <= group.count);
      if (core::intent_of(share.behaviour) == core::Intent::hostile) hostile += share.nodes;
    }
    require(hostile <= group.count);
  }
}

/// What validators rely on, and that looking a scenario's names up on a platform is safe.
void check_scenario(const io::ScenarioSpec& scenario) {
  if (scenario.validation) {
    require(validator::check(scenario.validation->rules()).has_value());
    require(validator::check(scenario.validation->config()).has_value());
  }
  static const core::Platform platform = *io::parse_short_platform("cores:4", tiers());
  io::Diagnostics diagnostics;
  io::check_rules(scenario, platform, diagnostics);
  io::check_names(scenario, platform, diagnostics);
  io::check_domains(scenario, platform, diagnostics);
  require(diagnostics.ok() == diagnostics.to_text().empty());
}

/// A size or a length of time that can be read must survive being printed.
void check_values(const std::string& text) {
  if (const auto duration = io::parse_duration(text)) {
    const auto again = io::parse_duration(io::to_text(*duration));
    require(again && *again == *duration);
  }
  if (const auto memory = io::parse_memory_kib(text)) {
    const auto again = io::parse_memory_kib(io::memory_text(*memory));
    require(again && *again == *memory);
  }
  if (const auto credits = io::parse_credits(text)) {
    const auto again = io::parse_credits(io::to_text(*credits));
    require(again && *again == *credits);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto source = std::make_shared<const io::Source>("fuzz.yaml", text);
  check_values(text);
  {
    io::Diagnostics diagnostics;
    const auto platform = io::decode_platform(source, tiers(), diagnostics);
    check(diagnostics, platform, *source);
    if (platform) check_platform(*platform);
  }
  {
    io::Diagnostics diagnostics;
    const auto scenario = io::decode_scenario(source, tiers(), diagnostics);
    check(diagnostics, scenario, *source);
    if (scenario) check_scenario(*scenario);
  }
  {
    io::Diagnostics diagnostics;
    check(diagnostics, io::decode_policy(source, diagnostics), *source);
  }
  {
    io::Diagnostics diagnostics;
    check(diagnostics, io::decode_tiers(source, diagnostics), *source);
  }
  return 0;
}
