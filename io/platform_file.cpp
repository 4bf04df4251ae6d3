#include "io/platform_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/suggest.hpp"
#include "io/behaviour_fields.hpp"
#include "io/values.hpp"
#include "io/yaml/table.hpp"

namespace nexa::io {
namespace {

constexpr std::string_view short_prefix = "cores:";

/// The fields of the file, as they are written; names become ids afterwards.
struct GpusFields {
  std::string type;
  std::uint32_t count = 0;
};

struct GroupFields {
  Located<std::string> name;
  std::uint32_t count = 1;
  Located<std::string> tier;
  std::uint32_t cores = 1;
  std::uint64_t memory_kib = 0;
  std::optional<GpusFields> gpus;
  std::uint32_t speed_permille = 1000;
  std::string owner{default_owner};
  std::string site{default_site};
  core::Credits price;
  std::vector<BehaviourEntry> behaviours;
  Located<std::uint32_t> owners{1, {}};
  std::string rack;
  std::string host_class;
};

struct PlatformFields {
  std::string name;
  std::vector<GroupFields> groups;
};

Table<GpusFields> gpus_table() {
  Table<GpusFields> table("a mapping with the type and count of GPUs");
  table.required("type", &GpusFields::type, name(), "model of the GPUs, such as a100")
      .required("count", &GpusFields::count,
                as<std::uint32_t>(integer({1, PlatformLimits::gpus_per_node})), "GPUs per node");
  return table;
}

Table<GroupFields> group_table() {
  Table<GroupFields> table("a mapping that describes a group of equal nodes");
  table
      .required("name", &GroupFields::name, located(name()),
                "nodes are called by it, followed by a number")
      .required("count", &GroupFields::count,
                as<std::uint32_t>(integer({1, PlatformLimits::nodes})), "number of nodes")
      .required("tier", &GroupFields::tier, located(name()), "a tier of the tier catalogue")
      .required("cores", &GroupFields::cores,
                as<std::uint32_t>(integer({1, PlatformLimits::cores_per_node})), "cores per node")
      .required("memory", &GroupFields::memory_kib,
                memory_kib({1024, PlatformLimits::memory_kib_per_node}), "memory per node")
      .optional("gpus", &GroupFields::gpus, gpus_table().codec(),
                "GPUs of each node; leave it out for nodes without GPUs")
      .optional("speed", &GroupFields::speed_permille,
                as<std::uint32_t>(decimal(3, {1, PlatformLimits::speed_permille})),
                "run times divide by it; the reference core has 1")
      .optional("owner", &GroupFields::owner, name(), "who runs the nodes")
      .optional("site", &GroupFields::site, name(), "where the nodes stand")
      .optional("price", &GroupFields::price,
                credits({core::Credits{}, core::Credits::whole(PlatformLimits::price_credits)}),
                "credits per core hour")
      .optional("behaviours", &GroupFields::behaviours, behaviours_codec(),
                "how nodes misbehave in simulations; all are honest if left out")
      .optional("owners", &GroupFields::owners,
                located(as<std::uint32_t>(integer({1, PlatformLimits::owners}))),
                "number of owners among whom the nodes are dealt in turn; they are called by "
                "'owner', or 'owner' if that is left out, followed by a number from 1")
      .optional("rack", &GroupFields::rack, name(), "the rack that the nodes stand in")
      .optional("host_class", &GroupFields::host_class, name(),
                "nodes whose results may be compared bit by bit have the same, such as x86-64-v4");
  return table;
}

Table<PlatformFields> platform_table() {
  Table<PlatformFields> table("a mapping that describes a platform");
  table.required("name", &PlatformFields::name, name(), "short name of the platform")
      .required(
          "groups", &PlatformFields::groups,
          list_of(group_table().codec(), "a list of node groups", {1, PlatformLimits::groups}),
          "the nodes, in groups of equal ones");
  return table;
}

/// Numbers names in the order of their appearance.
class Interner {
 public:
  explicit Interner(std::vector<std::string>& names) : names_(names) {
    for (const std::string& name : names_) ids_.emplace(name, ids_.size());
  }
  std::size_t operator()(const std::string& name) {
    const auto [entry, is_new] = ids_.emplace(name, ids_.size());
    if (is_new) names_.push_back(name);
    return entry->second;
  }

