#include "validator/decision.hpp"

namespace nexa::validator {
namespace {

/// Builds `name key=value key=value`.
class Line {
 public:
  explicit Line(std::string_view name) : text_(name) {}

  Line& add(std::string_view key, std::string_view value) {
    text_ += ' ';
    text_ += key;
    text_ += '=';
    text_ += value;
    return *this;
  }
  Line& number(std::string_view key, std::uint64_t value) {
    return add(key, std::to_string(value));
  }
  Line& flag(std::string_view key, bool value) { return add(key, value ? "yes" : "no"); }
  template <class Tag, class Rep>
  Line& id(std::string_view key, core::Id<Tag, Rep> value) {
    return number(key, value.value);
  }
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string_view name_of(core::DomainKind kind) {
  switch (kind) {
    case core::DomainKind::owner:
      return "owner";
    case core::DomainKind::site:
      return "site";
    case core::DomainKind::rack:
      return "rack";
    case core::DomainKind::node:
      return "node";
    case core::DomainKind::host_class:
      return "host_class";
  }
  return "unknown";
}

std::string list_of(std::span<const core::FaultDomain> domains) {
  std::string text;
  for (const core::FaultDomain& domain : domains) {
    if (!text.empty()) text += ',';
    text += name_of(domain.kind);
    text += ':' + std::to_string(domain.id);
  }
  return text;
}

/// `1:valid:agrees:1:1/0/2,...`: replica, state, ground, evidence, class/domain/weight.
std::string list_of(std::span<const ReplicaVerdict> replicas) {
  std::string text;
  for (const ReplicaVerdict& replica : replicas) {
    if (!text.empty()) text += ',';
    text += std::to_string(replica.replica.value) + ':';
    text += to_text(replica.state);
    text += ':';
    text += to_text(replica.ground);
    text += ':' + std::to_string(replica.against.value) + ':' +
            std::to_string(replica.class_number) + '/' + std::to_string(replica.domain) + '/' +
            std::to_string(replica.weight);
    if (replica.trusted) text += "/trusted";
  }
  return text;
}

std::string text_of(const Draw& draw) {
  return std::to_string(draw.epoch) + ':' + std::to_string(draw.replica.value) + ':' +
         std::to_string(draw.node.value) + ':' + std::to_string(draw.value) + ':' +
         std::to_string(draw.spot_check_below) + ':' + std::to_string(draw.audit_below) + ':' +
         std::to_string(draw.cross_class_from);
}

std::string line(const SendReplica& it) {
  Line text("send");
  text.id("job", it.job).id("replica", it.replica).add("purpose", to_text(it.purpose));
  text.add("min_trust", to_text(it.min_trust)).add("avoid", list_of(it.avoid));
  text.id("host_class", it.host_class).id("other_than", it.other_than);
  if (it.only_node) text.id("only_node", *it.only_node);
  return std::move(text).text();
}

std::string line(const CancelReplica& it) {
  Line text("cancel");
  text.id("job", it.job).id("replica", it.replica);
  return std::move(text).text();
}

std::string line(const Verdict& it) {
  Line text("verdict");
  text.id("job", it.job).add("outcome", to_text(it.outcome)).add("why", to_text(it.why));
  text.add("rule", to_text(it.rule)).id("canonical", it.canonical);
  text.add("digest", core::to_hex(it.digest)).flag("confirmed", it.confirmed);
  if (it.draw) text.add("draw", text_of(*it.draw));
  text.add("replicas", list_of(it.replicas));
  return std::move(text).text();
}

std::string line(const VerdictRevised& it) {
  Line text("revised");
  text.id("job", it.job);
  text.add("why", it.why == RevisedBecause::late_result ? "late_result" : "revalidation");
  text.flag("canonical_changed", it.canonical_changed).id("canonical", it.canonical);
  text.add("digest", core::to_hex(it.digest)).add("replicas", list_of(it.replicas));
  return std::move(text).text();
}

std::string line(const Convict& it) {
  Line text("convict");
  text.id("node", it.node).add("kind", to_text(it.kind)).flag("convicted", it.convicted);
  text.id("job", it.job).id("replica", it.replica).id("against", it.against);
  text.number("strikes", it.strikes).flag("expelled", it.expelled);
  return std::move(text).text();
}

std::string line(const Quarantine& it) {
  Line text("quarantine");
  text.id("node", it.node);
  text.add("until_us", std::to_string(it.until.time_since_epoch().count()));
  text.add("why", to_text(it.why));
  return std::move(text).text();
}

std::string line(const Release& it) {
  Line text("release");
  text.id("node", it.node);
  return std::move(text).text();
}

std::string line(const TrustChanged& it) {
  Line text("trust");
  text.id("node", it.node).add("bucket", to_text(it.bucket));
  return std::move(text).text();
}

std::string line(const Diagnosed& it) {
  Line text("diagnosed");
  text.id("node", it.node).id("job", it.job).id("replica", it.replica).id("rerun", it.rerun);
  text.add("diagnosis", it.diagnosis == Diagnosis::intermittent ? "intermittent" : "repeatable");
  return std::move(text).text();
}

std::string line(const ClassSuspected& it) {
  Line text("class_suspected");
  text.id("host_class", it.host_class).id("job", it.job);
  text.number("mismatches", it.mismatches).number("samples", it.samples);
  return std::move(text).text();
}

std::string line(const Vested& it) {
  Line text("vested");
  text.id("job", it.job).id("replica", it.replica);
  return std::move(text).text();
}

std::string line(const Forfeited& it) {
  Line text("forfeited");
  text.id("job", it.job).id("replica", it.replica);
  return std::move(text).text();
}

std::string line(const SeedCommitted& it) {
  Line text("seed_committed");
  text.number("epoch", it.epoch).add("commitment", core::to_hex(it.commitment));
  return std::move(text).text();
}

std::string line(const SeedRevealed& it) {
  Line text("seed_revealed");
  text.number("epoch", it.epoch).add("seed", core::to_hex(it.seed));
  return std::move(text).text();
}

std::string line(const DisputeDecided& it) {
  Line text("dispute_decided");
  text.id("job", it.job).add("upheld", it.upheld ? "yes" : "no");
  text.add("computed", it.computed ? "yes" : "no");
  return std::move(text).text();
}

std::string line(const Leaning& it) {
  Line text("leaning");
  text.id("node", it.node).add("leans", it.leans ? "yes" : "no");
  text.add("mean_permille", std::to_string(it.mean_permille));
  text.number("comparisons", it.comparisons);
  return std::move(text).text();
}

}  // namespace

std::string to_text(const Decision& decision) {
  return std::visit([](const auto& known) { return line(known); }, decision);
}

void add_to_hash(core::StreamHash& hash, const Decision& decision) {
  const std::string text = to_text(decision);
  hash.add(text.size());
  for (std::size_t begin = 0; begin < text.size(); begin += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = begin; i < text.size() && i < begin + 8; ++i) {
      word = word << 8 | static_cast<unsigned char>(text[i]);
    }
    hash.add(word);
  }
}

}  // namespace nexa::validator
