#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/availability.hpp"
#include "core/node.hpp"
#include "core/platform.hpp"
#include "core/time.hpp"
#include "simulator/event_heap.hpp"

namespace nexa::simulator {

/// A node goes down or comes back.
struct NodeChange {
  core::Time time{};
  core::NodeId node{};
  core::NodeAvailability availability = core::NodeAvailability::up;

  friend constexpr auto operator<=>(const NodeChange&, const NodeChange&) = default;
};

/// How the nodes of a group come and go: a trace if there is one, else the model.
struct GroupAvailability {
  core::NodeAvailabilityModel model;
  const core::FailureTrace* trace = nullptr;  ///< must outlive the timeline
};

/// The changes of all nodes of a platform, in the order of time and, at one instant, of nodes. All
/// nodes are up at time 0.
///
/// Drawn failures go on for ever, one step per change; a host takes changes only as long as it has
/// jobs. The n-th time up or down of a node depends on the seed, the node and n alone.
///
/// The nodes of a group with a trace take the trace's nodes in turn. Where the group has more, the
/// trace is used again for the next ones, each time rotated by a drawn length, so that no two nodes
/// fail together without a recorded reason.
class AvailabilityTimeline {
 public:
  /// A group of the platform takes the entry that names it, else the entry without a name, else its
  /// nodes are always up.
  AvailabilityTimeline(const core::Platform& platform, std::span<const GroupAvailability> groups,
                       std::uint64_t seed);

  /// The time of the next change; `core::never` if there is none.
  [[nodiscard]] core::Time next_time() const {
    return heap_.empty() ? core::never : heap_.front().change.time;
  }
  /// Takes the next change, which there must be.
  NodeChange pop();

 private:
  struct Pending {
    NodeChange change;
    std::uint32_t source = 0;  ///< index into `nodes_`
    friend bool operator<(const Pending& a, const Pending& b) { return a.change < b.change; }
  };
  struct Node {
    core::NodeAvailabilityModel model;
    std::uint32_t draws = 0;
    std::vector<core::Outage> outages;  ///< of a trace, those to come last-first
  };
  void add_drawn(core::NodeId node, const core::NodeAvailabilityModel& model);
  void add_recorded(core::NodeId node, std::uint32_t position, const core::FailureTrace& trace);
  void schedule(std::uint32_t source, const NodeChange& after);

  std::uint64_t seed_;
  std::vector<Node> nodes_;
  EventHeap<Pending> heap_;
};

/// All changes up to and including `horizon`, for what wants a list.
std::vector<NodeChange> changes_until(AvailabilityTimeline timeline, core::Time horizon);

}  // namespace nexa::simulator
