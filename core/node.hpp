#pragma once

#include <cstdint>

#include "core/credits.hpp"
#include "core/ids.hpp"
#include "core/resources.hpp"

namespace nexa::core {

/// What is known of a node. Nodes with equal specs form a node class: no rule tells them apart.
struct NodeSpec {
  TierId tier{};
  Resources capacity{1, 0, 0};
  GpuTypeId gpu_type{};
  std::uint32_t speed_permille = 1000;  ///< run time divides by this / 1000; the reference is 1000
  OwnerId owner{};
  SiteId site{};
  Credits price_per_core_hour{};
  std::uint8_t trust_bucket = 0;  ///< higher is better; the host says what a bucket stands for
  HostClassId host_class{};
  RackId rack{};

  friend constexpr auto operator<=>(const NodeSpec&, const NodeSpec&) = default;
};

enum class NodeAvailability : std::uint8_t {
  up,        ///< takes new work
  draining,  ///< finishes its work, takes no new work
  down,      ///< lost; the host reports the end of each replica that ran on it
};

}  // namespace nexa::core
