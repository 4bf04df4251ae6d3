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
    if (platform) require(platform->node_count() >= 1);
  }
  {
    io::Diagnostics diagnostics;
    check(diagnostics, io::decode_scenario(source, tiers(), diagnostics), *source);
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
