#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/behaviour.hpp"
#include "io/yaml/codec.hpp"

namespace nexa::io {

/// One entry of `behaviours` of a node group, as written. The nodes of the group that it is for are
/// `share` or `count`, or all of them if it says neither.
struct BehaviourEntry {
  core::Behaviour behaviour{};
  std::optional<Located<std::uint32_t>> share_ppm;
  std::optional<Located<std::uint32_t>> count;
  std::uint32_t whitewash_after = 0;
  core::Duration whitewash_rest{};
  Place place;
};

/// A list of mappings `{kind: saboteur, share: 0.1, rate: 0.1}`. Which keys there are depends on
/// the kind.
Codec<std::vector<BehaviourEntry>> behaviours_codec();

/// What the entries mean for a group of `count` nodes: shares become numbers of nodes, rounded to
/// the nearest. Reports a share that is no node, more nodes than there are, and hostile behaviours
/// of more nodes than there are together.
std::vector<core::BehaviourShare> resolve_behaviours(const std::vector<BehaviourEntry>& entries,
                                                     std::uint32_t count, Diagnostics& diagnostics);

}  // namespace nexa::io
