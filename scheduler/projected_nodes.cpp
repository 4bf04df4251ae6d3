#include "scheduler/projected_nodes.hpp"

namespace nexa::scheduler {

void ProjectedNodes::begin_class(std::uint32_t node_class) {
  if (node_class >= classes_.size()) classes_.resize(std::size_t{node_class} + 1);
  Projection& projection = classes_[node_class];
  projection.pass = pass_;
  projection.is_spread = false;
  projection.segments.clear();
}

void ProjectedNodes::Projection::spread(std::uint32_t size) {
  is_spread = true;
  amounts.clear();
  runs.reset(size, as_now);
  for (const Segment& segment : segments) set({segment.nodes, as_now}, segment.free);
}

}  // namespace nexa::scheduler
