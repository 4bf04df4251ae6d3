#include "cli/validation_summary.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/sim_summary.hpp"
#include "core/behaviour.hpp"

namespace nexa::cli {
namespace {

using Json = nlohmann::ordered_json;
using simulator::BehaviourFigures;
using simulator::ReplicaFate;
using simulator::ValidationFigures;

constexpr std::array<std::string_view, simulator::replica_fates> fate_names{
    "valid", "invalid", "inconclusive", "too_late", "error", "no_reply", "not_needed"};

Json behaviours_json(const std::vector<BehaviourFigures>& behaviours) {
  Json list = Json::array();
  for (const BehaviourFigures& behaviour : behaviours) {
    Json replicas;
    for (std::size_t fate = 0; fate < fate_names.size(); ++fate) {
      replicas[std::string(fate_names[fate])] = behaviour.replicas[fate];
    }
    list.push_back({{"name", behaviour.name},
                    {"intent", core::name_of(behaviour.intent)},
                    {"nodes", behaviour.nodes},
                    {"identities", behaviour.identities},
                    {"convicted", behaviour.convicted},
                    {"leaning", behaviour.leaning},
                    {"core_s", behaviour.computed_core_s},
                    {"replicas", std::move(replicas)}});
  }
  return list;
}

std::string behaviours_text(const std::vector<BehaviourFigures>& behaviours) {
  std::string text = fmt::format("\n{:<18}{:>8}{:>12}{:>11}{:>11}{:>10}{:>10}\n", "behaviour",
                                 "nodes", "identities", "convicted", "valid", "invalid", "failed");
  for (const BehaviourFigures& behaviour : behaviours) {
    const std::uint64_t failed =
        behaviour.with_fate(ReplicaFate::error) + behaviour.with_fate(ReplicaFate::no_reply);
    text += fmt::format("{:<18}{:>8}{:>12}{:>11}{:>11}{:>10}{:>10}\n", behaviour.name,
                        behaviour.nodes, behaviour.identities, behaviour.convicted,
                        behaviour.with_fate(ReplicaFate::valid),
                        behaviour.with_fate(ReplicaFate::invalid), failed);
  }
  return text;
}

/// Nodes found to lean, told apart by whether they do; nothing where there are none.
std::string leaning_text(const std::vector<BehaviourFigures>& behaviours) {
  std::uint64_t honest = 0;
  std::uint64_t others = 0;
  for (const BehaviourFigures& behaviour : behaviours) {
    (behaviour.intent == core::Intent::honest ? honest : others) += behaviour.leaning;
  }
  if (honest + others == 0) return "";
  return fmt::format("{:<14}{} honest nodes and {} others, inside the tolerance\n", "leaning",
                     honest, others);
}

}  // namespace

Json validation_json(const ValidationFigures& figures) {
  return {{"jobs_accepted", figures.jobs_accepted},
          {"jobs_without_result", figures.jobs_without_result},
          {"wrong_accepted", figures.wrong_accepted},
          {"wrong_at_first", figures.wrong_at_first},
          {"wrong_share", figures.wrong_share()},
          {"wrong_value_share", figures.wrong_value_share()},
          {"revised", figures.revised},
          {"replicas", figures.replicas},
          {"trusted_replicas", figures.trusted_replicas},
          {"copies_per_job", figures.copies_per_job},
          {"copies_per_job_steady", figures.copies_per_job_steady},
          {"trusted_core_share", figures.trusted_core_share},
          {"honest_identities", figures.honest_identities},
          {"honest_convicted", figures.honest_convicted},
          {"undetected", figures.undetected},
          {"detection_s",
           {{"mean", figures.detection_s.mean},
            {"p50", figures.detection_s.p50},
            {"p95", figures.detection_s.p95},
            {"max", figures.detection_s.max}}},
          {"behaviours", behaviours_json(figures.behaviours)}};
}

std::string validation_text(const ValidationFigures& figures) {
  std::string text;
  text += fmt::format("{:<14}{} of {} accepted ({:.2e}), {} before revisions\n", "wrong",
                      figures.wrong_accepted, figures.jobs_accepted, figures.wrong_share(),
                      figures.wrong_at_first);
  text += fmt::format("{:<14}{:.3f} per job, {:.3f} in the second half; {} on trusted nodes\n",
                      "copies", figures.copies_per_job, figures.copies_per_job_steady,
                      figures.trusted_replicas);
  text += fmt::format("{:<14}{} of {} honest nodes; {} that were wrong never were\n", "convicted",
                      figures.honest_convicted, figures.honest_identities, figures.undetected);
  if (figures.detection_s.max > 0) {
    text += fmt::format("{:<14}{} in the mean after the first wrong answer\n", "detection",
                        rough_duration(figures.detection_s.mean));
  }
  return text + leaning_text(figures.behaviours) + behaviours_text(figures.behaviours);
}

}  // namespace nexa::cli
