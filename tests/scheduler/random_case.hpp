#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/fault_domain.hpp"
#include "core/platform.hpp"
#include "core/rng.hpp"
#include "core/workload.hpp"
#include "tests/oracle/oracle.hpp"

/// Small random clusters and workloads, and their translation for the oracle and the simulator.
namespace nexa::test {

/// A time in the units of the engine, for tests that look at every instant.
constexpr core::Time at(std::int64_t microseconds) {
  return core::Time{core::Duration{microseconds}};
}

/// Random numbers that depend on the seed and on how many were drawn.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : seed_(seed) {}

  std::uint64_t below(std::uint64_t bound) {
    return core::random_below({seed_, core::RandomStream::test, next_++, 0}, bound);
  }
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least + 1)));
  }
  std::uint32_t number(std::uint32_t least, std::uint32_t most) {
    return static_cast<std::uint32_t>(between(least, most));
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t seed_;
  std::uint64_t next_ = 0;
};

enum class Kind {
  one_core_nodes,
  tiers_of_one_core_nodes,
  shared_nodes,
  memory_and_gpus,
  whole_nodes,
  speeds_and_timeouts,
  everything,
  fault_domains,  ///< owners, sites, racks, trust and host classes; what to avoid; places
};
inline constexpr std::array all_kinds = {
    Kind::one_core_nodes, Kind::tiers_of_one_core_nodes, Kind::shared_nodes, Kind::memory_and_gpus,
    Kind::whole_nodes,    Kind::speeds_and_timeouts,     Kind::everything,   Kind::fault_domains};

inline std::string_view name_of(Kind kind) {
  constexpr std::array<std::string_view, all_kinds.size()> names = {
      "one_core_nodes", "tiers_of_one_core_nodes", "shared_nodes", "memory_and_gpus",
      "whole_nodes",    "speeds_and_timeouts",     "everything",   "fault_domains"};
  return names[static_cast<std::size_t>(kind)];
}

struct CaseJob {
  core::Time submit{};
  core::Duration run_time{};  ///< on a node of reference speed
  core::Duration time_limit{};
  core::Request request{};
  std::uint64_t place = 0;                 ///< in the order of arrival; 0: behind all before it
  std::vector<core::FaultDomain> avoid{};  ///< nodes by their position in the case
};

/// Nodes are numbered group by group; jobs are in order of submission, and their position is their
/// id.
struct Case {
  std::vector<core::NodeGroup> groups;
  std::vector<CaseJob> jobs;

  [[nodiscard]] std::vector<core::NodeSpec> node_specs() const {
    std::vector<core::NodeSpec> specs;
    for (const core::NodeGroup& group : groups) specs.insert(specs.end(), group.count, group.spec);
    return specs;
  }
};

/// The same with all jobs behind those before them.
inline Case without_places(Case source) {
  for (CaseJob& job : source.jobs) job.place = 0;
  return source;
}

/// The same where jobs avoid groups of nodes only, so that the numbers of nodes mean nothing.
inline Case without_avoided_nodes(Case source) {
  for (CaseJob& job : source.jobs) {
    std::erase_if(job.avoid, [](const core::FaultDomain& domain) {
      return domain.kind == core::DomainKind::node;
    });
  }
  return source;
}

namespace detail {

inline void place_in_domains(Draws& draws, core::NodeSpec& spec) {
  spec.owner = core::OwnerId{draws.number(0, 3)};
  spec.site = core::SiteId{draws.number(0, 2)};
  spec.rack = core::RackId{draws.number(0, 3)};
  spec.trust_bucket = static_cast<std::uint8_t>(draws.below(3));
  spec.host_class = core::HostClassId{static_cast<std::uint16_t>(draws.below(3))};
}

inline void demand_separation(Draws& draws, CaseJob& job, std::uint32_t nodes, bool few_slots) {
  core::Request& request = job.request;
  if (few_slots) request.slots = draws.number(1, 3);
  if (draws.one_in(5)) request.min_trust = static_cast<std::uint8_t>(draws.below(3));
  if (draws.one_in(6)) {
    request.host_class = core::HostClassId{static_cast<std::uint16_t>(draws.below(3))};
  }
  if (draws.one_in(4)) return;
  for (std::uint32_t count = draws.number(1, 4); count > 0; --count) {
    const auto kind = static_cast<core::DomainKind>(draws.below(core::domain_kinds));
    const std::uint32_t last = kind == core::DomainKind::node ? nodes : 4;
    // Most name a node, since that is what costs a scheduler most care.
    if (draws.one_in(2)) {
      job.avoid.push_back(core::FaultDomain::of(core::NodeId{draws.number(0, nodes)}));
    } else {
      job.avoid.push_back({kind, draws.number(0, last)});
    }
  }
}

/// Half of the cases number all places; then some jobs come with the place of an earlier one.
inline void number_places(Draws& draws, std::vector<CaseJob>& jobs) {
  if (draws.one_in(2)) return;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const bool late = draws.one_in(3);
    jobs[i].place = late ? 256 * (1 + draws.below(i + 1)) + 1 + i : 256 * (1 + i);
  }
}

