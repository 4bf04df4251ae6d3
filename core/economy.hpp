#pragma once

#include <cstdint>

#include "core/credits.hpp"
#include "core/time.hpp"

namespace nexa::core {

/// What providers of a simulated platform reckon with. Source of the terms: validation of
/// volunteered work as a game with reward r, cost c, stake S, withheld pay V and audit probability
/// p; see docs/behaviours.md.
struct Economy {
  Duration review_every = seconds(86'400);  ///< each provider reckons at this interval
  Credits cost_per_core_hour{};             ///< of computing; saved by who does not compute
  Credits idle_cost_per_core_hour{};        ///< of being there
  Credits stake{};                          ///< locked at registration, lost by a conviction
  Credits registration_fee{};               ///< paid for each identity, not given back
  std::uint32_t patience = 3;         ///< reviews with a loss in a row, after which a node leaves
  std::uint32_t horizon = 30;         ///< reviews over which an entry fee must pay off
  std::uint32_t probation_jobs = 20;  ///< jobs of a new identity whose pay is withheld
  /// Nodes that take part at the beginning; the others wait outside, and join when it pays.
  std::uint32_t present_ppm = 1'000'000;

  friend constexpr bool operator==(const Economy&, const Economy&) = default;
};

}  // namespace nexa::core
