#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/result.hpp"
#include "io/swf_repairs.hpp"

namespace nexa::io {

/// The fields of an SWF job line that are used, as they stand; -1 is unknown. All are within the
/// ranges of `swf_limits`.
struct SwfRecord {
  std::int64_t number = -1;
  std::int64_t submit = -1;
  std::int64_t run_time = -1;
  std::int64_t processors_used = -1;
  std::int64_t memory_used = -1;
  std::int64_t processors = -1;
  std::int64_t estimate = -1;
  std::int64_t memory = -1;
  std::int64_t user = -1;
};

namespace swf_limits {
inline constexpr std::int64_t seconds = 10'000'000'000;  ///< about 317 years
inline constexpr std::int64_t processors = INT32_MAX;
inline constexpr std::int64_t memory_kib = std::int64_t{1} << 50;
inline constexpr std::int64_t id = UINT32_MAX;
}  // namespace swf_limits

/// How many readable bytes must lie before and behind a line that is scanned.
inline constexpr std::size_t swf_padding = 320;

/// Reads a job line that is written as the format wants it, fast. `line` starts somewhere in a
/// buffer with `swf_padding` readable bytes on both sides, and ends with a newline. Returns the
/// place behind the newline, or null for every line that `parse_swf_line` must look at: comments,
/// empty or long lines, and all that is mended. Strict mode does not use it, because negative or
/// huge values in fields that are not kept pass here.
const char* scan_clean_swf_line(const char* line, SwfRecord& record);

enum class SwfLineKind : std::uint8_t { empty, comment, job, dropped };

/// What `parse_swf_line` found; `error` is set in strict mode only.
struct SwfLineResult {
  SwfLineKind kind = SwfLineKind::empty;
  bool failed = false;
  bool looks_like_job = false;  ///< at least 11 fields, and the first five are numbers
  core::Error error;            ///< `where` has the column but not yet file and line
};

/// Reads any line (without its newline) with care: counts what it mends in `repairs`, or, if
/// `strict`, fails at the first breach of the format.
SwfLineResult parse_swf_line(std::string_view line, std::uint64_t line_number, bool strict,
                             SwfRecord& record, SwfRepairLog& repairs);

}  // namespace nexa::io