inline core::NodeSpec random_spec(Draws& draws, Kind kind) {
  core::NodeSpec spec;
  const bool all = kind == Kind::everything;
  const bool one_core = kind == Kind::one_core_nodes || kind == Kind::tiers_of_one_core_nodes;
  spec.capacity.cores = one_core || (all && draws.one_in(3)) ? 1 : draws.number(2, 8);
  if (kind != Kind::one_core_nodes && kind != Kind::shared_nodes) {
    spec.tier = core::TierId{static_cast<std::uint8_t>(draws.below(3))};
  }
  if (all || kind == Kind::memory_and_gpus) {
    spec.capacity.memory_kib = 100 * draws.below(8);
    spec.capacity.gpus = draws.one_in(2) ? 0 : draws.number(1, 4);
    if (spec.capacity.gpus != 0) {
      spec.gpu_type = core::GpuTypeId{static_cast<std::uint16_t>(draws.number(1, 2))};
    }
  }
  if (all || kind == Kind::speeds_and_timeouts) spec.speed_permille = draws.number(300, 2500);
  if (kind == Kind::fault_domains) {
    if (draws.one_in(2)) spec.capacity.cores = 1;
    place_in_domains(draws, spec);
  }
  return spec;
}

inline std::vector<core::NodeGroup> random_groups(Draws& draws, Kind kind, bool large) {
  const bool single = kind == Kind::one_core_nodes || kind == Kind::shared_nodes;
  const std::uint32_t count = single ? 1 : draws.number(1, kind == Kind::fault_domains ? 7 : 4);
  std::vector<core::NodeGroup> groups;
  for (std::uint32_t i = 0; i < count; ++i) {
    const core::NodeSpec spec = random_spec(draws, kind);
    const std::uint32_t most = spec.capacity.cores == 1 ? (large ? 120 : 12) : (large ? 15 : 5);
    const std::uint32_t nodes = draws.number(1, most);
    groups.push_back({.name = "g" + std::to_string(i), .count = nodes, .spec = spec});
  }
  // Two groups of one spec are one class for the engine, with gaps in its node ids.
  if (!single && draws.one_in(4)) groups.push_back(groups.front());
  return groups;
}

inline core::Request random_request(Draws& draws, Kind kind, std::uint64_t cluster_cores) {
  core::Request request;
  const bool all = kind == Kind::everything;
  const bool wide = draws.one_in(4);
  const auto most = static_cast<std::uint32_t>(wide ? cluster_cores + 1 : cluster_cores / 3 + 1);
  request.slots = draws.number(1, std::max<std::uint32_t>(most, 1));
  const bool one_core = kind == Kind::one_core_nodes || kind == Kind::tiers_of_one_core_nodes;
  if (!one_core && draws.one_in(2)) {
    request.per_slot.cores = draws.number(1, 4);
    request.slots = std::max<std::uint32_t>(request.slots / request.per_slot.cores, 1);
  }
  if (kind != Kind::one_core_nodes && draws.one_in(3)) {
    request.tiers = static_cast<core::TierMask>(draws.number(1, 7));
  }
  if (all || kind == Kind::memory_and_gpus) {
    if (draws.one_in(2)) request.per_slot.memory_kib = 50 * draws.below(6);
    if (draws.one_in(3)) request.per_slot.gpus = draws.number(1, 2);
    if (draws.one_in(4))
      request.gpu_type = core::GpuTypeId{static_cast<std::uint16_t>(draws.below(3))};
  }
  const bool some_whole = kind == Kind::fault_domains && draws.one_in(3);
  if (((all || kind == Kind::whole_nodes) && draws.one_in(2)) || some_whole) {
    request.sharing = core::Sharing::whole_nodes;
    request.slots = draws.number(1, 5);
  }
  return request;
}

}  // namespace detail

