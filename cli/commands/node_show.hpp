#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/sim_inputs.hpp"
#include "simulator/node_history.hpp"
#include "simulator/validation_setup.hpp"

namespace CLI {
class App;
}

namespace nexa::cli {

/// A node of a simulated run, as the validator knows it at a time, and what made it so.
struct NodeShow {
  const SimInputs& inputs;
  const simulator::ValidationSetup& setup;  ///< as in force
  const simulator::NodeHistory& history;
  core::Time at{};
  const core::NodeGroup& group;  ///< of the machine
  validator::NodeStanding standing;
  validator::HostClassStanding host_class;
  std::vector<core::BehaviourShare> behaviours;  ///< known to the simulation only
};

/// A number of a standing before and after something happened. Evidence is in tenths; a time of
/// rest is in microseconds, null for none.
struct NumberChange {
  std::string name;
  nlohmann::ordered_json before;
  nlohmann::ordered_json after;
};

/// The numbers that differ, in the order in which they are shown.
std::vector<NumberChange> number_changes(const validator::NodeStanding& before,
                                         const validator::NodeStanding& after);

/// How long a node rests when it fails once more, if its run was just at the limit.
core::Duration next_rest(const validator::BackOff& rule, const validator::Run& run);

/// Whether the policy relies on single results of nodes that have earned it.
bool relies_on_earned_trust(const validator::Redundancy& rules);

/// In which share of cases the policy has a single result of the node checked by another node, in
/// millionths, for a job that is worth no more than the mean (V6).
std::uint32_t audit_share_ppm(const validator::ValidatorConfig& config, std::uint32_t earned);

/// What a person reads: labelled lines, then a table of the last changes.
std::string to_text(const NodeShow& show, const GlobalOptions& options);

/// The document `nexa.node_show/1`.
nlohmann::ordered_json to_json(const NodeShow& show);

/// Adds `nexa node show` to `nexa node`. `context` must outlive `node`.
void add_node_show_command(CLI::App& node, CommandContext& context);

}  // namespace nexa::cli
