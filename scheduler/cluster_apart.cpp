// The part of the cluster that is about request classes that keep away from fault domains: they
// are what their base is, less the node classes and nodes that are avoided.
#include <algorithm>

#include "core/assert.hpp"
#include "scheduler/cluster.hpp"

namespace nexa::scheduler {
namespace {

/// Joins neighbours; the runs are sorted.
void merge_runs(std::vector<AvoidedNodes>& runs) {
  std::size_t merged = 0;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    AvoidedNodes& last = runs[merged];
    if (last.node_class == runs[i].node_class && last.nodes.last + 1 == runs[i].nodes.first) {
      last.nodes.last = runs[i].nodes.last;
    } else {
      runs[++merged] = runs[i];
    }
  }
  if (!runs.empty()) runs.resize(merged + 1);
}

/// All that the nodes of a class have in common.
std::array<core::FaultDomain, 4> domains_of(const core::NodeSpec& spec) {
  return {core::FaultDomain::of(spec.owner), core::FaultDomain::of(spec.site),
          core::FaultDomain::of(spec.rack), core::FaultDomain::of(spec.host_class)};
}

std::uint32_t count_nodes(std::span<const AvoidedNodes> runs) {
  std::uint32_t count = 0;
  for (const AvoidedNodes& run : runs) count += run.nodes.size();
  return count;
}

}  // namespace

std::span<const AvoidedNodes> RequestClass::find_avoided_in(std::uint32_t node_class) const {
  const auto [first, last] = std::equal_range(
      avoided_nodes.begin(), avoided_nodes.end(), AvoidedNodes{node_class, {}},
      [](const AvoidedNodes& a, const AvoidedNodes& b) { return a.node_class < b.node_class; });
  return {first, last};
}

std::uint32_t Cluster::intern(const core::Request& request,
                              std::span<const core::FaultDomain> avoid) {
  const std::uint32_t base = intern(request);
  if (avoid.empty()) return base;
  auto& [base_of_key, domains] = apart_key_;
  base_of_key = base;
  domains.assign(avoid.begin(), avoid.end());
  core::canonicalise(domains);
  if (const auto known = apart_of_.find(apart_key_); known != apart_of_.end()) return known->second;
  // Counted at once, so that the base is not among what is forgotten.
  ++request_classes_[base].jobs;
  if (apart_of_.size() >= sweep_apart_at_) {
    forget_unused_apart();
    sweep_apart_at_ = std::max<std::size_t>(least_sweep_apart, 2 * apart_of_.size());
  }
  const std::uint32_t index = new_request_class();
  apart_of_.emplace(apart_key_, index);
  RequestClass& added = request_classes_[index];
  added.request = request_classes_[base].request;
  added.base = base;
  added.domains = domains;
  added.jobs = 0;
  set_apart(added);
  return index;
}

void Cluster::forget_unused_apart() {
  for (auto entry = apart_of_.begin(); entry != apart_of_.end();) {
    RequestClass& unused = request_classes_[entry->second];
    if (unused.jobs != 0) {
      ++entry;
      continue;
    }
    --request_classes_[unused.base].jobs;
    spare_request_classes_.push_back(entry->second);
    entry = apart_of_.erase(entry);
  }
}

/// Most node classes are what they were when the index was made.
void Cluster::index_domains() {
  domains_of_.resize(classes_.size());
  std::vector<std::uint32_t> changed;
  for (std::uint32_t index = 0; index < classes_.size(); ++index) {
    const DomainsOfClass domains = domains_of(classes_[index].spec());
    if (domains_of_[index] == domains) continue;
    domains_of_[index] = domains;
    changed.push_back(index);
  }
  if (changed.empty()) return;
  std::erase_if(classes_in_, [&](const std::pair<core::FaultDomain, std::uint32_t>& entry) {
    return std::binary_search(changed.begin(), changed.end(), entry.second);
  });
  const std::ptrdiff_t kept = std::ssize(classes_in_);
  for (const std::uint32_t index : changed) {
    for (const core::FaultDomain domain : domains_of_[index]) {
      classes_in_.emplace_back(domain, index);
    }
  }
  std::sort(classes_in_.begin() + kept, classes_in_.end());
  std::inplace_merge(classes_in_.begin(), classes_in_.begin() + kept, classes_in_.end());
}

void Cluster::set_apart(RequestClass& apart) {
  const RequestClass& base = request_classes_[apart.base];
  apart.slots_free = apart.sum_changes = apart.sum_releases = 0;
  apart.avoided_classes.clear();
  apart.avoided_nodes.clear();
  auto entry = classes_in_.cbegin();
  for (const core::FaultDomain& domain : apart.domains) {
    // Both are sorted, and neighbours here are often neighbours there.
    if (entry != classes_in_.cend() && entry->first < domain) {
      entry = std::lower_bound(entry, classes_in_.cend(), std::pair(domain, std::uint32_t{0}));
    }
    for (; entry != classes_in_.end() && entry->first == domain; ++entry) {
      if (base.slots_per_idle_node[entry->second] == 0) continue;
      apart.avoided_classes.push_back(entry->second);
    }
  }
  std::sort(apart.avoided_classes.begin(), apart.avoided_classes.end());
  const auto repeated = std::unique(apart.avoided_classes.begin(), apart.avoided_classes.end());
  apart.avoided_classes.erase(repeated, apart.avoided_classes.end());
  avoid_nodes(apart);

  apart.capacity_slots = base.capacity_slots;
  for (const std::uint32_t index : apart.avoided_classes) {
    apart.capacity_slots -=
        std::uint64_t{base.slots_per_idle_node[index]} * classes_[index].node_count();
  }
  for (const AvoidedNodes& run : apart.avoided_nodes) {
    apart.capacity_slots -=
        std::uint64_t{base.slots_per_idle_node[run.node_class]} * run.nodes.size();
  }
}

