#include "io/behaviour_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "core/suggest.hpp"
#include "io/behaviour_kinds.hpp"
#include "io/values.hpp"

namespace nexa::io {
namespace {

constexpr std::size_t most_behaviours = 32;
constexpr std::uint32_t million = 1'000'000;
constexpr std::string_view kind_doc = "what the nodes do";

bool is_hostile(const core::Behaviour& behaviour) {
  return core::intent_of(behaviour) == core::Intent::hostile;
}

/// The kind whose name the entry has; reports what is wrong if there is none.
const BehaviourKind* find_kind(const Cursor& at) {
  const auto& kinds = behaviour_kinds();
  if (at.node().kind != YamlKind::mapping) {
    at.mismatch("a mapping with a kind of behaviour");
    return nullptr;
  }
  const auto& entries = at.node().entries;
  const auto named = std::find_if(entries.begin(), entries.end(),
                                  [](const YamlEntry& entry) { return entry.key == "kind"; });
  std::vector<std::string_view> names;
  for (const BehaviourKind& kind : kinds) names.push_back(kind.name);
  if (named == entries.end()) {
    at.missing_key("kind", fmt::format("{}; {}", kind_doc, core::suggestion("", names)));
    return nullptr;
  }
  const Cursor kind_at = at.entry(*named);
  const std::string* const name = scalar_text(kind_at, "a kind of behaviour");
  if (name == nullptr) return nullptr;
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.name == *name; });
  if (kind != kinds.end()) return &*kind;
  kind_at.error(fmt::format("unknown kind of behaviour {}", in_quotes(*name)),
                core::suggestion(name->size() <= 64 ? std::string_view(*name) : "", names));
  return nullptr;
}

/// The nodes that an entry is for; reports a number that cannot be.
std::uint32_t nodes_of(const BehaviourEntry& entry, std::uint32_t count, Diagnostics& diagnostics) {
  if (entry.count) {
    if (entry.count->value <= count) return entry.count->value;
    diagnostics.add(
        entry.count->place,
        fmt::format("{} nodes of a group of {} cannot behave like this", entry.count->value, count),
        "count: at most that of the group");
    return 0;
  }
  if (!entry.share_ppm) return count;
  const std::uint64_t scaled = std::uint64_t{count} * entry.share_ppm->value;
  const auto nodes = static_cast<std::uint32_t>((scaled + million / 2) / million);
  if (nodes == 0) {
    diagnostics.add(entry.share_ppm->place,
                    fmt::format("a share of {} of {} nodes is no node",
                                decimal_text(entry.share_ppm->value, 6), count),
                    "write count: 1, or a larger share");
  }
  return nodes;
}

}  // namespace

Codec<std::vector<BehaviourEntry>> behaviours_codec() {
  Codec<BehaviourEntry> entry;
  entry.shape.kind = ShapeKind::one_of;
  entry.shape.expected = "a mapping with a kind of behaviour";
  for (const BehaviourKind& kind : behaviour_kinds()) entry.shape.parts.push_back(kind.shape);
  entry.decode = [](const Cursor& at, BehaviourEntry& out) {
    const BehaviourKind* const kind = find_kind(at);
    if (kind == nullptr) return;
    out.place = at.place();
    kind->decode(at, out);
    if (out.share_ppm && out.count) {
      at.diagnostics().add(out.count->place, "both 'share' and 'count' say how many nodes",
                           "leave one of them out");
    }
  };
  return list_of(entry, "a list of behaviours", {0, most_behaviours});
}

std::vector<core::BehaviourShare> resolve_behaviours(const std::vector<BehaviourEntry>& entries,
                                                     std::uint32_t count,
                                                     Diagnostics& diagnostics) {
  std::vector<core::BehaviourShare> shares;
  std::uint64_t hostile = 0;
  for (const BehaviourEntry& entry : entries) {
    const std::uint32_t nodes = nodes_of(entry, count, diagnostics);
    shares.push_back({entry.behaviour, nodes, entry.whitewash_after, entry.whitewash_rest});
    if (!is_hostile(entry.behaviour)) continue;
    hostile += nodes;
    if (hostile > count && hostile - nodes <= count) {
      diagnostics.add(
          entry.place,
          fmt::format("{} nodes are to be hostile, but the group has {}", hostile, count),
          "a node has one hostile behaviour; lower the shares");
    }
  }
  return shares;
}

}  // namespace nexa::io
