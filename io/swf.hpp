#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/request.hpp"
#include "core/result.hpp"
#include "core/workload.hpp"
#include "io/byte_source.hpp"

namespace nexa::io {

/// Longer lines are not stored: a job line of SWF has about 80 bytes.
inline constexpr std::size_t swf_max_line_bytes = std::size_t{64} << 10;

/// How a log in the Standard Workload Format becomes a workload.
struct SwfOptions {
  /// Fail at the first line that breaks the format, instead of mending and counting it.
  bool strict = false;
  /// Take the run time as the time limit: what a user who knows the future would ask for.
  bool perfect_estimates = false;
  /// Take the memory per processor from field 10, otherwise from field 7, rounded up to whole MiB
  /// to keep the number of different requests low.
  bool use_memory = false;
  /// Jobs with more processors than this are dropped; 0 keeps all.
  std::uint32_t max_processors = 0;
  /// Keep only so many jobs, counted after dropping and sorting; 0 keeps all.
  std::uint64_t first = 0;
  core::Sharing sharing = core::Sharing::shared;
};

/// Reads a log in the Standard Workload Format 2.2 (D. Feitelson's Parallel Workloads Archive),
/// plain or gzip, in one pass over a buffer of fixed size.
///
/// A job line has 18 numbers separated by blanks; -1 means unknown. Of these the reader uses:
/// 1 job number, 2 submit time, 4 run time, 5 processors used, 7 memory used, 8 processors asked
/// for, 9 time asked for, 10 memory asked for, 12 user. Times are seconds, memory is KiB per
/// processor. The mapping is the one under which published replays of different simulators agree:
///   - processors: field 8, otherwise field 5 where field 8 is not positive;
///   - time limit: the larger of fields 9 and 4, otherwise field 4 where field 9 is not positive;
///   - jobs without a positive run time, a submit time or processors, or wider than
///     `max_processors`, are dropped; both modes do so, since the format allows them;
///   - jobs are sorted by submit time (the order of the file breaks ties), and the first submit
///     time becomes 0.
/// Each slot of a job is one processor, i.e. one core (and its memory).
///
/// Breaches of the format are mended and counted in `Workload::repairs`, or, if `strict`, end the
/// reading with an error at their file, line and column: fewer or more than 18 fields; a field
/// that is no number; decimals (except in field 6); a negative value other than -1; a number out
/// of range; a submit time before that of the job above; a line longer than 64 KiB. Mended, a
/// field that is no number, negative or out of range counts as unknown; missing fields count as
/// unknown if at least 11 are there; lines with fewer and too long lines are dropped.
///
/// Errors: those of `open_bytes` (with the line reached), and `corrupt` where no job is found.
core::Result<core::Workload> read_swf(const std::string& path, const SwfOptions& options);

/// As above, from any source of bytes.
core::Result<core::Workload> read_swf(ByteSource& source, const SwfOptions& options);

}  // namespace nexa::io
