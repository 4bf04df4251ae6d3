#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/platform.hpp"
#include "core/result.hpp"
#include "io/yaml/diagnostics.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {

/// What a platform may have. Far above today's largest machines; the limits make sums of cores and
/// memory safe from overflow, and a slip of the finger harmless.
struct PlatformLimits {
  static constexpr std::int64_t nodes = 1'000'000;
  static constexpr std::size_t groups = 10'000;
  static constexpr std::int64_t cores_per_node = 65'536;
  static constexpr std::int64_t gpus_per_node = 1'024;
  static constexpr std::uint64_t memory_kib_per_node = std::uint64_t{1} << 40;  ///< 1 PiB
  static constexpr std::int64_t speed_permille = 1'000'000;
  static constexpr std::int64_t owners = 10'000;            ///< of one group; each is a node class
  static constexpr std::int64_t price_credits = 1'000'000;  ///< per core hour
};

/// Who owns a group that names no owner, and where it stands if it names no site.
inline constexpr std::string_view default_owner = "site";
/// What the owners of a group of several are called by, if it names no owner.
inline constexpr std::string_view default_owners = "owner";
inline constexpr std::string_view default_site = "main";

/// True for the short form `cores:N`.
bool is_short_platform(std::string_view text);

/// `cores:100`: one group "node" of single-core nodes of the lowest tier, speed 1, whose memory is
/// not tracked. Errors: `invalid_argument`.
core::Result<core::Platform> parse_short_platform(std::string_view text,
                                                  std::span<const std::string> tiers);

/// A platform YAML, or the short form. `tiers` are the names of the catalogue, lowest first. All
/// errors go to `diagnostics`; the result repeats the first.
core::Result<core::Platform> load_platform(const std::string& file_or_short_form,
                                           std::span<const std::string> tiers,
                                           Diagnostics& diagnostics);

/// The same for text that is already in memory.
core::Result<core::Platform> decode_platform(const SourcePtr& source,
                                             std::span<const std::string> tiers,
                                             Diagnostics& diagnostics);

/// JSON Schema of a platform file.
std::string platform_json_schema();

/// Reference page of a platform file, in Markdown.
std::string platform_reference();

}  // namespace nexa::io
