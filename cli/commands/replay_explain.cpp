#include "cli/commands/replay_explain.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/words.hpp"
#include "io/values.hpp"

namespace nexa::cli {

namespace {

using Json = nlohmann::ordered_json;
using Kind = JobMoment::Kind;
using scheduler::ExplainedState;
using scheduler::Explanation;

std::string request_text(const core::Job& job) {
  const core::Request& request = job.request;
  std::string text =
      counted(request.slots, "slot") + " of " + counted(request.per_slot.cores, "core");
  if (request.per_slot.gpus > 0) text += ", " + counted(request.per_slot.gpus, "GPU");
  if (request.per_slot.memory_kib > 0) text += ", " + io::memory_text(request.per_slot.memory_kib);
  if (request.sharing == core::Sharing::whole_nodes) text += " on nodes of its own";
  return text + ", time limit " + io::to_text(job.time_limit);
}

/// What could end the wait: "a running job ends, or nodes come or change".
std::string wakes_text(scheduler::Wakes wakes) {
  std::string text;
  for (const scheduler::WakesInfo& kind : scheduler::wakes_kinds) {
    if (!(wakes & kind.kind)) continue;
    if (!text.empty()) text += ", or ";
    text += kind.sentence;
  }
  return text;
}

std::string reason_text(scheduler::RejectCode code) {
  const scheduler::RejectInfo& reason = info(code);
  return fmt::format("{} ({}, {})", reason.sentence, reason.name,
                     reason.never ? "never" : "not now");
}

std::string happened(const JobMoment& moment) {
  switch (moment.kind) {
    case Kind::submitted:
      return "submitted";
    case Kind::changed:
      return "changed by a person: " + request_text(moment.job);
    case Kind::waits:
      return "waits: " + reason_text(moment.reason);
    case Kind::started:
      return fmt::format("starts on nodes {} by {}, replica {}, until {} at the latest",
                         moment.detail, scheduler::to_text(moment.selected_by),
                         moment.replica.value, time_text(moment.until));
    case Kind::cancelled:
      return "withdrawn by a person";
    case Kind::kill:
      return "the host is told to end it: " + moment.detail;
    case Kind::ended:
      return "ends: " + moment.detail;
    case Kind::refused:
      return "the host refuses the start";
    case Kind::rejected:
      return "rejected: " + reason_text(moment.reason);
  }
  return "?";
}

constexpr std::string_view indent = "      ";

std::string place_text(const Explanation& why) {
  std::string text;
  if (why.blocked_by) {
    text += fmt::format("{}first in the queue is job {}", indent, why.blocked_by->value);
    if (why.blocked_until) {
      text += ", which starts at " + time_text(*why.blocked_until) + " at the latest";
    }
    text += '\n';
  }
  if (why.start_estimate) {
    text += fmt::format("{}starts at {} at the latest\n", indent, time_text(*why.start_estimate));
  }
  return text;
}

std::string need_text(const Explanation& why) {
  return fmt::format("{}needs {}; {} would find room now on {}\n", indent,
                     counted(why.slots_needed, "slot"), why.slots_available,
                     counted(why.nodes_suitable, "suitable node"));
}

std::string hint_text(scheduler::RejectCode code) {
  const std::string_view hint = info(code).hint;
  return hint.empty() ? std::string() : fmt::format("{}hint: {}\n", indent, hint);
}

std::string cure_text(const Explanation& why) {
  return fmt::format("{}may change when {}\n", indent, wakes_text(info(why.decisive).wakes)) +
         hint_text(why.decisive);
}

std::string wait_text(const JobMoment& wait) {
  const Explanation& why = *wait.explanation;
  std::string text = fmt::format("{}position {} of {}", indent, why.position, why.queue_length);
  if (wait.steps > 1) {
    text += fmt::format("; the same for {} until {}, then at position {}",
                        counted(wait.steps, "step"), time_text(wait.last_time), wait.last_position);
  }
  return text + '\n' + need_text(why) + place_text(why) + cure_text(why);
}

std::string life_text(const JobHistory& history) {
  std::string text;
  for (const JobMoment& moment : history.moments) {
    text += "  " + time_text(moment.time) + "  " + happened(moment) + '\n';
    if (moment.kind == Kind::waits) text += wait_text(moment);
    if (moment.kind == Kind::rejected) text += hint_text(moment.reason);
  }
  return text;
}

std::string state_text(const JobHistory& history) {
  if (!history.now || history.now->state != ExplainedState::waiting) {
    const JobMoment& last = history.moments.back();
    return "  " + time_text(last.time) + "  " + happened(last) + '\n';
  }
  const Explanation& why = *history.now;
  std::string text =
      fmt::format("  waits: {}\n{}position {} of {}, since {}\n", reason_text(why.decisive), indent,
                  why.position, why.queue_length, time_text(why.since));
  text += need_text(why);
  for (const scheduler::NodeReason& reason : why.nodes) {
    text += fmt::format("{}{}: {}\n", indent, counted(reason.nodes, "node"),
                        info(reason.code).sentence);
  }
  text += place_text(why) + cure_text(why);
  for (const core::Job& job : history.would_start_as) {
    text += fmt::format("{}would start now if it were changed to ", indent);
    text += job.request != history.job.request
                ? counted(job.request.slots, "slot") + '\n'
                : "a time limit of " + io::to_text(job.time_limit) + '\n';
  }
  return text;
}

Json micros(core::Time time) {
  return time.time_since_epoch().count();
}

Json micros(const std::optional<core::Time>& time) {
  return time ? micros(*time) : Json();
}

Json to_json(const Explanation& why) {
  if (why.state == ExplainedState::running) return {{"state", "running"}};
  const scheduler::RejectInfo& reason = info(why.decisive);
  Json json{{"state", "waiting"},
            {"reason", reason.name},
            {"sentence", reason.sentence},
            {"never", reason.never},
            {"wakes", Json::array()},
            {"since_us", micros(why.since)},
            {"position", why.position},
            {"queue_length", why.queue_length},
            {"slots_needed", why.slots_needed},
            {"slots_available", why.slots_available},
            {"nodes_suitable", why.nodes_suitable},
            {"nodes", Json::object()},
            {"blocked_by", why.blocked_by ? Json(why.blocked_by->value) : Json()},
            {"blocked_until_us", micros(why.blocked_until)},
            {"start_estimate_us", micros(why.start_estimate)}};
  for (const scheduler::WakesInfo& kind : scheduler::wakes_kinds) {
    if (reason.wakes & kind.kind) json["wakes"].push_back(kind.name);
  }
  for (const scheduler::NodeReason& node : why.nodes) {
    json["nodes"][std::string(info(node.code).name)] = node.nodes;
  }
  return json;
}

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::submitted:
      return "submitted";
    case Kind::changed:
      return "changed";
    case Kind::waits:
      return "waits";
    case Kind::started:
      return "started";
    case Kind::cancelled:
      return "cancelled";
    case Kind::kill:
      return "kill";
    case Kind::ended:
      return "ended";
    case Kind::refused:
      return "refused";
    case Kind::rejected:
      return "rejected";
  }
  return "?";
}

