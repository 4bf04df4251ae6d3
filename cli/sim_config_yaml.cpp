#include <fmt/format.h>

#include <bit>
#include <nlohmann/json.hpp>

#include "cli/sim_inputs.hpp"
#include "io/values.hpp"

namespace nexa::cli {

namespace {

/// JSON strings are YAML strings, whatever is in them.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string rule_yaml(const io::TierRule& rule) {
  const char* const key = std::popcount(rule.tiers) == 1 ? "tier" : "min_tier";
  std::string text = fmt::format("{{{}: {}", key, rule.tier.value);
  const io::TierRule defaults;
  if (rule.min_slots != defaults.min_slots) text += fmt::format(", min_slots: {}", rule.min_slots);
  if (rule.max_slots != defaults.max_slots) text += fmt::format(", max_slots: {}", rule.max_slots);
  if (rule.min_time_limit != defaults.min_time_limit) {
    text += ", min_time_limit: " + io::to_text(rule.min_time_limit);
  }
  if (rule.max_time_limit != defaults.max_time_limit) {
    text += ", max_time_limit: " + io::to_text(rule.max_time_limit);
  }
  if (rule.share_ppm != defaults.share_ppm) {
    text += ", share: " + io::decimal_text(rule.share_ppm, 6);
  }
  text += fmt::format(", cores_per_slot: {}", rule.cores_per_slot);
  if (rule.gpus_per_slot != 0) text += fmt::format(", gpus_per_slot: {}", rule.gpus_per_slot);
  if (!rule.gpu_type.value.empty()) text += ", gpu_type: " + rule.gpu_type.value;
  return text + "}";
}

/// A section of the scenario, or nothing if it says what its absence means.
template <class V>
std::string section(const char* key, const io::Codec<V>& codec, const V& value, const V& absent) {
  const std::string text = io::written(codec, value);
  if (text == io::written(codec, absent)) return {};
  return fmt::format("\n{}: {}\n", key, text);
}

}  // namespace

std::string config_yaml(const io::ScenarioSpec& spec) {
  const io::WorkloadSource& workload = spec.workload;
  std::string text = fmt::format("name: {}\n\nworkload:\n  ", quoted(spec.name));
  if (workload.synthetic) {
    text += "synthetic: " + io::written(io::synthetic_codec(), *workload.synthetic) + '\n';
  } else {
    text += fmt::format("file: {}\n", quoted(workload.file.value));
  }
  text += fmt::format("  strict: {}\n", workload.strict);
  if (workload.first) text += fmt::format("  first: {}\n", *workload.first);
  text += fmt::format("  sharing: {}\n",
                      workload.sharing == core::Sharing::shared ? "shared" : "whole_nodes");
  text += fmt::format("  memory: {}\n", workload.use_memory ? "requested" : "ignore");
  if (!workload.tiers.empty()) text += "  tiers:\n";
  for (const io::TierRule& rule : workload.tiers) text += "    - " + rule_yaml(rule) + '\n';
  text += fmt::format("\nplatform: {}\n\npolicy: {}\n\nseed: {}\n", quoted(spec.platform.value),
                      quoted(spec.policy.text), spec.seed);
  text += section("requesters", io::requesters_codec(), spec.requesters, {});
  if (spec.economy) text += "\neconomy: " + io::written(io::economy_codec(), *spec.economy) + '\n';
  text += section("availability", io::availability_codec(), spec.availability, {});
  text += section("defences", io::defences_codec(), spec.defences, {});
  text += section("coordinator", io::coordinator_codec(), spec.coordinator, {});
  if (spec.validation) {
    text += "\nvalidation: " + io::written(io::validation_codec(), *spec.validation) + '\n';
  }
  if (spec.credits) text += "\ncredits: " + io::written(io::credits_codec(), *spec.credits) + '\n';
  return text;
}

}  // namespace nexa::cli
