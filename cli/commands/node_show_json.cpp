// A node as programs read it: the document nexa.node_show/1.
#include "cli/commands/node_show.hpp"
#include "cli/commands/node_show_words.hpp"

namespace nexa::cli {

namespace {

using Json = nlohmann::ordered_json;
using simulator::NodeEvent;
using simulator::StandingChange;

Json time_json(core::Time time) {
  return time.time_since_epoch().count();
}

Json node_json(std::optional<core::NodeId> node) {
  if (!node) return nullptr;
  return node->value;
}

Json back_off_json(const validator::Run& run, const validator::BackOff& rule) {
  return {{"total", run.total},
          {"in_a_row", run.length},
          {"rests", run.level},
          {"rests_at", rule.after},
          {"next_rest_us", next_rest(rule, run).count()}};
}

Json strikes_json(const NodeShow& show, const std::vector<validator::Strike>& strikes) {
  Json list = Json::array();
  for (const validator::Strike& strike : strikes) {
    list.push_back({{"kind", to_text(strike.kind)},
                    {"time_us", time_json(strike.time)},
                    {"at_result", strike.at_result},
                    {"job", strike.job.value},
                    {"replica", strike.replica.value},
                    {"against", strike.against.value},
                    {"against_node", node_json(show.history.node_of(strike.job, strike.against))}});
  }
  return list;
}

Json earned_json(const NodeShow& show) {
  Json list = Json::array();
  for (const validator::Earned& entry : show.standing.earned) {
    const bool is_relied_on =
        relies_on_earned_trust(show.setup.rules) && entry.checked >= show.standing.earned_needed;
    Json row{{"job_class", entry.job_class.value},
             {"checked", entry.checked},
             {"relied_on_alone", is_relied_on},
             {"audit_ppm", nullptr}};
    if (is_relied_on) row["audit_ppm"] = audit_share_ppm(show.setup.config, entry.checked);
    list.push_back(std::move(row));
  }
  return list;
}

Json standing_json(const NodeShow& show) {
  const validator::NodeStanding& standing = show.standing;
  const validator::ValidatorConfig& config = show.setup.config;
  Json json;
  json["bucket"] = to_text(standing.bucket);
  json["earned"] = earned_json(show);
  json["earned_needed"] = standing.earned_needed;
  json["reputation"] = {{"ppm", standing.reputation_ppm},
                        {"good", standing.good},
                        {"bad", standing.bad},
                        {"quantile", 0.05},
                        {"forget_permille", config.forget_permille},
                        {"established_ppm", config.established_quantile_ppm}};
  json["results"] = {{"valid", standing.valid},
                     {"invalid", standing.invalid},
                     {"inconclusive", standing.inconclusive},
                     {"aborted", standing.aborted},
                     {"unvested", standing.unvested},
                     {"disagreed_with_itself", standing.intermittent}};
  json["lean"] = {{"leans", standing.leans},
                  {"mean_permille", standing.lean_permille},
                  {"comparisons", standing.lean_comparisons}};
  json["strikes"] = {{"count", standing.strikes_that_count},
                     {"inherited", standing.inherited_strikes},
                     {"to_expel", config.strikes_to_expel},
                     {"among_results", config.strike_memory},
                     {"list", strikes_json(show, standing.strikes)},
                     {"soft", strikes_json(show, standing.soft_strikes)},
                     {"soft_to_hard", config.soft_strikes_to_hard},
                     {"soft_among_results", config.soft_strike_window}};
  json["crowds"] = {{"wrong", standing.wrong_crowds},
                    {"suspicion_ppm", standing.suspicion_ppm},
                    {"blame_ppm", config.crowd_blame_ppm}};
  json["errors"] = back_off_json(standing.errors, config.errors);
  json["wrong"] = back_off_json(standing.wrong, config.wrong);
  json["late"] = back_off_json(standing.late, config.late);
  json["expelled"] = standing.expelled;
  json["rests"] = nullptr;
  if (standing.quarantined_until && !standing.expelled) {
    json["rests"] = {{"until_us", time_json(*standing.quarantined_until)},
                     {"why", to_text(standing.quarantined_for)}};
  }
  json["in_flight"] = {
      {"now", standing.in_flight}, {"cap", nullptr}, {"at_first", config.in_flight_at_first}};
  if (standing.bucket != validator::TrustBucket::trusted) {
    json["in_flight"]["cap"] = standing.in_flight_cap;
  }
  return json;
}

Json host_class_json(const NodeShow& show) {
  const validator::HostClassStanding& standing = show.host_class;
  const std::vector<std::string>& names = show.inputs.platform.host_classes;
  if (standing.host_class == core::HostClassId{}) return nullptr;
  Json mismatches = Json::array();
  for (const simulator::NodeHistory::Suspicion& suspicion : show.history.suspicions()) {
    mismatches.push_back(
        {{"time_us", time_json(suspicion.time)}, {"job", suspicion.said.job.value}});
  }
  return {{"name", names.at(standing.host_class.value)},
          {"suspected", standing.suspected},
          {"ppm", standing.reputation_ppm},
          {"good", standing.good},
          {"bad", standing.bad},
          {"samples", standing.samples},
          {"mismatches", standing.mismatches},
          {"mismatches_to_suspect", show.setup.config.class_mismatches},
          {"right_since_mismatch", standing.clean_run},
          {"right_to_believe", show.setup.config.class_clean_samples},
          {"all_mismatches", std::move(mismatches)}};
}

Json truth_json(const NodeShow& show) {
  Json behaviours = Json::array();
  for (const core::BehaviourShare& share : show.behaviours) {
    behaviours.push_back({{"kind", core::name_of(share.behaviour)},
                          {"intent", core::name_of(core::intent_of(share.behaviour))}});
  }
  Json names = Json::array();
  for (const simulator::NodeHistory::Name& name : show.history.names()) {
    names.push_back({{"node", name.node.value},
                     {"owner", name.owner.value},
                     {"since_us", time_json(name.since)},
                     {"one_record", name.one_record}});
  }
  Json first = nullptr;
  if (show.history.first_wrong()) first = time_json(*show.history.first_wrong());
  return {
      {"machine", show.history.machine().value}, {"behaviours", std::move(behaviours)},
      {"results", show.history.results()},       {"wrong_results", show.history.wrong_results()},
      {"first_wrong_us", std::move(first)},      {"names", std::move(names)}};
}

Json event_json(const NodeEvent& event) {
  Json json{{"kind", kind_text(event.kind)}};
  if (event.replica != core::ReplicaId{}) {
    json["job"] = event.job.value;
    json["replica"] = event.replica.value;
    json["truly_wrong"] = event.wrong;
  }
  switch (event.kind) {
    case NodeEvent::Kind::verdict:
    case NodeEvent::Kind::revision:
      json["state"] = to_text(event.state);
      json["ground"] = to_text(event.ground);
      break;
    case NodeEvent::Kind::failure:
      json["how"] = failure_text(event.failure);
      break;
    case NodeEvent::Kind::strike:
      json["strike"] = to_text(event.strike);
      json["convicted"] = event.convicted;
      break;
    case NodeEvent::Kind::diagnosis:
      json["diagnosis"] = diagnosis_text(event.diagnosis);
      break;
    case NodeEvent::Kind::renamed:
    case NodeEvent::Kind::released:
      json["node"] = event.node.value;
      break;
    case NodeEvent::Kind::result:
    case NodeEvent::Kind::cancelled:
      break;
  }
  if (event.against != core::ReplicaId{}) {
    json["against"] = event.against.value;
    json["against_node"] = node_json(event.against_node);
  }
  json["text"] = event_text(event);
  return json;
}

Json change_json(const StandingChange& change) {
  Json events = Json::array();
  for (const NodeEvent& event : change.events) events.push_back(event_json(event));
  Json numbers = Json::array();
  for (NumberChange& number : number_changes(change.before, change.after)) {
    numbers.push_back({{"name", number.name},
                       {"before", std::move(number.before)},
                       {"after", std::move(number.after)}});
  }
  return {{"time_us", time_json(change.last)}, {"since_us", time_json(change.first)},
          {"moments", change.moments},         {"uncompared", change.uncompared},
          {"events", std::move(events)},       {"rewards_void", change.forfeited},
          {"numbers", std::move(numbers)}};
}

}  // namespace

Json to_json(const NodeShow& show) {
  Json changes = Json::array();
  for (const StandingChange& change : show.history.changes()) {
    changes.push_back(change_json(change));
  }
  Json document;
  document["schema"] = "nexa.node_show/1";
  document["node"] = show.standing.node.value;
  document["owner"] = show.standing.owner.value;
  document["group"] = show.group.name;
  document["tier"] = show.inputs.platform.tiers[show.group.spec.tier.value];
  document["scenario"] = show.inputs.spec.name;
  document["policy"] = validator::name_of(show.setup.rules.policy);
  document["seed"] = show.inputs.spec.seed;
  document["at_us"] = time_json(show.at);
  document["standing"] = standing_json(show);
  document["host_class"] = host_class_json(show);
  document["known_to_the_simulation_only"] = truth_json(show);
  document["changes_left_out"] = show.history.changes_left_out();
  document["changes"] = std::move(changes);
  return document;
}

}  // namespace nexa::cli
