#include "scheduler/cluster.hpp"

#include <algorithm>
#include <memory>

#include "core/assert.hpp"

namespace nexa::scheduler {

void Cluster::drop_known_arrivals() {
  const auto earlier = [](const auto& a, const auto& b) { return a.id < b.id; };
  if (!std::is_sorted(arrivals_.begin(), arrivals_.end(), earlier)) {
    std::stable_sort(arrivals_.begin(), arrivals_.end(), earlier);
  }
  const auto same = [](const Arrival& a, const Arrival& b) { return a.id == b.id; };
  arrivals_.erase(std::unique(arrivals_.begin(), arrivals_.end(), same), arrivals_.end());
  if (locations_.empty()) return;
  std::erase_if(arrivals_, [&](const Arrival& arrival) {
    return std::binary_search(locations_.begin(), locations_.end(), Location{arrival.id}, earlier);
  });
}

std::vector<core::Interval> Cluster::runs_of_arrivals() const {
  std::vector<core::Interval> runs;
  for (std::uint32_t index = 0; index < arrivals_.size(); ++index) {
    if (index != 0 && arrivals_[index].spec == arrivals_[index - 1].spec) {
      runs.back().last = index;
    } else {
      runs.push_back({index, index});
    }
  }
  std::stable_sort(runs.begin(), runs.end(), [&](core::Interval a, core::Interval b) {
    return arrivals_[a.first].spec < arrivals_[b.first].spec;
  });
  return runs;
}

void Cluster::settle_nodes() {
  ++releases_;
  ++changes_;
  if (!arrivals_.empty()) settle_arrivals();
  views_.clear();
  for (std::uint32_t index = 0; index < classes_.size(); ++index) {
    views_.push_back({classes_[index].spec(), classes_[index].node_count()});
    note_change(index);
  }
  index_domains();
  assess_all();
  nodes_changed_ = false;
}

void Cluster::settle_arrivals() {
  drop_known_arrivals();
  const auto known = static_cast<std::ptrdiff_t>(locations_.size());
  locations_.resize(locations_.size() + arrivals_.size());
  for (const core::Interval run : runs_of_arrivals()) {
    const core::NodeSpec& spec = arrivals_[run.first].spec;
    const std::uint32_t index = class_of(spec);
    for (std::uint32_t i = run.first; i <= run.last; ++i) {
      const core::NodeId id = arrivals_[i].id;
      locations_[static_cast<std::size_t>(known) + i] = {id, index, classes_[index].add_node(id)};
    }
    free_cores_ += std::uint64_t{spec.capacity.cores} * run.size();
  }
  arrivals_.clear();
  std::inplace_merge(locations_.begin(), locations_.begin() + known, locations_.end(),
                     [](const Location& a, const Location& b) { return a.id < b.id; });
}

void Cluster::assess_all() {
  forget_unused_apart();
  for (const auto& [request, index] : request_class_of_) assess(request_classes_[index]);
  for (const auto& [key, index] : apart_of_) set_apart(request_classes_[index]);
}

void Cluster::prefer(NodePreference preference) {
  settle();
  preference_ = std::move(preference);
  ++releases_;
  assess_all();
}

std::uint32_t Cluster::find_or_add(const core::Request& request) {
  core::Request key = request;
  key.slots = 0;
  if (const auto known = request_class_of_.find(key); known != request_class_of_.end()) {
    return last_interned_ = known->second;
  }
  forget_unused_request_classes();
  last_interned_ = new_request_class();
  request_class_of_.emplace(key, last_interned_);
  RequestClass& added = request_classes_[last_interned_];
  added = RequestClass{};
  added.request = key;
  assess(added);
  return last_interned_;
}

std::uint32_t Cluster::new_request_class() {
  if (spare_request_classes_.empty()) {
    request_classes_.emplace_back();
    return static_cast<std::uint32_t>(request_classes_.size() - 1);
  }
  const std::uint32_t index = spare_request_classes_.back();
  spare_request_classes_.pop_back();
  return index;
}

void Cluster::forget_unused_request_classes() {
  if (request_class_of_.size() < sweep_at_) return;
  forget_unused_apart();
  for (auto entry = request_class_of_.begin(); entry != request_class_of_.end();) {
    if (request_classes_[entry->second].jobs != 0) {
      ++entry;
      continue;
    }
    spare_request_classes_.push_back(entry->second);
    entry = request_class_of_.erase(entry);
  }
  sweep_at_ = std::max<std::size_t>(1024, 2 * request_class_of_.size());
}

namespace {

RejectCode suitability(const core::Request& request, const core::NodeSpec& spec) {
  if ((request.tiers >> spec.tier.value & 1) == 0) return RejectCode::wrong_tier;
  const bool any_host_class = request.host_class == core::HostClassId{};
  if (!any_host_class && request.host_class != spec.host_class) return RejectCode::wrong_host_class;
  if (spec.trust_bucket < request.min_trust) return RejectCode::too_little_trust;
  const core::Resources& need = request.per_slot;
  if (spec.capacity.cores < need.cores) return RejectCode::too_few_cores_per_node;
  if (spec.capacity.gpus < need.gpus) return RejectCode::too_few_gpus_per_node;
  const bool picky = need.gpus != 0 && request.gpu_type != core::GpuTypeId{};
  if (picky && request.gpu_type != spec.gpu_type) return RejectCode::wrong_gpu_type;
  if (spec.capacity.memory_kib < need.memory_kib) return RejectCode::too_little_memory_per_node;
  return RejectCode::none;
}

}  // namespace

void Cluster::assess(RequestClass& request_class) const {
  const core::Request& request = request_class.request;
  const std::size_t count = classes_.size();
  // Not a vector<bool>: policies get a span.
  const auto accepted = std::make_unique<bool[]>(count);
  for (std::size_t index = 0; index < count; ++index) accepted[index] = true;
  std::vector<double> scores(count);
  if (preference_) {
    preference_({request.per_slot, request.tiers, request.gpu_type, request_class.whole_nodes()},
                views_, std::span(accepted.get(), count), scores);
  }

  request_class.sum_changes = 0;
  request_class.candidates.clear();
  request_class.verdicts.clear();
  request_class.slots_per_idle_node.assign(count, 0);
  request_class.capacity_slots = 0;
  for (std::uint32_t index = 0; index < count; ++index) {
    const core::NodeSpec& spec = classes_[index].spec();
    RejectCode verdict = suitability(request, spec);
    if (verdict == RejectCode::none && !accepted[index]) verdict = RejectCode::excluded_by_policy;
    request_class.verdicts.push_back(verdict);
    if (verdict != RejectCode::none || classes_[index].node_count() == 0) continue;
    const std::uint32_t slots = slots_on_node(request_class, spec.capacity, spec.capacity);
    request_class.slots_per_idle_node[index] = slots;
    request_class.capacity_slots += std::uint64_t{slots} * classes_[index].node_count();
  }
  // By spec, which the map is sorted by; then by score, which is seldom asked for.
  for (const auto& [spec, index] : class_of_spec_) {
    if (request_class.verdicts[index] != RejectCode::none) continue;
    if (classes_[index].node_count() == 0) continue;
    request_class.candidates.push_back({.node_class = index});
  }
  const auto scores_more = [&](const Candidate& a, const Candidate& b) {
    return scores[a.node_class] > scores[b.node_class];
  };
  if (!std::is_sorted(request_class.candidates.begin(), request_class.candidates.end(),
                      scores_more)) {
    std::stable_sort(request_class.candidates.begin(), request_class.candidates.end(), scores_more);
  }
  request_class.candidate_of.assign(count, RequestClass::no_candidate);
  for (std::uint32_t i = 0; i < request_class.candidates.size(); ++i) {
    request_class.candidate_of[request_class.candidates[i].node_class] = i;
  }
}

std::uint64_t Cluster::slots_free(const RequestClass& request_class,
                                  const NodeClass& node_class) const {
  if (request_class.whole_nodes()) {
    const Level* idle = node_class.idle_level();
    return idle == nullptr ? 0 : idle->count;
  }
  const core::Resources& per_slot = request_class.request.per_slot;
  std::uint64_t slots = 0;
  for (const std::uint32_t index : node_class.order()) {
    const Level& level = node_class.level(index);
    if (level.free.cores < per_slot.cores) continue;
    slots += std::uint64_t{level.count} * core::slots_that_fit(level.free, per_slot);
  }
  return slots;
}

std::uint64_t Cluster::available(RequestClass& request_class) {
  if (request_class.sum_changes == changes_) return request_class.slots_free;
  if (request_class.keeps_apart()) return available_apart(request_class);
  const bool single_cores = request_class.wants_single_cores();
  const std::uint64_t memory = request_class.request.per_slot.memory_kib;
  std::uint64_t total = 0;
  for (Candidate& candidate : request_class.candidates) {
    if (candidate.stamp != versions_[candidate.node_class]) {
      const NodeClass& node_class = classes_[candidate.node_class];
      candidate.stamp = versions_[candidate.node_class];
      const bool cores_decide = single_cores && memory <= node_class.ample_memory_per_core();
      candidate.slots_free =
          cores_decide ? node_class.free_cores() : slots_free(request_class, node_class);
    }
    total += candidate.slots_free;
  }
  request_class.sum_changes = changes_;
  request_class.sum_releases = releases_;
  return request_class.slots_free = total;
}

namespace {

/// How many of the avoided nodes of a class are at a level.
std::uint32_t count_at_level(const NodeClass& node_class, const Level& level,
                             std::span<const AvoidedNodes> avoided) {
  std::uint32_t count = 0;
  for (const AvoidedNodes& run : avoided) {
    node_class.for_each_run(run.nodes, [&](core::Interval nodes, const Level& at) {
      if (&at == &level) count += nodes.size();
    });
  }
  return count;
}

/// Takes up to `wanted` nodes of a level, the lowest that are not avoided, `per_node` slots each;
/// returns how many.
std::uint32_t take_nodes(const NodeClass& node_class, const Level& level,
                         std::span<const AvoidedNodes> avoided, const Piece& sample,
                         std::uint32_t wanted, Pieces& out) {
  const auto take = [&](core::Interval nodes) {
    out.push_back({sample.node_class, nodes, sample.slots_per_node});
  };
  if (avoided.empty()) {
    const std::uint32_t taken = std::min(wanted, level.count);
    node_class.for_each_lowest(level, taken, take);
    return taken;
  }
  const std::uint32_t useless = count_at_level(node_class, level, avoided);
  const std::uint32_t taken = std::min(wanted, level.count - useless);
  std::uint32_t missing = taken;
  // Among so many nodes there are enough others, however low the avoided ones are.
  node_class.for_each_lowest(level, taken == 0 ? 0 : taken + useless, [&](core::Interval nodes) {
    for_each_permitted(nodes, avoided, [&](core::Interval part) {
      if (missing == 0) return;
      part.last = part.first + std::min(missing, part.size()) - 1;
      missing -= part.size();
      take(part);
    });
  });
  return taken;
}

/// Gives `slots` slots to the lowest nodes of a level that are not avoided, `per_node` slots each,
/// as far as they go; returns how many.
std::uint32_t take_from_level(const NodeClass& node_class, const Level& level,
                              std::span<const AvoidedNodes> avoided, std::uint32_t class_index,
                              std::uint32_t per_node, std::uint32_t slots, Pieces& out) {
  const std::uint32_t wanted = (slots + per_node - 1) / per_node;
  const std::uint32_t taken =
      take_nodes(node_class, level, avoided, {class_index, {}, per_node}, wanted, out);
  if (taken == 0) return 0;
  const std::uint64_t offered = std::uint64_t{taken} * per_node;
  if (offered <= slots) return static_cast<std::uint32_t>(offered);
  // The last node gives fewer slots than it could.
  const auto surplus = static_cast<std::uint32_t>(offered - slots);
  Piece& last = out.back();
  if (last.nodes.size() == 1) {
    last.slots_per_node -= surplus;
  } else {
    const std::uint32_t node = last.nodes.last--;
    out.push_back({class_index, {node, node}, per_node - surplus});
  }
  return slots;
}

}  // namespace

void Cluster::place(const RequestClass& request_class, std::uint32_t slots, Pieces& out) const {
  for (const Candidate& candidate : terms_of(request_class).candidates) {
    slots -= place_on(candidate, request_class, slots, out);
    if (slots == 0) return;
  }
  NEXA_ASSERT(slots == 0, "a placement was asked for that is not available");
}

std::uint32_t Cluster::place_on_levels(std::uint32_t class_index, const RequestClass& request_class,
                                       std::uint32_t slots, Pieces& out) const {
  if (request_class.avoids(class_index)) return 0;
  const NodeClass& node_class = classes_[class_index];
  const std::span<const AvoidedNodes> avoided = request_class.avoided_in(class_index);
  if (request_class.whole_nodes()) {
    const Level* idle = node_class.idle_level();
    if (idle == nullptr || idle->count == 0) return 0;
    return take_from_level(node_class, *idle, avoided, class_index, 1, slots, out);
  }
  const core::Resources& per_slot = request_class.request.per_slot;
  std::uint32_t remaining = slots;
  for (const std::uint32_t index : node_class.order()) {
    const Level& level = node_class.level(index);
    if (level.count == 0 || level.free.cores < per_slot.cores) continue;
    const std::uint32_t per_node = core::slots_that_fit(level.free, per_slot);
    if (per_node == 0) continue;
    remaining -= take_from_level(node_class, level, avoided, class_index, per_node, remaining, out);
    if (remaining == 0) break;
  }
  return slots - remaining;
}

void Cluster::place_on_idle_nodes(std::uint32_t class_index, const RequestClass& request_class,
                                  std::uint32_t nodes, Pieces& out) const {
  const NodeClass& node_class = classes_[class_index];
  const Level* idle = node_class.idle_level();
  if (idle != nullptr) {
    nodes -= take_from_level(node_class, *idle, request_class.avoided_in(class_index), class_index,
                             1, nodes, out);
  }
  NEXA_ASSERT(nodes == 0, "a placement was asked for that is not available");
}

void Cluster::allocate(std::span<const Piece> pieces, const RequestClass& request_class) {
  ++changes_;
  for (const Piece& piece : pieces) {
    NodeClass& node_class = classes_[piece.node_class];
    free_cores_ -= node_class.free_cores();
    node_class.allocate(piece.nodes, amount_per_node(piece, request_class));
    note_change(piece.node_class);
    free_cores_ += node_class.free_cores();
  }
}

void Cluster::release(std::span<const Piece> pieces, const RequestClass& request_class) {
  ++releases_;
  ++changes_;
  for (const Piece& piece : pieces) {
    NodeClass& node_class = classes_[piece.node_class];
    free_cores_ -= node_class.free_cores();
    node_class.release(piece.nodes, amount_per_node(piece, request_class));
    note_change(piece.node_class);
    free_cores_ += node_class.free_cores();
  }
}

std::uint64_t Cluster::cores_held(std::span<const Piece> pieces,
                                  const RequestClass& request_class) const {
  std::uint64_t cores = 0;
  for (const Piece& piece : pieces) {
    cores += std::uint64_t{piece.nodes.size()} * amount_per_node(piece, request_class).cores;
  }
  return cores;
}

void Cluster::append_shares(std::span<const Piece> pieces, std::vector<NodeShare>& out) const {
  const std::size_t start = out.size();
  const auto append = [&](std::uint32_t first, std::uint32_t last, std::uint32_t slots) {
    NodeShare* const previous = out.size() > start ? &out.back() : nullptr;
    if (previous != nullptr && previous->slots_per_node == slots &&
        previous->nodes.last + 1 == first) {
      previous->nodes.last = last;
    } else {
      out.push_back({{first, last}, slots});
    }
  };
  for (const Piece& piece : pieces) {
    const NodeClass& node_class = classes_[piece.node_class];
    if (node_class.ids_are_consecutive()) {
      append(node_class.id_of(piece.nodes.first).value, node_class.id_of(piece.nodes.last).value,
             piece.slots_per_node);
      continue;
    }
    for (std::uint32_t node = piece.nodes.first; node <= piece.nodes.last; ++node) {
      const std::uint32_t id = node_class.id_of(node).value;
      append(id, id, piece.slots_per_node);
    }
  }
}

void Cluster::check() const {
  std::uint64_t free_cores = 0;
  std::uint32_t offline = 0;
  for (std::uint32_t index = 0; index < classes_.size(); ++index) {
    const NodeClass& node_class = classes_[index];
    node_class.check();
    NEXA_ASSERT(versions_[index] == node_class.version(), "a class has changed unnoticed");
    free_cores += node_class.free_cores();
    offline += node_class.offline_count();
  }
  if (arrivals_.empty() && !nodes_changed_) {
    for (const auto& [key, index] : apart_of_) check_apart(request_classes_[index]);
  }
  NEXA_ASSERT(free_cores == free_cores_, "the cluster miscounts its free cores");
  NEXA_ASSERT(offline == offline_nodes_, "the cluster miscounts its offline nodes");
}

}  // namespace nexa::scheduler
