// A node as people read it: labelled lines, then the last changes as a table.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "cli/commands/node_show.hpp"
#include "cli/commands/node_show_words.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"
#include "io/values.hpp"

namespace nexa::cli {

namespace {

using simulator::NodeEvent;
using simulator::StandingChange;
using validator::NodeStanding;
using validator::TrustBucket;

constexpr std::size_t most_events_shown = 6;  ///< of one moment
constexpr std::size_t most_mismatches_shown = 5;

/// Whole seconds are enough for people; `--json` has the rest.
std::string whole_seconds_text(core::Time time) {
  return io::to_text(std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()));
}

std::string percent(std::uint32_t ppm) {
  return fmt::format("{:.4g} %", ppm / 1e4);
}

std::string replica_text(core::JobId job, core::ReplicaId replica) {
  return fmt::format("job {} replica {}", job.value, replica.value);
}

std::uint32_t earned_total(const NodeStanding& standing) {
  std::uint32_t total = 0;
  for (const validator::Earned& entry : standing.earned) total += entry.checked;
  return total;
}

std::string bucket_row(const NodeShow& show) {
  const NodeStanding& standing = show.standing;
  const std::uint32_t has = earned_total(standing);
  const std::string level = share_text(show.setup.config.established_quantile_ppm);
  std::string why;
  if (standing.bucket == TrustBucket::trusted) {
    why = "nodes of its tier arbitrate, and run nothing else";
  } else if (standing.bucket == TrustBucket::established) {
    why = fmt::format("{} checked results of {} needed, at a reputation of {} or more", has,
                      standing.earned_needed, level);
  } else if (has < standing.earned_needed) {
    why = fmt::format("{} of {} checked results{}", has, standing.earned_needed,
                      standing.strikes.empty() ? "" : " since its last strike");
  } else {
    why = fmt::format("{} checked results of {} needed, but a reputation below {}", has,
                      standing.earned_needed, level);
  }
  std::string text = labelled_line("bucket", fmt::format("{}: {}", to_text(standing.bucket), why));
  const std::uint32_t usual = show.setup.config.newcomer_results;
  if (standing.earned_needed > usual) {
    text +=
        labelled_line("", fmt::format("{} instead of {} are needed, for machines of its owner were "
                                      "expelled",
                                      standing.earned_needed, usual));
  }
  return text;
}

std::string earned_rows(const NodeShow& show) {
  const NodeStanding& standing = show.standing;
  const validator::ValidatorConfig& config = show.setup.config;
  std::string text;
  for (const validator::Earned& entry : standing.earned) {
    std::string line =
        fmt::format("k = {} with job class {}", entry.checked, entry.job_class.value);
    if (standing.bucket != TrustBucket::trusted && relies_on_earned_trust(show.setup.rules)) {
      if (entry.checked < standing.earned_needed) {
        line += fmt::format(": no result of its own is enough before {}", standing.earned_needed);
      } else {
        line += fmt::format(": relied on alone, and audited in max({} / (1 + k), {}) = {}",
                            config.audit_numerator, percent(config.audit_min_ppm),
                            percent(audit_share_ppm(config, entry.checked)));
      }
    }
    text += labelled_line(text.empty() ? "earned" : "", line);
  }
  return text.empty() ? labelled_line("earned",
                                      "nothing: no result of it was compared with another "
                                      "since it joined or was struck")
                      : text;
}

std::string evidence_row(std::string_view label, std::uint32_t reputation_ppm, double good,
                         double bad) {
  return labelled_line(label,
                       fmt::format("{}, the lower 5 % quantile of Beta({:.1f} + 1, {:.1f} + 1)",
                                   share_text(reputation_ppm), good, bad));
}

std::string reputation_rows(const NodeShow& show) {
  const NodeStanding& standing = show.standing;
  std::string text =
      evidence_row("reputation", standing.reputation_ppm, standing.good, standing.bad);
  text += labelled_line(
      "", fmt::format("each checked result adds 1 to good or bad, when both have lost {}",
                      percent(show.setup.config.forget_permille * 1000)));
  text += labelled_line(
      "results",
      fmt::format("{} valid, {} invalid, {} inconclusive; {} have not vested, and a strike "
                  "would reopen them",
                  standing.valid, standing.invalid, standing.inconclusive, standing.unvested));
  return text;
}

std::string strike_rows(const NodeShow& show, const std::vector<validator::Strike>& strikes) {
  std::string text;
  for (const validator::Strike& strike : strikes) {
    const auto other = show.history.node_of(strike.job, strike.against);
    text += labelled_line("", fmt::format("{} at {}, its result {}: {}, {}", to_text(strike.kind),
                                          whole_seconds_text(strike.time), strike.at_result,
                                          replica_text(strike.job, strike.replica),
                                          against_text(strike.replica, strike.against, other)));
  }
  return text;
}

std::string strikes_rows(const NodeShow& show) {
  const NodeStanding& standing = show.standing;
  const validator::ValidatorConfig& config = show.setup.config;
  std::string text = labelled_line(
      "strikes", fmt::format("{} among its last {} results{}; {} expel",
                             standing.strikes_that_count, config.strike_memory,
                             standing.inherited_strikes == 0
                                 ? std::string()
                                 : fmt::format(", {} of them from its owner's history",
                                               standing.inherited_strikes),
                             config.strikes_to_expel));
  text += strike_rows(show, standing.strikes);
  if (!standing.soft_strikes.empty()) {
    text += labelled_line(
        "soft strikes",
        fmt::format("{}; {} among {} results make a hard one", standing.soft_strikes.size(),
                    config.soft_strikes_to_hard, config.soft_strike_window));
    text += strike_rows(show, standing.soft_strikes);
  }
  if (standing.wrong_crowds > 0) {
    text += labelled_line(
        "crowds", fmt::format("in {} wrong results of several nodes, suspected with {}; a soft "
                              "strike from {}",
                              standing.wrong_crowds, share_text(standing.suspicion_ppm),
                              share_text(config.crowd_blame_ppm)));
  }
  if (standing.lean_comparisons > 0) {
    text += labelled_line(
        "lean", fmt::format("{} thousandths of the tolerance in the mean of {} comparisons, {}",
                            standing.lean_permille, standing.lean_comparisons,
                            standing.leans ? "more than chance explains" : "which may be chance"));
  }
  if (standing.intermittent > 0) {
    text += labelled_line("", fmt::format("disagreed with itself {} times", standing.intermittent));
  }
  return text;
}

std::string run_row(std::string_view label, const validator::Run& run,
                    const validator::BackOff& rule) {
  std::string text = fmt::format("{}, {} in a row", run.total, run.length);
  if (rule.first > core::Duration{}) {
    text += fmt::format("; at {} in a row it rests, the next time for {}", rule.after,
                        io::to_text(next_rest(rule, run)));
  }
  return labelled_line(label, text);
}

std::string rest_row(const NodeShow& show) {
  const NodeStanding& standing = show.standing;
  std::string text = "gets it";
  if (standing.expelled) {
    text = "gets none any more: it was expelled";
  } else if (standing.quarantined_until) {
    text = fmt::format("gets none until {}: {}", whole_seconds_text(*standing.quarantined_until),
                       reason_text(standing.quarantined_for));
  } else if (standing.bucket != TrustBucket::trusted &&
             standing.in_flight >= standing.in_flight_cap) {
    text = "gets none until a replica ends";
  }
  text += fmt::format("; has {} in flight", standing.in_flight);
  if (standing.bucket != TrustBucket::trusted) {
    text += fmt::format(" of at most {} = {} + checked results", standing.in_flight_cap,
                        show.setup.config.in_flight_at_first);
  }
  return labelled_line("work", text);
}

std::string mismatch_rows(const std::vector<simulator::NodeHistory::Suspicion>& all) {
  if (all.empty()) return "";
  const std::size_t shown = std::min(all.size(), most_mismatches_shown);
  std::string text = labelled_line(
      "", fmt::format("{} mismatches since the run began, the last {}:", all.size(), shown));
  for (std::size_t i = all.size() - shown; i < all.size(); ++i) {
    text += labelled_line(
        "", fmt::format("job {} at {}", all[i].said.job.value, whole_seconds_text(all[i].time)));
  }
  return text;
}

std::string host_class_rows(const NodeShow& show) {
  const validator::HostClassStanding& standing = show.host_class;
  const validator::ValidatorConfig& config = show.setup.config;
  const std::string name = show.inputs.platform.host_classes.size() > standing.host_class.value
                               ? show.inputs.platform.host_classes[standing.host_class.value]
                               : std::string();
  if (standing.host_class == core::HostClassId{}) return "";
  std::string text = labelled_line(
      "host class",
      fmt::format("{}: {}, {} mismatches in {} results that another class computed; {} make it "
                  "suspected",
                  name, standing.suspected ? "suspected, jobs keep away from it" : "believed",
                  standing.mismatches, standing.samples, config.class_mismatches));
  if (standing.samples == 0) return text;
  text += evidence_row("", standing.reputation_ppm, standing.good, standing.bad);
  if (standing.suspected) {
    text += labelled_line(
        "", fmt::format("{} right ones of {} since the last mismatch, and it is believed "
                        "again",
                        standing.clean_run, config.class_clean_samples));
  }
  return text + mismatch_rows(show.history.suspicions());
}

/// The record is that of the machine, by its fingerprint.
std::string name_rows(const NodeShow& show) {
  std::string text;
  for (const simulator::NodeHistory::Name& name : show.history.names()) {
    if (!name.one_record || name.node == show.standing.node) continue;
    text += labelled_line(
        text.empty() ? "same machine" : "",
        fmt::format("node {} of owner {} since {}, with the same record", name.node.value,
                    name.owner.value, whole_seconds_text(name.since)));
  }
  return text;
}

std::string truth_rows(const NodeShow& show) {
  const simulator::NodeHistory& history = show.history;
  std::string behaviours;
  for (const core::BehaviourShare& share : show.behaviours) {
    behaviours +=
        fmt::format("{}{} ({})", behaviours.empty() ? "" : ", ", core::name_of(share.behaviour),
                    core::name_of(core::intent_of(share.behaviour)));
  }
  std::string text = "\nknown to the simulation only\n";
  text += labelled_line("behaviour", behaviours.empty() ? "honest" : behaviours);
  text += labelled_line(
      "answers",
      fmt::format("{} of {} handed in were wrong{}", history.wrong_results(), history.results(),
                  history.first_wrong()
                      ? ", the first at " + whole_seconds_text(*history.first_wrong())
                      : std::string()));
  for (const simulator::NodeHistory::Name& name : history.names()) {
    if (name.one_record) continue;
    text += labelled_line(
        "", fmt::format("is also node {} of owner {} since {}, which nobody else can know",
                        name.node.value, name.owner.value, whole_seconds_text(name.since)));
  }
  return text;
}

/// `k[3]` is the k of class 3; units are left to `value_text`.
std::string name_text(const NumberChange& change) {
  if (change.name.starts_with("k[")) {
    return "k of class " + change.name.substr(2, change.name.size() - 3);
  }
  if (change.name == "reputation_ppm") return "reputation";
  if (change.name == "rests_until_us") return "rests until";
  std::string name = change.name;
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string value_text(const NumberChange& change, const nlohmann::ordered_json& value) {
  if (change.name == "rests_until_us") {
    if (value.is_null()) return "none";
    return whole_seconds_text(core::Time{core::Duration{value.get<std::int64_t>()}});
  }
  if (change.name == "reputation_ppm") return share_text(value.get<std::uint32_t>());
  if (value.is_number_float()) return fmt::format("{:.1f}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string numbers_text(const StandingChange& change) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  for (const NumberChange& number : number_changes(change.before, change.after)) {
    if (number.name == "rests_until_us" && change.after.expelled) continue;
    const std::string before = value_text(number, number.before);
    const std::string after = value_text(number, number.after);
    if (number.name == "expelled") {
      add("expelled");
    } else if (before != after) {
      add(fmt::format("{} {} -> {}", name_text(number), before, after));
    }
  }
  if (change.forfeited > 0) add(fmt::format("{} rewards void", change.forfeited));
  return text;
}

std::string name_of_replica(const NodeEvent& event) {
  if (event.replica == core::ReplicaId{}) return "";
  return fmt::format("{}/{}{}", event.job.value, event.replica.value, event.wrong ? "*" : "");
}

void add_change(Table& table, const StandingChange& change) {
  const std::string numbers = numbers_text(change);
  const std::string at = whole_seconds_text(change.last);
  if (change.uncompared) {
    const std::string what = change.moments == 1
                                 ? std::string("believed alone")
                                 : fmt::format("the last of {} believed alone, the first at {}",
                                               change.moments, whole_seconds_text(change.first));
    table.add({at, name_of_replica(change.events.front()), what, numbers});
    return;
  }
  for (std::size_t i = 0; i < change.events.size(); ++i) {
    if (i == most_events_shown) {
      table.add({at, "", fmt::format("and {} more", change.events.size() - i), ""});
      break;
    }
    const NodeEvent& event = change.events[i];
    table.add({at, name_of_replica(event), event_text(event), i == 0 ? numbers : ""});
  }
  if (change.events.empty()) table.add({at, "", "rewards are void", numbers});
}

std::string change_table(const NodeShow& show, const GlobalOptions& options) {
  const simulator::NodeHistory& history = show.history;
  if (history.changes().empty()) return "\nno replica has changed any of these numbers\n";
  Table table({"AT", "REPLICA", "WHAT", "NUMBERS"});
  bool any_is_wrong = false;
  for (const StandingChange& change : history.changes()) {
    add_change(table, change);
    for (const NodeEvent& event : change.events) any_is_wrong = any_is_wrong || event.wrong;
  }
  std::string text =
      fmt::format("\nwhat made the numbers, the last {} of {} changes\n", history.changes().size(),
                  history.changes().size() + history.changes_left_out());
  text += table.text(options);
  if (any_is_wrong) text += "* wrong, which only the simulation knows\n";
  return text;
}

}  // namespace

std::string to_text(const NodeShow& show, const GlobalOptions& options) {
  const NodeStanding& standing = show.standing;
  const validator::ValidatorConfig& config = show.setup.config;
  const io::ScenarioSpec& spec = show.inputs.spec;
  std::string text = labelled_line(
      "node",
      fmt::format("{}: {}, tier {}, owner {}", standing.node.value, show.group.name,
                  show.inputs.platform.tiers[show.group.spec.tier.value], standing.owner.value));
  text += labelled_line("scenario", fmt::format("{}, policy {}, seed {}, at {}", spec.name,
                                                validator::name_of(show.setup.rules.policy),
                                                spec.seed, whole_seconds_text(show.at)));
  text += name_rows(show) + bucket_row(show) + earned_rows(show) + reputation_rows(show) +
          strikes_rows(show);
  text += run_row("errors", standing.errors, config.errors);
  text += run_row("wrong", standing.wrong, config.wrong);
  text += run_row("late", standing.late, config.late);
  if (standing.aborted > 0) {
    text += labelled_line("aborted", fmt::format("{}, which counts for nothing", standing.aborted));
  }
  text += rest_row(show) + host_class_rows(show) + truth_rows(show);
  return text + change_table(show, options);
}

}  // namespace nexa::cli
