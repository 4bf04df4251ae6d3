#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <vector>

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

  /// By kind, then by number.
  friend constexpr auto operator<=>(const FaultDomain& a, const FaultDomain& b) {
    return a.rank() <=> b.rank();
  }
  friend constexpr bool operator==(const FaultDomain&, const FaultDomain&) = default;

 private:
  /// Both in one number: domains are sorted and searched a lot.
  [[nodiscard]] constexpr std::uint64_t rank() const {
    return static_cast<std::uint64_t>(kind) << 32 | id;
  }
};

/// Sorts domains and drops those that are there twice. Costs a look where that is so already.
inline void canonicalise(std::vector<FaultDomain>& domains) {
  const auto misplaced = [](FaultDomain a, FaultDomain b) { return a >= b; };
  if (std::adjacent_find(domains.begin(), domains.end(), misplaced) == domains.end()) return;
  std::sort(domains.begin(), domains.end());
  domains.erase(std::unique(domains.begin(), domains.end()), domains.end());
}

}  // namespace nexa::core
