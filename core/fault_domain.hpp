#pragma once

#include <compare>
#include <cstdint>

#include "core/ids.hpp"

namespace nexa::core {

/// The kinds of things whose failure, or whose dishonesty, hits all nodes that share one.
enum class DomainKind : std::uint8_t { owner, site, rack, node, host_class };
inline constexpr unsigned domain_kinds = 5;

/// One fault domain: an owner, a site, a rack, a single node, or a kind of machine. Replicas of a
/// job that have to be independent of each other run in different ones. Rack zero is that of all
/// nodes whose rack is not named, and host class zero likewise.
struct FaultDomain {
  DomainKind kind = DomainKind::owner;
  std::uint32_t id = 0;  ///< of an `OwnerId`, `SiteId`, ..., by the kind

  static constexpr FaultDomain of(OwnerId owner) { return {DomainKind::owner, owner.value}; }
  static constexpr FaultDomain of(SiteId site) { return {DomainKind::site, site.value}; }
  static constexpr FaultDomain of(RackId rack) { return {DomainKind::rack, rack.value}; }
  static constexpr FaultDomain of(NodeId node) { return {DomainKind::node, node.value}; }
  static constexpr FaultDomain of(HostClassId host_class) {
    return {DomainKind::host_class, host_class.value};
  }

  friend constexpr auto operator<=>(const FaultDomain&, const FaultDomain&) = default;
};

}  // namespace nexa::core
