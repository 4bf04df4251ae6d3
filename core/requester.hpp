#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/credits.hpp"
#include "core/time.hpp"

namespace nexa::core {

/// A kind of users of a simulated workload: what they can pay, and what they try. The defaults are
/// those of somebody who is honest and pays.
struct RequesterGroup {
  std::string name;
  /// Of the users that no group before it took, the part that belongs to it; drawn by the seed.
  std::uint32_t share_ppm = 1'000'000;
  std::optional<Credits> budget{};  ///< of each user, granted at the beginning; none: unlimited
  Credits bounty{};  ///< that each of its jobs offers beside the price, for the canonical result
  std::uint32_t poison_ppm = 0;     ///< A16: of its jobs crash on every node
  std::uint32_t cancel_ppm = 0;     ///< A22: of its jobs are cancelled while they run
  std::uint32_t cancel_at_permille = 900;  ///< of the run time, when that happens
  /// A22: never triggers a payment by itself. Nobody waits for that, so it changes nothing.
  bool withholds = false;
  std::uint32_t dispute_ppm = 0;  ///< A23: of its right results are disputed
  std::uint32_t notice_ppm = 0;   ///< of its wrong results are noticed, and disputed
  std::uint32_t slander_ppm = 0;  ///< A24: of its jobs are followed by an invented rating
  std::uint32_t burst = 1;        ///< A30: so many jobs of a user come at one instant

  friend bool operator==(const RequesterGroup&, const RequesterGroup&) = default;
};

}  // namespace nexa::core
