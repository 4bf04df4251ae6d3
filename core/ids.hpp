#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace nexa::core {

/// A strong integer identifier. Two ids of different `Tag` never mix; ids are ordered but have no
/// arithmetic, because "the next id" is the business of whoever hands them out.
template <class Tag, class Rep = std::uint32_t>
struct Id {
  using rep = Rep;
  Rep value{};

  constexpr Id() = default;
  constexpr explicit Id(Rep raw) : value(raw) {}
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

using JobId = Id<struct JobTag>;
using NodeId = Id<struct NodeTag>;
using ReplicaId = Id<struct ReplicaTag>;
using OwnerId = Id<struct OwnerTag>;
using SiteId = Id<struct SiteTag>;
using UserId = Id<struct UserTag>;

/// A rack, numbered by the host over all sites. Zero means that none is named.
using RackId = Id<struct RackTag>;

/// Nodes whose results may be compared bit by bit, numbered by the host. Zero means "not known" on
/// a node and "any" in a request.
using HostClassId = Id<struct HostClassTag, std::uint16_t>;

/// A position in the tier catalogue; at most 32 tiers exist (see `TierMask`).
using TierId = Id<struct TierTag, std::uint8_t>;

/// A GPU model, numbered by the host. Zero means "no GPU" on a node and "any model" in a request.
using GpuTypeId = Id<struct GpuTypeTag, std::uint16_t>;

}  // namespace nexa::core

template <class Tag, class Rep>
struct std::hash<nexa::core::Id<Tag, Rep>> {
  std::size_t operator()(nexa::core::Id<Tag, Rep> id) const noexcept {
    return static_cast<std::size_t>(id.value);
  }
};
