#include "scheduler/head_reservation.hpp"

#include "core/assert.hpp"

namespace nexa::scheduler {
namespace {

/// Whether a job that takes `amount` has its nodes to itself: every slot needs a core, so nobody
/// else is on a node without free cores. Such nodes are idle before and after the job.
bool fills_nodes(const core::Resources& amount, const NodeClass& node_class) {
  return amount.cores == node_class.spec().capacity.cores;
}

}  // namespace

HeadReservation::HeadReservation(Cluster& cluster, const JobTable& jobs, const RunningJobs& running,
                                 const QueueEntry& head, ProjectedNodes& projected)
    : cluster_(cluster),
      jobs_(jobs),
      head_class_(head.request_class),
      head_arrival_(head.arrival),
      releases_(cluster.releases()),
      projected_(projected),
      counts_cores_(this->head().counts_cores()),
      keeps_apart_(this->head().keeps_apart()) {
  projected_.begin_pass();
  all_cores_count_ = counts_cores_ && !keeps_apart_ && !cluster.any_offline() &&
                     this->head().candidates.size() == cluster.classes().size();
  find_shadow(head.slots, running);
}

void HeadReservation::find_shadow(std::uint64_t needed_slots, const RunningJobs& running) {
  std::uint64_t slots = cluster_.available(head());
  core::Time reached = core::never;
  running.for_each([&](const RunningEntry& entry) {
    // All jobs that are planned to end at the shadow time count, not just the first ones.
    if (slots >= needed_slots && entry.planned_end != reached) return false;
    slots += all_cores_count_ ? entry.cores : slots_released(jobs_[entry.job]);
    reached = entry.planned_end;
    return true;
  });
  if (slots < needed_slots) return;
  shadow_ = reached;
  spare_slots_ = slots - needed_slots;
}

template <class Visit>
void HeadReservation::for_parts_of_head(const Piece& piece, Visit visit) const {
  if (!keeps_apart_) return visit(piece);
  const RequestClass& wanted = head();
  if (wanted.avoids(piece.node_class)) return;
  for_each_permitted(piece.nodes, wanted.avoided_in(piece.node_class), [&](core::Interval nodes) {
    visit(Piece{piece.node_class, nodes, piece.slots_per_node});
  });
}

std::uint64_t HeadReservation::slots_released(const JobRecord& job) {
  const RequestClass& request_class = cluster_.request_class(job.request_class);
  const std::vector<std::uint32_t>& idle_slots_of = slots_per_idle_node();
  std::uint64_t slots = 0;
  for (const Piece& piece : job.pieces) {
    const std::uint32_t idle_slots = idle_slots_of[piece.node_class];
    if (idle_slots == 0) continue;
    for_parts_of_head(piece, [&](const Piece& part) {
      slots += slots_released(part, request_class, idle_slots);
    });
  }
  return slots;
}

std::uint64_t HeadReservation::slots_released(const Piece& piece, const RequestClass& request_class,
                                              std::uint32_t idle_slots) {
  const NodeClass& node_class = cluster_.classes()[piece.node_class];
  const core::Resources amount = cluster_.amount_per_node(piece, request_class);
  const bool by_nodes =
      node_class.offline_count() != 0 || !(counts_cores_ || fills_nodes(amount, node_class));
  if (by_nodes) return slots_released_by_nodes(piece, amount);
  const std::uint32_t per_node = counts_cores_ ? amount.cores : idle_slots;
  return std::uint64_t{piece.nodes.size()} * per_node;
}

std::uint64_t HeadReservation::slots_released_by_nodes(const Piece& piece,
                                                       const core::Resources& amount) {
  const NodeClass& node_class = cluster_.classes()[piece.node_class];
  const RequestClass& wanted = head();
  const core::Resources capacity = node_class.spec().capacity;
  std::uint64_t gained = 0;
  projected_.change(piece.node_class, piece.nodes, node_class,
                    [&](std::uint32_t nodes, const core::Resources& free) {
                      const core::Resources after = free + amount;
                      const std::uint32_t more = slots_on_node(wanted, capacity, after) -
                                                 slots_on_node(wanted, capacity, free);
                      gained += std::uint64_t{nodes} * more;
                      return after;
                    });
  return gained;
}

bool HeadReservation::place(const RequestClass& request_class, std::uint32_t slots, core::Time end,
                            Pieces& out) {
  if (end <= shadow_) {
    cluster_.place(request_class, slots, out);
    if (shadow_ != core::never) remember_projection(out, request_class);
    return true;
  }
  std::uint64_t lost = 0;
  for (const Candidate& candidate : cluster_.terms_of(request_class).candidates) {
    const std::size_t placed = out.size();
    slots -= cluster_.place_on(candidate, request_class, slots, out);
    if (out.size() == placed) continue;
    lost += slots_lost(std::span(out).subspan(placed), request_class);
    if (lost > spare_slots_) return false;
    if (slots == 0) break;
  }
  NEXA_ASSERT(slots == 0, "a placement was asked for that is not available");
  spare_slots_ -= lost;
  subtract_projection(out, request_class);
  return true;
}

std::uint64_t HeadReservation::slots_lost(std::span<const Piece> pieces,
                                          const RequestClass& request_class) {
  const std::vector<std::uint32_t>& idle_slots_of = slots_per_idle_node();
  std::uint64_t lost = 0;
  for (const Piece& piece : pieces) {
    const std::uint32_t idle_slots = idle_slots_of[piece.node_class];
    if (idle_slots == 0) continue;
    for_parts_of_head(
        piece, [&](const Piece& part) { lost += slots_lost(part, request_class, idle_slots); });
  }
  return lost;
}

std::uint64_t HeadReservation::slots_lost(const Piece& piece, const RequestClass& request_class,
                                          std::uint32_t idle_slots) {
  const NodeClass& node_class = cluster_.classes()[piece.node_class];
  const core::Resources amount = cluster_.amount_per_node(piece, request_class);
  if (counts_cores_ || fills_nodes(amount, node_class)) {
    const std::uint32_t per_node = counts_cores_ ? amount.cores : idle_slots;
    return std::uint64_t{piece.nodes.size()} * per_node;
  }
  std::uint64_t lost = 0;
  projected_.for_each_run(piece.node_class, piece.nodes, node_class,
                          [&](std::uint32_t nodes, const core::Resources& free) {
                            const std::uint32_t fewer =
                                slots(free, node_class) - slots(free - amount, node_class);
                            lost += std::uint64_t{nodes} * fewer;
                          });
  return lost;
}

void HeadReservation::remember_projection(std::span<const Piece> pieces,
                                          const RequestClass& request_class) {
  change_projection(pieces, request_class,
                    [](const core::Resources& free, const core::Resources&) { return free; });
}

void HeadReservation::subtract_projection(std::span<const Piece> pieces,
                                          const RequestClass& request_class) {
  change_projection(
      pieces, request_class,
      [](const core::Resources& free, const core::Resources& amount) { return free - amount; });
}

template <class Change>
void HeadReservation::change_projection(std::span<const Piece> pieces,
                                        const RequestClass& request_class, Change change) {
  if (counts_cores_) return;
  for (const Piece& piece : pieces) {
    const NodeClass& node_class = cluster_.classes()[piece.node_class];
    const core::Resources amount = cluster_.amount_per_node(piece, request_class);
    if (fills_nodes(amount, node_class)) continue;
    for_parts_of_head(piece, [&](const Piece& part) {
      projected_.change(part.node_class, part.nodes, node_class,
                        [&](std::uint32_t /*nodes*/, const core::Resources& free) {
                          return change(free, amount);
                        });
    });
  }
}

}  // namespace nexa::scheduler