inline Case random_case(std::uint64_t seed, Kind kind) {
  Draws draws(seed * 16 + static_cast<std::uint64_t>(kind));
  Case made;
  // Large enough, at times, for more than one chunk of the queue and one word of a bitmap.
  const bool large = draws.one_in(24);
  made.groups = detail::random_groups(draws, kind, large);
  std::uint64_t cores = 0;
  for (const core::NodeGroup& group : made.groups) {
    cores += std::uint64_t{group.count} * group.spec.capacity.cores;
  }
  // Coarse units give ties in all times, fine ones none.
  constexpr std::array<std::int64_t, 3> units = {1, 1000, 1'000'000};
  const core::Duration unit{units[draws.below(units.size())]};
  const auto jobs = static_cast<std::size_t>(draws.between(3, large ? 160 : 40));
  const std::int64_t longest = draws.one_in(2) ? 8 : 60;
  const bool exact = draws.one_in(4);
  const bool may_time_out = kind == Kind::speeds_and_timeouts || kind == Kind::everything;
  core::Time submit{};
  for (std::size_t i = 0; i < jobs; ++i) {
    if (!draws.one_in(2)) submit += unit * draws.between(0, longest / 3);
    CaseJob job{.submit = submit,
                .run_time = unit * draws.between(1, longest),
                .request = detail::random_request(draws, kind, cores)};
    job.time_limit = exact ? job.run_time : job.run_time + unit * draws.between(0, longest);
    if (may_time_out && draws.one_in(4)) job.time_limit = unit * draws.between(1, longest);
    if (kind == Kind::fault_domains) {
      const auto nodes = static_cast<std::uint32_t>(made.node_specs().size());
      detail::demand_separation(draws, job, nodes, draws.one_in(2));
    }
    made.jobs.push_back(job);
  }
  if (kind == Kind::fault_domains) detail::number_places(draws, made.jobs);
  return made;
}

/// A case in the terms of the oracle. Classes are in the order of preference of `lowest_tier`: by
/// tier, then by spec, which is the order of specs.
struct OracleInput {
  std::vector<core::NodeSpec> specs;  ///< by class
  std::vector<oracle::Node> nodes;
  std::vector<oracle::ClassInfo> classes;
  std::vector<oracle::JobSpec> jobs;
};

inline oracle::JobSpec oracle_job(const CaseJob& job, std::size_t id) {
  oracle::JobSpec spec;
  spec.id = static_cast<int>(id);
  spec.submit_us = job.submit.time_since_epoch().count();
  spec.run_us = job.run_time.count();
  spec.limit_us = job.time_limit.count();
  spec.slots = static_cast<int>(job.request.slots);
  spec.cores = static_cast<int>(job.request.per_slot.cores);
  spec.gpus = static_cast<int>(job.request.per_slot.gpus);
  spec.memory = static_cast<long>(job.request.per_slot.memory_kib);
  spec.tier_mask = job.request.tiers;
  spec.gpu_type = job.request.gpu_type.value;
  spec.whole_nodes = job.request.sharing == core::Sharing::whole_nodes;
  spec.min_trust = job.request.min_trust;
  spec.host_class = job.request.host_class.value;
  spec.place = static_cast<long>(job.place);
  std::array<std::set<long>*, core::domain_kinds> sets = {&spec.avoid_owners, &spec.avoid_sites,
                                                          &spec.avoid_racks, &spec.avoid_nodes,
                                                          &spec.avoid_host_classes};
  for (const core::FaultDomain& domain : job.avoid) {
    sets[static_cast<std::size_t>(domain.kind)]->insert(domain.id);
  }
  return spec;
}

