#include "simulator/availability.hpp"

#include <algorithm>
#include <cmath>

#include "core/assert.hpp"
#include "core/rng.hpp"
#include "simulator/distributions.hpp"

namespace nexa::simulator {
namespace {

/// The draw of `node_availability` that rotates a trace; times use those from 0 on.
constexpr std::uint32_t rotation_draw = UINT32_MAX;

/// A Weibull time with that mean: the scale is mean / Γ(1 + 1/k).
core::Duration draw_time(const core::DrawKey& key, core::Duration mean,
                         std::uint32_t shape_permille) {
  if (shape_permille == 1000) return draw_exponential(key, mean);
  const double shape = shape_permille / 1000.0;
  const double scale = static_cast<double>(mean.count()) / std::tgamma(1 + 1 / shape);
  return draw_weibull(key, shape, core::Duration{std::max<std::int64_t>(1, std::llround(scale))});
}

const GroupAvailability* find_entry(std::span<const GroupAvailability> groups,
                                    const std::string& name) {
  const GroupAvailability* fallback = nullptr;
  for (const GroupAvailability& entry : groups) {
    if (entry.model.group == name) return &entry;
    if (entry.model.group.empty() && fallback == nullptr) fallback = &entry;
  }
  return fallback;
}

/// The outages of one node of a trace, rotated within its length. One that goes over the end is
/// split; pieces stay sorted and apart.
std::vector<core::Outage> rotated(const core::FailureTrace& trace, std::uint32_t node,
                                  core::Duration by) {
  std::vector<core::Outage> pieces;
  auto at = std::lower_bound(trace.outages.begin(), trace.outages.end(), node,
                             [](const core::Outage& o, std::uint32_t n) { return o.node < n; });
  const core::Time end{trace.length};
  for (; at != trace.outages.end() && at->node == node; ++at) {
    core::Outage piece{node, at->start + by, at->end + by};
    if (piece.start >= end) {
      piece.start -= trace.length;
      piece.end -= trace.length;
    } else if (piece.end > end) {
      pieces.push_back({node, core::Time{}, piece.end - trace.length});
      piece.end = end;
    }
    if (piece.start < piece.end) pieces.push_back(piece);
  }
  std::sort(pieces.begin(), pieces.end());
  return pieces;
}

/// Joins outages that touch, since a node that is down does not fail.
void join_touching(std::vector<core::Outage>& outages) {
  std::size_t kept = 0;
  for (std::size_t i = 1; i < outages.size(); ++i) {
    if (outages[i].start <= outages[kept].end) {
      outages[kept].end = std::max(outages[kept].end, outages[i].end);
    } else {
      outages[++kept] = outages[i];
    }
  }
  if (!outages.empty()) outages.resize(kept + 1);
}

}  // namespace

AvailabilityTimeline::AvailabilityTimeline(const core::Platform& platform,
                                           std::span<const GroupAvailability> groups,
                                           std::uint64_t seed)
    : seed_(seed) {
  std::uint32_t node = 0;
  for (const core::NodeGroup& group : platform.groups) {
    const GroupAvailability* const entry = find_entry(groups, group.name);
    for (std::uint32_t i = 0; entry != nullptr && i < group.count; ++i) {
      if (entry->trace != nullptr) {
        add_recorded(core::NodeId{node + i}, i, *entry->trace);
      } else if (entry->model.mean_up.count() > 0) {
        add_drawn(core::NodeId{node + i}, entry->model);
      }
    }
    node += group.count;
  }
}

void AvailabilityTimeline::add_drawn(core::NodeId node, const core::NodeAvailabilityModel& model) {
  nodes_.push_back({model, 0, {}});
  schedule(static_cast<std::uint32_t>(nodes_.size() - 1), {core::Time{}, node, {}});
}

void AvailabilityTimeline::add_recorded(core::NodeId node, std::uint32_t position,
                                        const core::FailureTrace& trace) {
  if (trace.nodes == 0 || trace.outages.empty()) return;
  core::Duration by{};
  if (position >= trace.nodes) {
    const core::DrawKey key{seed_, core::RandomStream::node_availability, node.value,
                            rotation_draw};
    by = core::Duration{static_cast<std::int64_t>(
        core::random_below(key, static_cast<std::uint64_t>(trace.length.count())))};
  }
  std::vector<core::Outage> outages = rotated(trace, position % trace.nodes, by);
  join_touching(outages);
  std::reverse(outages.begin(), outages.end());
  nodes_.push_back({{}, 0, std::move(outages)});
  schedule(static_cast<std::uint32_t>(nodes_.size() - 1), {core::Time{}, node, {}});
}

void AvailabilityTimeline::schedule(std::uint32_t source, const NodeChange& after) {
  Node& node = nodes_[source];
  const bool goes_down = after.availability == core::NodeAvailability::up;
  NodeChange next{after.time, after.node,
                  goes_down ? core::NodeAvailability::down : core::NodeAvailability::up};
  if (node.model.mean_up.count() > 0) {
    const core::DrawKey key{seed_, core::RandomStream::node_availability, after.node.value,
                            node.draws++};
    const core::NodeAvailabilityModel& m = node.model;
    next.time += goes_down ? draw_time(key, m.mean_up, m.up_shape_permille)
                           : draw_time(key, m.mean_down, m.down_shape_permille);
  } else if (goes_down) {
    if (node.outages.empty()) return;
    next.time = node.outages.back().start;
  } else {
    next.time = node.outages.back().end;
    node.outages.pop_back();
  }
  if (next.time < core::never) heap_.push({next, source});
}

NodeChange AvailabilityTimeline::pop() {
  NEXA_ASSERT(!heap_.empty(), "there is a change to take");
  const Pending taken = heap_.front();
  heap_.pop();
  schedule(taken.source, taken.change);
  return taken.change;
}

std::vector<NodeChange> changes_until(AvailabilityTimeline timeline, core::Time horizon) {
  std::vector<NodeChange> changes;
  while (timeline.next_time() <= horizon && timeline.next_time() != core::never) {
    changes.push_back(timeline.pop());
  }
  return changes;
}

}  // namespace nexa::simulator
