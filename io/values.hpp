#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/credits.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

/// The values that people type, on the command line and in files, and how they are printed. All
/// arithmetic is exact: a value that has no exact integer form is an error, never rounded.
/// Errors are `invalid_argument` and say what the text should look like.
namespace nexa::io {

/// A length of time: `90s`, `15m`, `1.5h`, `2d`, `1h 30m`, `250ms`, or Slurm's `MM:SS`,
/// `HH:MM:SS`, `D-HH`, `D-HH:MM`, `D-HH:MM:SS`. A bare number is an error, since Slurm takes it
/// for minutes and others for seconds. Negative lengths are errors.
core::Result<core::Duration> parse_duration(std::string_view text);

/// An amount of memory in KiB: `4G`, `4GiB`, `4 GiB`, `4096M`, `1.5T`. Units are powers of 1024, as
/// in Slurm; `GB` is an error since it means two things.
core::Result<std::uint64_t> parse_memory_kib(std::string_view text);

/// Money: decimal text with at most 6 decimals, `0.02`.
core::Result<core::Credits> parse_credits(std::string_view text);

/// A decimal number times 10^`decimals`, e.g. `1.25` with 3 decimals is 1250. `decimals` is at
/// most 9. More digits after the point than that are errors unless they are zeros.
core::Result<std::int64_t> parse_decimal(std::string_view text, int decimals);

/// A whole decimal number. A leading zero is an error, since `010` is 8 to some and 10 to others.
core::Result<std::int64_t> parse_integer(std::string_view text);

/// `1h 30m`; `0s` for no time. `parse_duration` reads it back.
std::string to_text(core::Duration duration);

/// `D-HH:MM:SS` or `HH:MM:SS`, as Slurm prints; parts of a second are cut.
std::string to_slurm_text(core::Duration duration);

/// `4 GiB`: the largest unit that needs no fraction.
std::string memory_text(std::uint64_t kib);

/// Always six decimals, `0.020000`.
std::string to_text(core::Credits credits);

/// The inverse of `parse_decimal`, without trailing zeros: 1250 with 3 decimals is `1.25`.
std::string decimal_text(std::int64_t scaled, int decimals);

}  // namespace nexa::io
