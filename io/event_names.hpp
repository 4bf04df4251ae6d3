#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <variant>

#include "core/fault_domain.hpp"
#include "core/node.hpp"
#include "core/request.hpp"
#include "scheduler/event.hpp"

/// The words of the event log's format; writer and reader share them.
namespace nexa::io {

inline constexpr std::string_view event_log_schema = "nexa.event_log/1";

/// By the position of the alternative in `scheduler::Fact`.
inline constexpr std::array<std::string_view, std::variant_size_v<scheduler::Fact>> fact_names{
    "job_submitted",   "job_cancelled",    "node_added",  "node_state_changed",
    "replica_ended",   "command_rejected", "tick",        "job_changed",
    "policy_reloaded", "node_changed",     "node_removed"};

inline constexpr std::array<std::string_view, 2> sharing_names{"shared", "whole_nodes"};
inline constexpr std::array<std::string_view, 3> availability_names{"up", "draining", "down"};
/// The domains that a job has to avoid, by kind.
inline constexpr std::array<std::string_view, core::domain_kinds> domain_names{
    "owners", "sites", "racks", "nodes", "host_classes"};
inline constexpr std::array<std::string_view, 3> replica_end_names{"completed", "killed",
                                                                   "node_failed"};

template <class Enum, std::size_t N>
constexpr std::string_view name_of(const std::array<std::string_view, N>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

/// The position of `word` among the names.
template <std::size_t N>
constexpr std::optional<std::size_t> index_of(const std::array<std::string_view, N>& names,
                                              std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == word) return i;
  }
  return std::nullopt;
}

}  // namespace nexa::io
