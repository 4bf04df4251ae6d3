#include "tier/catalog.hpp"

#include <algorithm>
#include <array>

#include "core/suggest.hpp"
#include "tier/classify.hpp"
#include "tier/figures.hpp"

namespace nexa::tier {

namespace {

using core::Error;
using core::ErrorCode;

constexpr std::array<FigureInfo, figure_count> figure_table{{
    {Figure::packages, "packages", "packages", FigureUnit::count,
     "physical processor packages (sockets)"},
    {Figure::physical_cores, "physical_cores", "physical cores", FigureUnit::count,
     "processor cores, hyper-threads not counted"},
    {Figure::hardware_threads, "hardware_threads", "hardware threads", FigureUnit::count,
     "hardware threads of all cores"},
    {Figure::numa_nodes, "numa_nodes", "NUMA nodes", FigureUnit::count,
     "nodes of main memory with their own distance to the cores"},
    {Figure::memory, "memory", "memory", FigureUnit::kib, "main memory that the system reports"},
    {Figure::gpus, "gpus", "GPUs", FigureUnit::count,
     "GPUs of any make, screen-only chips left out"},
    {Figure::datacenter_gpus, "datacenter_gpus", "data-centre GPUs", FigureUnit::count,
     "GPUs whose model is listed under gpu_models.datacenter"},
    {Figure::consumer_gpus, "consumer_gpus", "consumer GPUs", FigureUnit::count,
     "GPUs whose model is listed under gpu_models.consumer"},
    {Figure::gpu_memory, "gpu_memory", "GPU memory", FigureUnit::kib,
     "memory of the GPU that has most"},
    {Figure::rdma_networks, "rdma_networks", "RDMA network links", FigureUnit::count,
     "InfiniBand, Omni-Path, Slingshot, RoCE and other network functions with remote direct memory "
     "access"},
    {Figure::network_mbit, "network_mbit", "network speed", FigureUnit::mbit,
     "speed of the fastest network link, in Mbit/s"},
    {Figure::x86_64_level, "x86_64_level", "x86-64 level", FigureUnit::level,
     "the N of x86-64-vN; 0 on other architectures"},
}};

constexpr bool table_follows_enumeration() {
  for (std::size_t i = 0; i < figure_table.size(); ++i) {
    if (static_cast<std::size_t>(figure_table[i].figure) != i) return false;
  }
  return true;
}
static_assert(table_follows_enumeration(), "info() indexes the table by the enumerator");

template <class Named>
Error unknown_name(std::string_view kind, std::string_view typed, const std::vector<Named>& known) {
  std::vector<std::string_view> names;
  for (const Named& entry : known) names.push_back(entry.name);
  return Error{ErrorCode::not_found,
               "unknown " + std::string(kind) + " '" + std::string(typed) + "'",
               core::suggestion(typed, names),
               {}};
}

/// One digit after the point, rounded down: a value that misses a limit must not print as it.
std::string scaled(std::int64_t value, std::int64_t unit, std::string_view suffix) {
  std::string text = std::to_string(value / unit);
  if (value % unit != 0) text += '.' + std::to_string(value % unit * 10 / unit);
  return text + std::string(suffix);
}

/// Whether every node that meets `rule` has the capability.
bool always_has(const Rule& rule, const Capability& capability) {
  Figures figures = smallest_machine();
  raise_to(figures, rule);
  return std::any_of(capability.any_of.begin(), capability.any_of.end(),
                     [&figures](const Rule& wanted) { return figures.meets(wanted); });
}

/// Whether some node that meets `rule` and has the capability still belongs to `tier`. Rules only
/// ask for more, so it is enough to try the smallest such node.
bool can_have(const Catalog& catalog, core::TierId tier, const Rule& rule,
              const Capability& capability) {
  return std::any_of(capability.any_of.begin(), capability.any_of.end(), [&](const Rule& wanted) {
    Figures figures = smallest_machine();
    Rule both = rule;
    both.all_of.insert(both.all_of.end(), wanted.all_of.begin(), wanted.all_of.end());
    raise_to(figures, both);
    return classify(catalog, figures, std::nullopt).tier == tier;
  });
}

}  // namespace

std::span<const FigureInfo> all_figures() {
  return figure_table;
}

const FigureInfo& info(Figure figure) {
  return figure_table[static_cast<std::size_t>(figure)];
}

core::Result<Figure> figure_from_key(std::string_view key) {
  std::vector<std::string_view> keys;
  for (const FigureInfo& entry : figure_table) {
    if (entry.key == key) return entry.figure;
    keys.push_back(entry.key);
  }
  return Error{ErrorCode::not_found,
               "unknown figure '" + std::string(key) + "'",
               core::suggestion(key, keys),
               {}};
}

std::string value_text(Figure figure, std::int64_t value) {
  constexpr std::int64_t mib = 1024;
  constexpr std::int64_t gib = 1024 * mib;
  switch (info(figure).unit) {
    case FigureUnit::kib:
      if (value == 0) return "0";
      if (value < mib) return std::to_string(value) + " KiB";
      return value < gib ? scaled(value, mib, " MiB") : scaled(value, gib, " GiB");
    case FigureUnit::mbit:
      if (value == 0) return "0";
      return value < 1000 ? std::to_string(value) + " Mbit/s" : scaled(value, 1000, " Gbit/s");
    case FigureUnit::count:
    case FigureUnit::level:
      break;
  }
  return std::to_string(value);
}

core::Result<core::TierId> find_tier(const Catalog& catalog, std::string_view name) {
  for (std::size_t i = 0; i < catalog.tiers.size(); ++i) {
    if (catalog.tiers[i].name == name) return core::TierId{static_cast<std::uint8_t>(i)};
  }
  return unknown_name("tier", name, catalog.tiers);
}

core::Result<core::TierMask> tiers_at_least(const Catalog& catalog, std::string_view name) {
  const auto lowest = find_tier(catalog, name);
  if (!lowest) return lowest.error();
  core::TierMask mask = 0;
  for (std::size_t i = lowest->value; i < catalog.tiers.size(); ++i) mask |= core::TierMask{1} << i;
  return mask;
}

core::Result<CapabilityTiers> tiers_with_capability(const Catalog& catalog, std::string_view name) {
  const auto capability =
      std::find_if(catalog.capabilities.begin(), catalog.capabilities.end(),
                   [name](const Capability& entry) { return entry.name == name; });
  if (capability == catalog.capabilities.end()) {
    return unknown_name("capability", name, catalog.capabilities);
  }
  CapabilityTiers tiers;
  for (std::size_t i = 0; i < catalog.tiers.size(); ++i) {
    const std::vector<Rule>& rules = catalog.tiers[i].any_of;
    const core::TierId tier{static_cast<std::uint8_t>(i)};
    const core::TierMask bit = core::TierMask{1} << i;
    const bool always = std::all_of(rules.begin(), rules.end(), [&capability](const Rule& rule) {
      return always_has(rule, *capability);
    });
    const bool possible = std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) {
      return can_have(catalog, tier, rule, *capability);
    });
    if (always) tiers.always |= bit;
    if (possible) tiers.possible |= bit;
  }
  return tiers;
}

}  // namespace nexa::tier
