#include "cli/commands/node_show_words.hpp"

#include <fmt/format.h>

#include "core/assert.hpp"

namespace nexa::cli {

namespace {

using simulator::NodeEvent;
using validator::FailureKind;
using validator::Ground;

std::string other_text(const NodeEvent& event) {
  std::string text = fmt::format("replica {}", event.against.value);
  if (event.against_node) text += fmt::format(" on node {}", event.against_node->value);
  return text;
}

std::string verdict_text(const NodeEvent& event) {
  const std::string state(to_text(event.state));
  switch (event.ground) {
    case Ground::agrees:
      return event.against == event.replica ? state : state + ", agrees with " + other_text(event);
    case Ground::disagrees:
      return state + ", disagrees with " + other_text(event);
    case Ground::arbiter:
      return state + ", the arbiter's " + other_text(event) + " disagrees";
    case Ground::bad_proof:
      return state + ", its proof is false";
    case Ground::not_independent:
      return state + ", not independent of " + other_text(event);
    case Ground::expelled:
      return state + ", the node was expelled";
    case Ground::none:
    case Ground::undecided:
      break;
  }
  return state;
}

std::string failure_words(FailureKind how) {
  switch (how) {
    case FailureKind::error:
      return "crashed, or left nothing that can be read";
    case FailureKind::no_reply:
      return "did not answer in time";
    case FailureKind::aborted:
      return "aborted";
    case FailureKind::node_lost:
      return "the node went away";
    case FailureKind::bad_proof:
      break;
  }
  return "its proof is false";
}

}  // namespace

std::string share_text(std::uint32_t ppm) {
  return fmt::format("{:.3f}", ppm / 1e6);
}

std::string against_text(core::ReplicaId replica, core::ReplicaId against,
                         std::optional<core::NodeId> node) {
  if (against == replica) return "its own proof was false";
  std::string text = fmt::format("against replica {}", against.value);
  if (node) text += fmt::format(" on node {}", node->value);
  return text;
}

std::string_view reason_text(validator::QuarantineReason reason) {
  switch (reason) {
    case validator::QuarantineReason::errors:
      return "failed too often in a row";
    case validator::QuarantineReason::wrong:
      return "was struck";
    case validator::QuarantineReason::late:
      return "did not answer too often in a row";
    case validator::QuarantineReason::expelled:
      return "has too many strikes";
    case validator::QuarantineReason::admission:
      return "its owner brings in machines too fast";
    case validator::QuarantineReason::in_flight:
      break;
  }
  return "has as many replicas as it has earned";
}

std::string_view kind_text(NodeEvent::Kind kind) {
  switch (kind) {
    case NodeEvent::Kind::verdict:
      return "verdict";
    case NodeEvent::Kind::revision:
      return "revision";
    case NodeEvent::Kind::result:
      return "result";
    case NodeEvent::Kind::failure:
      return "failure";
    case NodeEvent::Kind::cancelled:
      return "cancelled";
    case NodeEvent::Kind::strike:
      return "strike";
    case NodeEvent::Kind::diagnosis:
      return "diagnosis";
    case NodeEvent::Kind::renamed:
      return "renamed";
    case NodeEvent::Kind::released:
      break;
  }
  return "released";
}

std::string_view failure_text(FailureKind how) {
  switch (how) {
    case FailureKind::error:
      return "error";
    case FailureKind::no_reply:
      return "no_reply";
    case FailureKind::aborted:
      return "aborted";
    case FailureKind::node_lost:
      return "node_lost";
    case FailureKind::bad_proof:
      break;
  }
  return "bad_proof";
}

std::string_view diagnosis_text(validator::Diagnosis diagnosis) {
  return diagnosis == validator::Diagnosis::intermittent ? "intermittent" : "repeatable";
}

std::string event_text(const NodeEvent& event) {
  switch (event.kind) {
    case NodeEvent::Kind::verdict:
      return verdict_text(event);
    case NodeEvent::Kind::revision:
      return "revised: " + verdict_text(event);
    case NodeEvent::Kind::result:
      return "a result was handed in";
    case NodeEvent::Kind::failure:
      return failure_words(event.failure);
    case NodeEvent::Kind::cancelled:
      return "not wanted any more";
    case NodeEvent::Kind::strike:
      return fmt::format("{} strike, {}{}", to_text(event.strike),
                         against_text(event.replica, event.against, event.against_node),
                         event.convicted ? "" : ", without consequences yet");
    case NodeEvent::Kind::diagnosis:
      return event.diagnosis == validator::Diagnosis::intermittent
                 ? "run again, it disagrees with itself"
                 : "run again, it is wrong in the same way";
    case NodeEvent::Kind::renamed:
      return fmt::format("registers as node {}", event.node.value);
    case NodeEvent::Kind::released:
      break;
  }
  return "may get work again";
}

}  // namespace nexa::cli