 private:
  std::vector<std::string>& names_;
  std::map<std::string, std::size_t> ids_;
};

void check_group_names(const std::vector<GroupFields>& groups, Diagnostics& diagnostics) {
  std::map<std::string_view, const Place*> seen;
  for (const GroupFields& group : groups) {
    if (group.name.value.empty()) continue;
    const auto [known, is_new] = seen.emplace(group.name.value, &group.name.place);
    if (is_new) continue;
    diagnostics.add(
        group.name.place,
        fmt::format("the group name {} is used twice, first at {}:{}", in_quotes(group.name.value),
                    known->second->line, known->second->column),
        "give each group a name of its own");
  }
}

void check_total(const PlatformFields& fields, const Cursor& root) {
  std::int64_t nodes = 0;
  for (const GroupFields& group : fields.groups) nodes += group.count;
  if (nodes <= PlatformLimits::nodes) return;
  root.error(fmt::format("the groups have {} nodes together, at most {} are allowed", nodes,
                         PlatformLimits::nodes));
}

/// The tier's position in the catalogue; reports a name that is not there.
core::TierId find_tier(const Located<std::string>& tier, std::span<const std::string> tiers,
                       Diagnostics& diagnostics) {
  const auto found = std::find(tiers.begin(), tiers.end(), tier.value);
  if (found != tiers.end()) {
    return core::TierId{static_cast<std::uint8_t>(found - tiers.begin())};
  }
  if (!tier.value.empty()) {
    const std::vector<std::string_view> known(tiers.begin(), tiers.end());
    diagnostics.add(tier.place, fmt::format("unknown tier {}", in_quotes(tier.value)),
                    core::suggestion(tier.value, known), core::ErrorCode::invalid_argument);
  }
  return {};
}

void check_owners(const std::vector<GroupFields>& groups, Diagnostics& diagnostics) {
  for (const GroupFields& group : groups) {
    if (group.owners.value <= group.count) continue;
    diagnostics.add(
        group.owners.place,
        fmt::format("{} nodes cannot be dealt among {} owners", group.count, group.owners.value),
        "a group has at most as many owners as nodes");
  }
}

/// What the owners of a group of several are called by.
std::string owners_name(const GroupFields& group) {
  return group.owner == default_owner ? std::string(default_owners) : group.owner;
}

/// Numbers the owners of groups of several, so that those of a name follow each other.
void intern_owners(const std::vector<GroupFields>& groups, Interner& owner) {
  std::map<std::string, std::uint32_t> most;
  for (const GroupFields& group : groups) {
    if (group.owners.value == 1) continue;
    std::uint32_t& known = most[owners_name(group)];
    known = std::max(known, group.owners.value);
  }
  for (const auto& [called, count] : most) {
    for (std::uint32_t i = 1; i <= count; ++i) owner(fmt::format("{}-{}", called, i));
  }
}

core::Platform to_platform(const PlatformFields& fields, std::span<const std::string> tiers,
                           Diagnostics& diagnostics) {
  core::Platform platform;
  platform.name = fields.name;
  platform.tiers.assign(tiers.begin(), tiers.end());
  platform.gpu_types.emplace_back();
  Interner owner(platform.owners);
  Interner site(platform.sites);
  Interner gpu_type(platform.gpu_types);
  platform.racks.emplace_back();
  platform.host_classes.emplace_back();
  Interner rack(platform.racks);
  Interner host_class(platform.host_classes);
  intern_owners(fields.groups, owner);
  for (const GroupFields& group : fields.groups) {
    core::NodeSpec spec;
    spec.tier = find_tier(group.tier, tiers, diagnostics);
    spec.capacity = {group.cores, group.gpus ? group.gpus->count : 0, group.memory_kib};
    if (group.gpus) {
      spec.gpu_type = core::GpuTypeId{static_cast<std::uint16_t>(gpu_type(group.gpus->type))};
    }
    spec.speed_permille = group.speed_permille;
    const bool several = group.owners.value > 1;
    const std::string first_owner = several ? owners_name(group) + "-1" : group.owner;
    spec.owner = core::OwnerId{static_cast<std::uint32_t>(owner(first_owner))};
    spec.site = core::SiteId{static_cast<std::uint32_t>(site(group.site))};
    spec.price_per_core_hour = group.price;
    spec.rack = core::RackId{static_cast<std::uint32_t>(rack(group.rack))};
    spec.host_class = core::HostClassId{static_cast<std::uint16_t>(host_class(group.host_class))};
    platform.groups.push_back({group.name.value, group.count, spec, group.owners.value});
    platform.groups.back().behaviours =
        resolve_behaviours(group.behaviours, group.count, diagnostics);
  }
  return platform;
}

}  // namespace

bool is_short_platform(std::string_view text) {
  return text.starts_with(short_prefix);
}

core::Result<core::Platform> parse_short_platform(std::string_view text,
                                                  std::span<const std::string> tiers) {
  NEXA_ASSERT(is_short_platform(text), "the caller has looked at the form");
  const auto count = parse_integer(text.substr(short_prefix.size()));
  if (!count || *count < 1 || *count > PlatformLimits::nodes) {
    return core::Error{core::ErrorCode::invalid_argument,
                       fmt::format("the short platform {} must name a number of cores from 1 to {}",
                                   in_quotes(text), PlatformLimits::nodes),
                       "write cores:100, or the path of a platform file",
                       {}};
  }
  core::Platform platform;
  platform.name = std::string(text);
  platform.tiers.assign(tiers.begin(), tiers.end());
  platform.owners.emplace_back(default_owner);
  platform.sites.emplace_back(default_site);
  platform.gpu_types.emplace_back();
  platform.racks.emplace_back();
  platform.host_classes.emplace_back();
  platform.groups.push_back({"node", static_cast<std::uint32_t>(*count), core::NodeSpec{}});
  return platform;
}

core::Result<core::Platform> decode_platform(const SourcePtr& source,
                                             std::span<const std::string> tiers,
                                             Diagnostics& diagnostics) {
  const std::size_t errors_before = diagnostics.count();
  const auto document = parse_yaml(source, diagnostics);
  if (!document) return diagnostics.first_error();
  const Cursor root(*document, diagnostics);
  PlatformFields fields;
  static const Table<PlatformFields> table = platform_table();  // dear to build
  table.decode(root, fields);
  check_group_names(fields.groups, diagnostics);
  if (diagnostics.count() == errors_before) check_owners(fields.groups, diagnostics);
  check_total(fields, root);
  core::Platform platform = to_platform(fields, tiers, diagnostics);
  if (diagnostics.count() != errors_before) return diagnostics.first_error();
  return platform;
}

core::Result<core::Platform> load_platform(const std::string& file_or_short_form,
                                           std::span<const std::string> tiers,
                                           Diagnostics& diagnostics) {
  if (is_short_platform(file_or_short_form)) {
    auto platform = parse_short_platform(file_or_short_form, tiers);
    if (!platform) diagnostics.add(platform.error());
    return platform;
  }
  const auto source = read_source(file_or_short_form, YamlLimits{}.bytes);
  if (!source) {
    diagnostics.add(source.error());
    return source.error();
  }
  return decode_platform(*source, tiers, diagnostics);
}

std::string platform_json_schema() {
  return json_schema(platform_table().shape(), "nexapod platform");
}

std::string platform_reference() {
  return field_reference(platform_table().shape(), "platform");
}

}  // namespace nexa::io
