#pragma once

#include <cstdint>
#include <set>
#include <utility>

#include "core/ids.hpp"
#include "ledger/flat_map.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

using ReplicaKey = std::pair<core::JobId, core::ReplicaId>;

/// What a node answers with for one replica.
struct StakeLock {
  TransferId id{};
  Amount amount = 0;
};

/// What is known of a node's money beside its accounts.
struct NodeMoney {
  core::NodeId node{};
  AccountId account{};
  AccountId stake{};
  std::uint32_t convictions = 0;
  std::uint32_t round = 0;
  FlatMap<ReplicaKey, StakeLock> locks;
  std::set<ReplicaKey> streams;  ///< with a pending reservation
  std::set<ReplicaKey> convicted_for;
  Amount slashed = 0;  ///< and not used for restitution or arbitration yet

  [[nodiscard]] core::NodeId id() const { return node; }
};

}  // namespace nexa::ledger
