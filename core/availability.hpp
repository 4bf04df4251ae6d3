#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace nexa::core {

/// A time without one node, as recorded.
struct Outage {
  std::uint32_t node = 0;  ///< numbered by the trace
  Time start{};            ///< since the beginning of the trace
  Time end{};
  friend constexpr auto operator<=>(const Outage&, const Outage&) = default;
};

/// A recorded history of failures. Outages are sorted by node and start; those of one node do not
/// overlap.
struct FailureTrace {
  std::uint32_t nodes = 0;  ///< numbered from 0; some may never fail
  Duration length{};        ///< the end of the last outage
  std::vector<Outage> outages;
};

/// How the nodes of one group come and go. Times between failures and times to repair are Weibull;
/// shape 1 is exponential.
/// Source of the form: Schroeder, Gibson, "A large-scale study of failures in high-performance
/// computing systems", DSN'06, who fit shapes of 0.7 to 0.8 to times between failures.
struct NodeAvailabilityModel {
  std::string group;  ///< of the platform; empty: every group without an entry of its own
  Duration mean_up = seconds(0);  ///< mean time from a repair to the next failure; 0: never fails
  Duration mean_down = seconds(3600);  ///< mean time to repair
  std::uint32_t up_shape_permille = 1000;
  std::uint32_t down_shape_permille = 1000;

  friend bool operator==(const NodeAvailabilityModel&, const NodeAvailabilityModel&) = default;
};

}  // namespace nexa::core
