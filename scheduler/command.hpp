#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>

#include "core/digest.hpp"
#include "core/interval_set.hpp"
#include "core/outcome.hpp"
#include "scheduler/reject.hpp"

namespace nexa::scheduler {

/// Nodes that give the same number of slots each to one replica.
struct NodeShare {
  core::Interval nodes;  ///< node ids
  std::uint32_t slots_per_node = 0;

  friend constexpr auto operator<=>(const NodeShare&, const NodeShare&) = default;
};

/// Run a replica on these nodes; it may hold them until `until` at the latest.
struct StartReplica {
  core::JobId job;
  core::ReplicaId replica;
  std::span<const NodeShare> nodes;
  core::Time until{};
  core::SelectedBy selected_by = core::SelectedBy::order;
};

enum class CancelReason : std::uint8_t { time_limit, job_cancelled };

/// End a running replica. The host answers with ReplicaEnded{killed}.
struct CancelReplica {
  core::JobId job;
  core::ReplicaId replica;
  CancelReason why = CancelReason::time_limit;
};

/// The job can never run on this cluster; the engine has forgotten it. `too_few_domains` says that
/// it could if it had not to avoid what it was submitted with.
struct RejectJob {
  core::JobId job;
  RejectCode why = RejectCode::cluster_too_small;
};

/// What the engine asks of its host. Spans are valid until the engine is called again.
using Command = std::variant<StartReplica, CancelReplica, RejectJob>;

/// One line of text: `start job=7 replica=1 nodes=0-3x1 until_us=3600000000 by=order`.
std::string to_text(const Command& command);

/// Folds every field of a command into a hash: the golden value of a command stream.
void add_to_hash(core::StreamHash& hash, const Command& command);

/// `0-3x1,7x4`: nodes and their slots.
std::string to_text(std::span<const NodeShare> nodes);
std::string_view to_text(core::SelectedBy selected_by);
std::string_view to_text(CancelReason why);

}  // namespace nexa::scheduler
