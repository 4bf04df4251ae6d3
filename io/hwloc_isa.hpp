#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nexa::io {

/// What the processors of a machine can do.
struct IsaSummary {
  std::vector<std::string> features;          ///< sorted; only those that programs are built for
  std::optional<std::uint32_t> x86_64_level;  ///< see `tier::Profile::x86_64_level`
};

/// From the processor flags as Linux names them, separated by spaces. No flags: nothing is known.
/// Levels: the x86-64 psABI, section 3.1.1 (micro-architecture levels).
IsaSummary summarise_isa(std::string_view architecture, std::string_view flags);

/// The flags of the first processor in the text of `/proc/cpuinfo` (`flags` on x86, `Features` on
/// ARM); empty where there are none.
std::string_view cpuinfo_flags(std::string_view cpuinfo);

/// The text of this machine's `/proc/cpuinfo`; empty where it cannot be read.
std::string read_cpuinfo();

}  // namespace nexa::io