/// Finds the single nodes among the domains. A class of which none is left is avoided as a whole.
void Cluster::avoid_nodes(RequestClass& apart) const {
  const RequestClass& base = request_classes_[apart.base];
  std::vector<AvoidedNodes>& runs = apart.avoided_nodes;
  for (const core::FaultDomain& domain : apart.domains) {
    if (domain.kind != core::DomainKind::node) continue;
    const auto place = find_location(core::NodeId{domain.id});
    if (place == locations_.end()) continue;
    if (base.slots_per_idle_node[place->node_class] == 0) continue;
    if (apart.avoids(place->node_class)) continue;
    runs.push_back({place->node_class, {place->node, place->node}});
  }
  std::sort(runs.begin(), runs.end());
  merge_runs(runs);
  for (std::size_t i = 0; i < runs.size();) {
    const std::uint32_t node_class = runs[i].node_class;
    const std::span<const AvoidedNodes> all = apart.avoided_in(node_class);
    if (count_nodes(all) < classes_[node_class].node_count()) {
      i += all.size();
      continue;
    }
    const auto first = runs.begin() + static_cast<std::ptrdiff_t>(i);
    runs.erase(first, first + std::ssize(all));
    apart.avoided_classes.push_back(node_class);
  }
  std::sort(apart.avoided_classes.begin(), apart.avoided_classes.end());
}

RejectCode Cluster::hopelessness(const RequestClass& request_class, std::uint64_t slots) const {
  if (request_class.capacity_slots >= slots) return RejectCode::none;
  return terms_of(request_class).capacity_slots >= slots ? RejectCode::too_few_domains
                                                         : RejectCode::cluster_too_small;
}

std::uint64_t Cluster::slots_avoided(const RequestClass& request_class, std::uint32_t index) const {
  const NodeClass& node_class = classes_[index];
  std::uint64_t slots = 0;
  for (const AvoidedNodes& run : request_class.avoided_in(index)) {
    node_class.for_each_run(run.nodes, [&](core::Interval nodes, const Level& level) {
      if (level.offline) return;
      slots += std::uint64_t{nodes.size()} *
               slots_on_node(request_class, node_class.spec().capacity, level.free);
    });
  }
  return slots;
}

std::uint64_t Cluster::available_apart(RequestClass& apart) {
  RequestClass& base = request_classes_[apart.base];
  std::uint64_t total = available(base);
  for (const std::uint32_t index : apart.avoided_classes) {
    total -= base.candidates[base.candidate_of[index]].slots_free;
  }
  for (std::size_t i = 0; i < apart.avoided_nodes.size();) {
    const std::uint32_t index = apart.avoided_nodes[i].node_class;
    total -= slots_avoided(apart, index);
    i += apart.avoided_in(index).size();
  }
  apart.sum_changes = changes_;
  apart.sum_releases = releases_;
  return apart.slots_free = total;
}

std::uint32_t Cluster::idle_nodes(std::uint32_t index, const RequestClass& request_class) const {
  const NodeClass& node_class = classes_[index];
  const Level* const idle = node_class.idle_level();
  if (idle == nullptr) return 0;
  std::uint32_t nodes = idle->count;
  for (const AvoidedNodes& run : request_class.avoided_in(index)) {
    node_class.for_each_run(run.nodes, [&](core::Interval part, const Level& level) {
      if (&level == idle) nodes -= part.size();
    });
  }
  return nodes;
}

std::uint32_t Cluster::avoided_online(std::uint32_t index,
                                      const RequestClass& request_class) const {
  std::uint32_t nodes = 0;
  for (const AvoidedNodes& run : request_class.avoided_in(index)) {
    classes_[index].for_each_run(run.nodes, [&](core::Interval part, const Level& level) {
      if (!level.offline) nodes += part.size();
    });
  }
  return nodes;
}

void Cluster::check_apart(const RequestClass& apart) const {
  const RequestClass& base = request_classes_[apart.base];
  const auto is_domain = [&](core::FaultDomain domain) {
    return std::binary_search(apart.domains.begin(), apart.domains.end(), domain);
  };
  std::uint64_t capacity = 0;
  for (std::uint32_t index = 0; index < classes_.size(); ++index) {
    const std::uint32_t slots = base.slots_per_idle_node[index];
    if (slots == 0) continue;
    const core::NodeSpec& spec = classes_[index].spec();
    const bool as_a_whole = is_domain(core::FaultDomain::of(spec.owner)) ||
                            is_domain(core::FaultDomain::of(spec.site)) ||
                            is_domain(core::FaultDomain::of(spec.rack)) ||
                            is_domain(core::FaultDomain::of(spec.host_class));
    const std::span<const AvoidedNodes> avoided = apart.avoided_in(index);
    for (std::uint32_t node = 0; node < classes_[index].size(); ++node) {
      if (!classes_[index].has_node(node)) continue;
      const core::NodeId id = classes_[index].id_of(node);
      const bool expected = as_a_whole || is_domain(core::FaultDomain::of(id));
      NEXA_ASSERT(expected == (apart.avoids(index) || is_avoided(node, avoided)),
                  "a request class avoids other nodes than it must");
      if (!expected) capacity += slots;
    }
  }
  NEXA_ASSERT(capacity == apart.capacity_slots, "a request class miscounts its nodes");
}

}  // namespace nexa::scheduler