inline OracleInput oracle_input(const Case& source) {
  OracleInput input;
  const std::vector<core::NodeSpec> by_node = source.node_specs();
  input.specs = by_node;
  std::sort(input.specs.begin(), input.specs.end());
  input.specs.erase(std::unique(input.specs.begin(), input.specs.end()), input.specs.end());
  for (const core::NodeSpec& spec : input.specs) {
    input.classes.push_back({.tier = spec.tier.value,
                             .speed_permille = static_cast<int>(spec.speed_permille),
                             .owner = spec.owner.value,
                             .site = spec.site.value,
                             .rack = spec.rack.value,
                             .trust = spec.trust_bucket,
                             .host_class = spec.host_class.value});
  }
  for (std::size_t id = 0; id < by_node.size(); ++id) {
    const core::NodeSpec& spec = by_node[id];
    const auto cls = std::lower_bound(input.specs.begin(), input.specs.end(), spec);
    input.nodes.push_back({.id = static_cast<int>(id),
                           .cls = static_cast<int>(cls - input.specs.begin()),
                           .cores = static_cast<int>(spec.capacity.cores),
                           .gpus = static_cast<int>(spec.capacity.gpus),
                           .memory = static_cast<long>(spec.capacity.memory_kib),
                           .gpu_type = spec.gpu_type.value});
  }
  for (std::size_t i = 0; i < source.jobs.size(); ++i) {
    input.jobs.push_back(oracle_job(source.jobs[i], i));
  }
  return input;
}

inline core::Platform platform_of(const Case& source) {
  core::Platform platform;
  platform.name = "random";
  platform.groups = source.groups;
  platform.tiers = {"t0", "t1", "t2"};
  return platform;
}

inline core::Workload workload_of(const Case& source) {
  core::Workload workload;
  for (const CaseJob& job : source.jobs) {
    workload.jobs.push_back(
        {.submit = job.submit,
         .run_time = job.run_time,
         .time_limit = job.time_limit,
         .slots = job.request.slots,
         .request_class = static_cast<std::uint32_t>(workload.request_classes.size())});
    workload.request_classes.push_back(job.request);
  }
  return workload;
}

/// For a person who has to find out what went wrong.
inline std::string to_text(const Case& source) {
  std::string text;
  for (const core::NodeGroup& group : source.groups) {
    const core::NodeSpec& spec = group.spec;
    text += std::to_string(group.count) + " nodes: tier " + std::to_string(spec.tier.value) + ", " +
            std::to_string(spec.capacity.cores) + " cores, " + std::to_string(spec.capacity.gpus) +
            " GPUs of type " + std::to_string(spec.gpu_type.value) + ", " +
            std::to_string(spec.capacity.memory_kib) + " KiB, speed " +
            std::to_string(spec.speed_permille) + ", owner " + std::to_string(spec.owner.value) +
            ", site " + std::to_string(spec.site.value) + ", rack " +
            std::to_string(spec.rack.value) + ", trust " + std::to_string(spec.trust_bucket) +
            ", host class " + std::to_string(spec.host_class.value) + "\n";
  }
  for (std::size_t i = 0; i < source.jobs.size(); ++i) {
    const CaseJob& job = source.jobs[i];
    const core::Request& request = job.request;
    text += "job " + std::to_string(i) + ": submit " +
            std::to_string(job.submit.time_since_epoch().count()) + ", run " +
            std::to_string(job.run_time.count()) + ", limit " +
            std::to_string(job.time_limit.count()) + " us, " + std::to_string(request.slots) +
            " slots of " + std::to_string(request.per_slot.cores) + " cores, " +
            std::to_string(request.per_slot.gpus) + " GPUs of type " +
            std::to_string(request.gpu_type.value) + ", " +
            std::to_string(request.per_slot.memory_kib) + " KiB, tiers " +
            std::to_string(request.tiers) +
            (request.sharing == core::Sharing::whole_nodes ? ", whole nodes" : "") + ", trust " +
            std::to_string(request.min_trust) + ", host class " +
            std::to_string(request.host_class.value) + ", place " + std::to_string(job.place) +
            ", avoids";
    for (const core::FaultDomain& domain : job.avoid) {
      constexpr std::array<std::string_view, core::domain_kinds> kinds = {
          " owner ", " site ", " rack ", " node ", " host class "};
      text += std::string(kinds[static_cast<std::size_t>(domain.kind)]) + std::to_string(domain.id);
    }
    text += "\n";
  }
  return text;
}

}  // namespace nexa::test
