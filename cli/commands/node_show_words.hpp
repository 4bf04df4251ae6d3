#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/behaviour.hpp"
#include "simulator/node_history.hpp"

namespace nexa::cli {

/// `0.915`, of millionths.
std::string share_text(std::uint32_t ppm);

/// `against replica 3 on node 304`, or that its own proof was false.
std::string against_text(core::ReplicaId replica, core::ReplicaId against,
                         std::optional<core::NodeId> node);

/// Why a node gets no work.
std::string_view reason_text(validator::QuarantineReason reason);

/// `verdict`, `revision`, …: the `kind` of the JSON form.
std::string_view kind_text(simulator::NodeEvent::Kind kind);

/// `error`, `no_reply`, …
std::string_view failure_text(validator::FailureKind how);

/// `intermittent` or `repeatable`.
std::string_view diagnosis_text(validator::Diagnosis diagnosis);

/// What happened, in a few words.
std::string event_text(const simulator::NodeEvent& event);

}  // namespace nexa::cli