Json to_json(const JobMoment& moment) {
  Json json{{"time_us", micros(moment.time)}, {"what", name_of(moment.kind)}};
  switch (moment.kind) {
    case Kind::changed:
      json["slots"] = moment.job.request.slots;
      json["time_limit_us"] = moment.job.time_limit.count();
      break;
    case Kind::started:
      json["replica"] = moment.replica.value;
      json["nodes"] = moment.detail;
      json["selected_by"] = scheduler::to_text(moment.selected_by);
      json["until_us"] = micros(moment.until);
      break;
    case Kind::kill:
      json["why"] = moment.detail;
      break;
    case Kind::ended:
      json["how"] = moment.detail;
      break;
    case Kind::rejected:
      json["reason"] = info(moment.reason).name;
      json["sentence"] = info(moment.reason).sentence;
      break;
    case Kind::waits:
      json["last_time_us"] = micros(moment.last_time);
      json["steps"] = moment.steps;
      json["last_position"] = moment.last_position;
      json["explanation"] = to_json(*moment.explanation);
      break;
    default:
      break;
  }
  return json;
}

}  // namespace

std::string history_text(const JobHistory& history, bool at) {
  std::string text = fmt::format("job {}: {}\n", history.job.id.value, request_text(history.job));
  if (at) text += fmt::format("  at {}:\n", time_text(history.until));
  return text + (at ? state_text(history) : life_text(history));
}

std::string history_json(const JobHistory& history, bool at) {
  Json document{
      {"schema", "nexa.job_history/1"},          {"job", history.job.id.value},
      {"submit_us", micros(history.job.submit)}, {"time_limit_us", history.job.time_limit.count()},
      {"slots", history.job.request.slots},      {"policy", history.replayed.header.policy},
      {"until_us", micros(history.until)},       {"moments", Json::array()}};
  for (const JobMoment& moment : history.moments) document["moments"].push_back(to_json(moment));
  document["would_start_with"] = Json::array();
  for (const core::Job& changed : history.would_start_as) {
    document["would_start_with"].push_back(
        {{"slots", changed.request.slots}, {"time_limit_us", changed.time_limit.count()}});
  }
  document["now"] = at && history.now ? to_json(*history.now) : Json();
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace nexa::cli
