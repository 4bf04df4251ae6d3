#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/request.hpp"
#include "core/result.hpp"

namespace nexa::tier {

/// A number that is measured on a node and that a condition may ask for.
enum class Figure : std::uint8_t {
  packages,
  physical_cores,
  hardware_threads,
  numa_nodes,
  memory,
  gpus,
  datacenter_gpus,
  consumer_gpus,
  gpu_memory,
  rdma_networks,
  network_mbit,
  x86_64_level,
};
inline constexpr std::size_t figure_count = 12;

enum class FigureUnit : std::uint8_t {
  count,  ///< a plain number
  kib,    ///< kept in KiB; people type and read a size, `64 GiB`
  mbit,   ///< megabits per second
  level,  ///< the N of `x86-64-vN`
};

/// How a figure is called and what it means.
struct FigureInfo {
  Figure figure;
  std::string_view key;    ///< in files and JSON: `physical_cores`
  std::string_view label;  ///< in sentences: `physical cores`
  FigureUnit unit;
  std::string_view doc;
};

/// One entry per figure, in the order of the enumeration.
std::span<const FigureInfo> all_figures();
const FigureInfo& info(Figure figure);

/// The figure called `key`. Unknown names give `not_found` with a suggestion.
core::Result<Figure> figure_from_key(std::string_view key);

/// A value with its unit, as people read it: `64`, `125.5 GiB`, `100 Gbit/s`.
std::string value_text(Figure figure, std::int64_t value);

/// `figure >= at_least`. A figure that was not measured does not meet any condition.
struct Condition {
  Figure figure = Figure::physical_cores;
  std::int64_t at_least = 1;  ///< in the unit of the figure: counts, KiB, Mbit/s, level
  friend bool operator==(const Condition&, const Condition&) = default;
};

/// Holds when all of its conditions hold.
struct Rule {
  std::string name;  ///< a short phrase that people read: `many cores with a fast network`
  std::vector<Condition> all_of;  ///< the figure that tells most comes first
  friend bool operator==(const Rule&, const Rule&) = default;
};

/// A kind of node. A node reaches the tier when any of its rules holds, and when the node's
/// benchmark, where there is one, is not below `min_benchmark`.
struct Tier {
  std::string name;  ///< `a-z 0-9 _`, starting with a letter
  std::string doc;   ///< one line
  std::vector<Rule> any_of;
  /// Per mille of the reference core's speed. A benchmark below it keeps the node out of the tier
  /// whatever its hardware; a node without a benchmark is taken at its hardware's word.
  std::optional<std::int64_t> min_benchmark;
  friend bool operator==(const Tier&, const Tier&) = default;
};

/// Something that a job may ask for by name, whatever the tier.
struct Capability {
  std::string name;
  std::string doc;
  std::vector<Rule> any_of;
  friend bool operator==(const Capability&, const Capability&) = default;
};

/// Tells GPU models apart by name. A pattern is one or more words that stand next to each other in
/// "vendor model", whatever their case; a word that ends with `*` may go on: `MI250*` is found in
/// `Instinct MI250X`, `T4` is not found in `T400`. The lists are tried in this order.
struct GpuModels {
  std::vector<std::string> datacenter;
  std::vector<std::string> display_only;  ///< drives a screen; not counted as a GPU at all
  std::vector<std::string> consumer;
  friend bool operator==(const GpuModels&, const GpuModels&) = default;
};

/// Which tiers exist, lowest first: the position of a tier is its `core::TierId`.
struct Catalog {
  std::vector<Tier> tiers;
  std::vector<Capability> capabilities;
  GpuModels gpu_models;
  friend bool operator==(const Catalog&, const Catalog&) = default;
};

/// What `configs/tiers.yaml` says: `cpu < consumer_gpu < hpc`.
Catalog default_catalog();

/// Something wrong in a catalogue. `pointer` is the JSON Pointer of the part in the catalogue's
/// file, e.g. `/tiers/2/any_of/0/name`, so that a reader can show the line.
struct CatalogProblem {
  std::string pointer;
  std::string message;
  std::string hint;
};

/// Everything that is wrong: no tier or more than 32, a bad or repeated name, a rule without a
/// name or conditions, a condition repeated or not positive, a lowest tier that does not take
/// every machine.
std::vector<CatalogProblem> problems(const Catalog& catalog);

/// The tier called `name`. Unknown names give `not_found` with a suggestion.
core::Result<core::TierId> find_tier(const Catalog& catalog, std::string_view name);

/// The tiers that a job with `min_tier: name` may run on: that one and all above it.
core::Result<core::TierMask> tiers_at_least(const Catalog& catalog, std::string_view name);

/// Where nodes with a capability are found.
struct CapabilityTiers {
  core::TierMask always = 0;    ///< every node of these tiers has it, by the tier's own rules
  core::TierMask possible = 0;  ///< some node that is classified into these tiers can have it
};

/// The tiers for a job that asks for capability `name`. Unknown names give `not_found` with a
/// suggestion. A host that knows single nodes looks in `possible` and checks the node; one that
/// knows tiers alone must stay in `always`.
core::Result<CapabilityTiers> tiers_with_capability(const Catalog& catalog, std::string_view name);

}  // namespace nexa::tier
