#include "io/scenario_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "core/suggest.hpp"

namespace nexa::io {
namespace {

using Groups = std::vector<const core::NodeGroup*>;

void impossible(const Place& place, std::string message, std::string hint,
                Diagnostics& diagnostics) {
  diagnostics.add(place, std::move(message), std::move(hint), core::ErrorCode::unsatisfiable);
}

Groups groups_of_tiers(const core::Platform& platform, core::TierMask tiers) {
  Groups found;
  for (const core::NodeGroup& group : platform.groups) {
    if (((tiers >> group.spec.tier.value) & 1U) != 0) found.push_back(&group);
  }
  return found;
}

/// The tiers that some node has, lowest first.
std::string tiers_with_nodes(const core::Platform& platform) {
  std::string names;
  for (std::size_t i = 0; i < platform.tiers.size(); ++i) {
    if (groups_of_tiers(platform, core::TierMask{1} << i).empty()) continue;
    names += (names.empty() ? "" : ", ") + platform.tiers[i];
  }
  return names;
}

/// Keeps the groups with the wanted GPU model; reports a model that no node of any tier has.
bool keep_gpu_type(const TierRule& rule, const core::Platform& platform, Groups& groups,
                   Diagnostics& diagnostics) {
  if (rule.gpu_type.value.empty()) return true;
  const auto& types = platform.gpu_types;
  const auto found = std::find(types.begin(), types.end(), rule.gpu_type.value);
  if (found == types.end()) {
    std::vector<std::string_view> known(types.begin(), types.end());
    std::erase(known, std::string_view());
    impossible(
        rule.gpu_type.place,
        fmt::format("no node of platform {} has GPUs of type {}", in_quotes(platform.name),
                    in_quotes(rule.gpu_type.value)),
        known.empty() ? "the platform has no GPUs" : core::suggestion(rule.gpu_type.value, known),
        diagnostics);
    return false;
  }
  const auto index = static_cast<std::size_t>(found - types.begin());
  std::erase_if(groups,
                [&](const core::NodeGroup* group) { return group->spec.gpu_type.value != index; });
  return true;
}

void check_rule_fits(const TierRule& rule, const core::Platform& platform,
                     Diagnostics& diagnostics) {
  Groups groups = groups_of_tiers(platform, rule.tiers);
  if (groups.empty()) {
    impossible(rule.tier.place,
               fmt::format("no node of platform {} has tier {}", in_quotes(platform.name),
                           in_quotes(rule.tier.value)),
               "its tiers: " + tiers_with_nodes(platform), diagnostics);
    return;
  }
  if (!keep_gpu_type(rule, platform, groups, diagnostics)) return;
  const core::Resources slot{rule.cores_per_slot, rule.gpus_per_slot, 0};
  const auto fits = [&](const core::NodeGroup* group) {
    return group->spec.capacity.contains(slot);
  };
  if (std::any_of(groups.begin(), groups.end(), fits)) return;
  impossible(rule.tier.place,
             fmt::format("no node of the rule's tiers has the {} cores and {} GPUs{} of one slot",
                         slot.cores, slot.gpus,
                         rule.gpu_type.value.empty() ? "" : " of type " + rule.gpu_type.value),
             "lower cores_per_slot or gpus_per_slot, or name another tier", diagnostics);
}

void check_group(const Located<std::string>& group, const core::Platform& platform,
                 Diagnostics& diagnostics) {
  if (group.value.empty()) return;
  std::vector<std::string_view> names;
  for (const core::NodeGroup& known : platform.groups) {
    if (known.name == group.value) return;
    names.push_back(known.name);
  }
  diagnostics.add(group.place,
                  fmt::format("platform {} has no node group {}", in_quotes(platform.name),
                              in_quotes(group.value)),
                  core::suggestion(group.value, names));
}

/// How many fault domains of one kind the nodes of some groups are in. Nodes without a rack share
/// none.
std::uint64_t count_domains(const Groups& groups, validator::Distinct kind) {
  std::set<std::uint32_t> known;
  std::uint64_t others = 0;
  for (const core::NodeGroup* group : groups) {
    const core::NodeSpec& spec = group->spec;
    if (kind == validator::distinct_owner) {
      for (std::uint32_t i = 0; i < std::min(group->owners, group->count); ++i) {
        known.insert(spec.owner.value + i);
      }
    } else if (kind == validator::distinct_site) {
      known.insert(spec.site.value);
    } else if (kind == validator::distinct_rack && spec.rack != core::RackId{}) {
      known.insert(spec.rack.value);
    } else {
      others += group->count;
    }
  }
  return known.size() + others;
}

}  // namespace

void check_domains(const ScenarioSpec& scenario, const core::Platform& platform,
                   Diagnostics& diagnostics) {
  if (!scenario.validation) return;
  const validator::Redundancy& rules = scenario.validation->rules();
  const std::uint64_t needed = validator::domains_needed(rules);
  core::TierMask tiers = core::all_tiers & ~scenario.trusted_tiers;
  if (scenario.workload.synthetic) tiers &= scenario.workload.synthetic->model.tiers;
  const Groups groups = groups_of_tiers(platform, tiers);
  const bool all_kinds = scenario.defences.domain_placement;
  constexpr std::pair<validator::Distinct, const char*> kinds[] = {
      {validator::distinct_machine, "machine"},
      {validator::distinct_owner, "owner"},
      {validator::distinct_rack, "rack"},
      {validator::distinct_site, "site"}};
  for (const auto& [kind, word] : kinds) {
    if ((rules.distinct & kind) == 0) continue;
    if (!all_kinds && kind != validator::distinct_machine) continue;
    const std::uint64_t there = count_domains(groups, kind);
    if (there >= needed) continue;
    impossible(
        scenario.validation->distinct_place,
        fmt::format("the replicas of a job need {} distinct {}s, and on platform {} there {} "
                    "{} for them",
                    needed, word, in_quotes(platform.name), there == 1 ? "is" : "are", there),
        fmt::format("add {0}s to the platform, take '{0}' out of 'distinct', or ask for fewer "
                    "replicas{1}",
                    word,
                    scenario.trusted_tiers == 0
                        ? ""
                        : "; nodes of the trusted tier do nothing but arbitrate"),
        diagnostics);
  }
}

void check_names(const ScenarioSpec& scenario, const core::Platform& platform,
                 Diagnostics& diagnostics) {
  for (const AvailabilitySource& source : scenario.availability) {
    check_group(source.group, platform, diagnostics);
  }
  check_group(scenario.coordinator.favoured_group, platform, diagnostics);
  if (!scenario.workload.synthetic) return;
  const SyntheticSource& source = *scenario.workload.synthetic;
  if (!groups_of_tiers(platform, source.model.tiers).empty()) return;
  impossible(source.tier.place,
             fmt::format("no node of platform {} has tier {}", in_quotes(platform.name),
                         in_quotes(source.tier.value)),
             "its tiers: " + tiers_with_nodes(platform), diagnostics);
}

void check_rules(const ScenarioSpec& scenario, const core::Platform& platform,
                 Diagnostics& diagnostics) {
  for (const TierRule& rule : scenario.workload.tiers) {
    check_rule_fits(rule, platform, diagnostics);
  }
}

}  // namespace nexa::io
