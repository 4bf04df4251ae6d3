#pragma once

#include <chrono>
#include <cstdint>

namespace nexa::core {

using Duration = std::chrono::duration<std::int64_t, std::micro>;

/// The clock of the pure modules. It deliberately has no `now()`: a host passes the time in, so
/// that reading a wall clock from a decision does not compile.
struct Clock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<Clock, Duration>;
  static constexpr bool is_steady = true;
};

/// Microseconds since an origin that the host chooses (simulator: the first submission;
/// Slurm: the Unix epoch).
using Time = Clock::time_point;

/// Later than any instant that a host may pass in. Half of the range, so that adding a duration
/// to it cannot overflow.
inline constexpr Time never{Duration{INT64_MAX / 2}};

constexpr Duration seconds(std::int64_t s) {
  return Duration{s * 1'000'000};
}
constexpr Time at_seconds(std::int64_t s) {
  return Time{seconds(s)};
}

/// Seconds as a real number: for scores and reports, never for arithmetic on time.
constexpr double to_seconds(Duration d) {
  return static_cast<double>(d.count()) / 1e6;
}
constexpr double to_seconds(Time t) {
  return to_seconds(t.time_since_epoch());
}

}  // namespace nexa::core
