#include "simulator/verdict_notes.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace nexa::simulator {
namespace {

/// Builds the members of a note: `"job":"42","weight":1`. No text in it needs an escape.
class NoteMembers {
 public:
  NoteMembers& raw(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += ',';
    text_ += '"';
    text_ += name;
    text_ += "\":";
    text_ += value;
    return *this;
  }
  NoteMembers& text(std::string_view name, std::string_view value) {
    return raw(name, '"' + std::string(value) + '"');
  }
  /// Ids are texts, as those of transfers are.
  template <class Tag, class Rep>
  NoteMembers& id(std::string_view name, core::Id<Tag, Rep> value) {
    return text(name, std::to_string(value.value));
  }
  NoteMembers& number(std::string_view name, std::uint64_t value) {
    return raw(name, std::to_string(value));
  }
  NoteMembers& flag(std::string_view name, bool value) {
    return raw(name, value ? "true" : "false");
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string members_of(const validator::Draw& draw) {
  NoteMembers members;
  members.number("epoch", draw.epoch).id("replica", draw.replica).id("node", draw.node);
  members.number("value", draw.value).number("spot_check_below", draw.spot_check_below);
  members.number("audit_below", draw.audit_below);
  members.number("cross_class_from", draw.cross_class_from);
  return '{' + members.take() + '}';
}

}  // namespace

std::string VerdictNotes::replicas_of(core::JobId job,
                                      std::span<const validator::ReplicaVerdict> replicas) const {
  std::string list = "[";
  for (const validator::ReplicaVerdict& replica : replicas) {
    NoteMembers members;
    members.id("replica", replica.replica);
    const auto node = nodes_.find({job, replica.replica});
    if (node != nodes_.end()) members.id("node", node->second);
    members.text("state", to_text(replica.state)).text("ground", to_text(replica.ground));
    if (replica.against.value != 0) members.id("against", replica.against);
    members.number("class", replica.class_number).number("domain", replica.domain);
    members.number("weight", replica.weight);
    if (replica.trusted) members.flag("trusted", true);
    if (list.size() > 1) list += ',';
    list += '{' + members.take() + '}';
  }
  return list + ']';
}

void VerdictNotes::add(const scheduler::StartReplica& start) {
  // A replica on several nodes is known by the first.
  nodes_.emplace(std::pair{start.job, start.replica},
                 core::NodeId{start.nodes.front().nodes.first});
}

void VerdictNotes::add(const validator::Verdict& verdict) {
  NoteMembers members;
  members.id("job", verdict.job).text("outcome", to_text(verdict.outcome));
  if (verdict.outcome == validator::Outcome::accepted) {
    members.text("rule", to_text(verdict.rule)).id("canonical", verdict.canonical);
    members.text("digest", core::to_hex(verdict.digest)).flag("confirmed", verdict.confirmed);
  } else {
    members.text("why", to_text(verdict.why));
  }
  if (verdict.draw) members.raw("draw", members_of(*verdict.draw));
  members.raw("replicas", replicas_of(verdict.job, verdict.replicas));
  waiting_.push_back({"verdict", members.take()});
}

void VerdictNotes::add(const validator::VerdictRevised& revised) {
  NoteMembers members;
  members.id("job", revised.job);
  members.text("why", revised.why == validator::RevisedBecause::late_result ? "late_result"
                                                                            : "revalidation");
  members.flag("canonical_changed", revised.canonical_changed).id("canonical", revised.canonical);
  members.text("digest", core::to_hex(revised.digest));
  members.raw("replicas", replicas_of(revised.job, revised.replicas));
  waiting_.push_back({"verdict.revised", members.take()});
}

void VerdictNotes::add(const validator::Convict& convict) {
  NoteMembers members;
  members.id("node", convict.node).text("kind", to_text(convict.kind));
  members.flag("convicted", convict.convicted).id("job", convict.job);
  members.id("replica", convict.replica).id("against", convict.against);
  members.number("strikes", convict.strikes).flag("expelled", convict.expelled);
  waiting_.push_back({"convict", members.take()});
}

void VerdictNotes::add(const validator::SeedCommitted& committed) {
  while (lottery_.epoch() < committed.epoch) lottery_.next_epoch();
  NoteMembers members;
  members.number("epoch", committed.epoch).text("commitment", core::to_hex(committed.commitment));
  waiting_.push_back({"seed.committed", members.take()});
}

void VerdictNotes::add(const validator::SeedRevealed& revealed) {
  NoteMembers members;
  members.number("epoch", revealed.epoch).text("seed", core::to_hex(revealed.seed));
  waiting_.push_back({"seed.revealed", members.take()});
}

void VerdictNotes::take(std::span<const scheduler::CoordinatorCommand> commands) {
  for (const scheduler::CoordinatorCommand& command : commands) {
    std::visit([this](const auto& alternative) { add(alternative); }, command);
  }
}

void VerdictNotes::write(core::Time now) {
  for (const ledger::Note& note : waiting_) ledger_.note(note, now);
  waiting_.clear();
}

void VerdictNotes::close(core::Time now) {
  add(validator::SeedRevealed{lottery_.epoch(), lottery_.seed()});
  write(now);
}

}  // namespace nexa::simulator
