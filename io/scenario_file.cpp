#include "io/scenario_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/suggest.hpp"
#include "io/field_helpers.hpp"
#include "io/platform_file.hpp"
#include "io/yaml/table.hpp"

namespace nexa::io {
namespace {

constexpr std::size_t most_tier_rules = 1000;
constexpr core::Duration shortest_limit = core::seconds(1);
constexpr core::Duration longest_limit = core::seconds(std::int64_t{100} * 365 * 86'400);

/// `tier` and `min_tier` are two ways to fill the same members.
struct RuleFields {
  std::optional<Located<std::string>> tier;
  std::optional<Located<std::string>> min_tier;
  std::optional<std::uint32_t> min_slots;
  std::optional<std::uint32_t> max_slots;
  std::optional<core::Duration> min_time_limit;
  std::optional<core::Duration> max_time_limit;
  std::uint32_t share_ppm = 1'000'000;
  std::uint32_t cores_per_slot = 1;
  std::uint32_t gpus_per_slot = 0;
  std::optional<Located<std::string>> gpu_type;
};

enum class MemoryUse { ignore, requested };

struct WorkloadFields {
  std::optional<Located<std::string>> file;
  std::optional<SyntheticSource> synthetic;
  bool strict = false;
  std::optional<std::uint64_t> first;
  core::Sharing sharing = core::Sharing::shared;
  MemoryUse memory = MemoryUse::ignore;
  std::vector<RuleFields> tiers;
};

struct ScenarioFields {
  std::string name;
  WorkloadFields workload;
  Located<std::string> platform;
  PolicyText policy = split_policy("fcfs+easy", Place{});
  std::uint64_t seed = 1;
  OutputFiles outputs;
  std::vector<core::RequesterGroup> requesters;
  std::optional<core::Economy> economy;
  std::vector<AvailabilitySource> availability;
  core::Defences defences;
  CoordinatorSource coordinator;
  std::optional<ValidationSource> validation;
  std::optional<CreditSource> credits;
};

void check_rule(const Cursor& at, const RuleFields& rule) {
  if (rule.tier.has_value() == rule.min_tier.has_value()) {
    at.error(fmt::format("{} needs either 'tier' or 'min_tier'", in_quotes(at.path())),
             "tier: only that one; min_tier: that one and all above it");
  }
  if (rule.min_slots && rule.max_slots && *rule.min_slots > *rule.max_slots) {
    at.error(fmt::format("{} takes no job: min_slots is {}, max_slots is {}", in_quotes(at.path()),
                         *rule.min_slots, *rule.max_slots));
  }
  if (rule.min_time_limit && rule.max_time_limit && *rule.min_time_limit > *rule.max_time_limit) {
    at.error(fmt::format("{} takes no job: min_time_limit is longer than max_time_limit",
                         in_quotes(at.path())));
  }
  if (rule.gpu_type && rule.gpus_per_slot == 0) {
    at.diagnostics().add(rule.gpu_type->place, "gpu_type needs gpus_per_slot",
                         "say how many GPUs each slot needs");
  }
}

Table<RuleFields> rule_table() {
  const auto slots = [] { return as<std::uint32_t>(integer({1, largest_count})); };
  const auto limit = [] { return duration({shortest_limit, longest_limit}); };
  Table<RuleFields> table("a mapping that describes a rule");
  table.optional("tier", &RuleFields::tier, located(name()), "jobs run on this tier only")
      .optional("min_tier", &RuleFields::min_tier, located(name()),
                "jobs run on this tier or any above it")
      .optional("min_slots", &RuleFields::min_slots, slots(), "only jobs with at least so many")
      .optional("max_slots", &RuleFields::max_slots, slots(), "only jobs with at most so many")
      .optional("min_time_limit", &RuleFields::min_time_limit, limit(),
                "only jobs that ask for at least this time")
      .optional("max_time_limit", &RuleFields::max_time_limit, limit(),
                "only jobs that ask for at most this time")
      .optional("share", &RuleFields::share_ppm, as<std::uint32_t>(decimal(6, {1, 1'000'000})),
                "part of those jobs, drawn by the seed; the others go on to the next rule")
      .optional("cores_per_slot", &RuleFields::cores_per_slot,
                as<std::uint32_t>(integer({1, PlatformLimits::cores_per_node})),
                "cores that each slot of the job needs on one node")
      .optional("gpus_per_slot", &RuleFields::gpus_per_slot,
                as<std::uint32_t>(integer({0, PlatformLimits::gpus_per_node})),
                "GPUs that each slot of the job needs on its node")
      .optional("gpu_type", &RuleFields::gpu_type, located(name()),
                "model of those GPUs; any model if left out")
      .check(check_rule);
  return table;
}

bool has_key(const Cursor& at, std::string_view key) {
  const auto& entries = at.node().entries;
  return std::any_of(entries.begin(), entries.end(),
                     [&](const YamlEntry& entry) { return entry.key == key; });
}

/// Looks at the keys, since the fields are empty too where their values are wrong.
void check_workload(const Cursor& at) {
  if (has_key(at, "file") != has_key(at, "synthetic")) return;
  at.error(fmt::format("{} needs either 'file' or 'synthetic'", in_quotes(at.path())),
           "file: jobs that were recorded; synthetic: jobs that are drawn");
}

Table<WorkloadFields> workload_table() {
  Table<WorkloadFields> table("a mapping that describes a workload");
  table
      .optional("file", &WorkloadFields::file, located(text("the name of a file")),
                "workload in the Standard Workload Format, .swf or .swf.gz, relative to this file")
      .optional("synthetic", &WorkloadFields::synthetic, synthetic_codec(),
                "jobs that are drawn by the seed, in place of a file")
      .optional("strict", &WorkloadFields::strict, boolean(),
                "stop at the first wrong line instead of mending and counting")
      .optional("first", &WorkloadFields::first, as<std::uint64_t>(integer({1, largest_count})),
                "only so many jobs from the start; all if left out")
      .optional("sharing", &WorkloadFields::sharing,
                choice<core::Sharing>({"shared", "whole_nodes"}),
                "shared: a slot is a core anywhere; whole_nodes: a slot is an idle node")
      .optional("memory", &WorkloadFields::memory, choice<MemoryUse>({"ignore", "requested"}),
                "requested: each slot needs the memory that the workload says it asked for")
      .optional("tiers", &WorkloadFields::tiers,
                list_of(rule_table().codec(), "a list of rules", {0, most_tier_rules}),
                "which jobs run on which tiers; the first rule that takes a job decides, and jobs "
                "that none takes run anywhere")
      .check([](const Cursor& at, const WorkloadFields& /*workload*/) { check_workload(at); });
  return table;
}

Table<OutputFiles> outputs_table() {
  const auto file = [] { return text("the name of a file"); };
  Table<OutputFiles> table("a mapping of the files to write");
  table.optional("report", &OutputFiles::report, file(), "report page, .html")
      .optional("hdf5", &OutputFiles::hdf5, file(), "columns of all jobs and series, .h5")
      .optional("csv", &OutputFiles::csv, text("the name of a folder"),
                "folder for jobs.csv in Batsim's form")
      .optional("json", &OutputFiles::json, file(), "summary, .json");
  return table;
}

Table<ScenarioFields> scenario_table() {
  Table<ScenarioFields> table("a mapping that describes a scenario");
  table.required("name", &ScenarioFields::name, name(), "short name of the scenario")
      .required("workload", &ScenarioFields::workload, workload_table().codec(),
                "the jobs that arrive")
      .required("platform", &ScenarioFields::platform,
                located(text("the name of a platform file, or cores:N")),
                "the cluster; a platform file relative to this file, or cores:100")
      .optional("policy", &ScenarioFields::policy, policy_codec(), "how jobs are scheduled")
      .optional("seed", &ScenarioFields::seed, as<std::uint64_t>(integer({0, INT64_MAX})),
                "of all random draws")
      .optional("outputs", &ScenarioFields::outputs, outputs_table().codec(),
                "files to write, relative to the current folder")
      .optional("requesters", &ScenarioFields::requesters, requesters_codec(),
                "what users can pay and what they try; all are honest and can pay if left out")
      .optional("economy", &ScenarioFields::economy, economy_codec(),
                "what providers reckon with; they neither come nor go if left out")
      .optional("availability", &ScenarioFields::availability, availability_codec(),
                "how nodes fail and are repaired; never if left out")
      .optional("defences", &ScenarioFields::defences, defences_codec(),
                "defences against attacks, all on unless switched off here")
      .optional("coordinator", &ScenarioFields::coordinator, coordinator_codec(),
                "what goes wrong at the coordinator; nothing if left out")
      .optional("validation", &ScenarioFields::validation, validation_codec(),
                "how results are validated; every job runs once and is believed if left out")
      .optional("credits", &ScenarioFields::credits, credits_codec(),
                "how jobs are paid for; nobody pays if left out");
  return table;
}

/// The mask of the tier called `name`, alone or with all above it.
core::TierMask tier_mask(const Located<std::string>& tier, bool and_above,
                         std::span<const std::string> tiers, Diagnostics& diagnostics) {
  const auto found = std::find(tiers.begin(), tiers.end(), tier.value);
  if (found == tiers.end()) {
    const std::vector<std::string_view> known(tiers.begin(), tiers.end());
    if (!tier.value.empty()) {
      diagnostics.add(tier.place, fmt::format("unknown tier {}", in_quotes(tier.value)),
                      core::suggestion(tier.value, known));
    }
    return 0;
  }
  const auto index = static_cast<unsigned>(found - tiers.begin());
  const core::TierMask only = core::TierMask{1} << index;
  return and_above ? core::all_tiers & ~(only - 1) : only;
}

TierRule to_rule(const RuleFields& fields, std::span<const std::string> tiers,
                 Diagnostics& diagnostics) {
  TierRule rule;
  if (fields.tier || fields.min_tier) {
    rule.tier = fields.tier ? *fields.tier : *fields.min_tier;
    rule.tiers = tier_mask(rule.tier, !fields.tier, tiers, diagnostics);
  }
  rule.min_slots = fields.min_slots.value_or(rule.min_slots);
  rule.max_slots = fields.max_slots.value_or(rule.max_slots);
  rule.min_time_limit = fields.min_time_limit.value_or(rule.min_time_limit);
  rule.max_time_limit = fields.max_time_limit.value_or(rule.max_time_limit);
  rule.share_ppm = fields.share_ppm;
  rule.cores_per_slot = fields.cores_per_slot;
  rule.gpus_per_slot = fields.gpus_per_slot;
  rule.gpu_type = fields.gpu_type.value_or(rule.gpu_type);
  return rule;
}

ScenarioSpec to_spec(ScenarioFields fields, std::span<const std::string> tiers,
                     Diagnostics& diagnostics) {
  ScenarioSpec spec;
  spec.name = std::move(fields.name);
  if (fields.workload.file) spec.workload.file = std::move(*fields.workload.file);
  if (fields.workload.synthetic) {
    spec.workload.synthetic = std::move(fields.workload.synthetic);
    SyntheticSource& source = *spec.workload.synthetic;
    if (!source.tier.value.empty()) {
      source.model.tiers = tier_mask(source.tier, false, tiers, diagnostics);
    }
  }
  spec.workload.strict = fields.workload.strict;
  spec.workload.first = fields.workload.first;
  spec.workload.sharing = fields.workload.sharing;
  spec.workload.use_memory = fields.workload.memory == MemoryUse::requested;
  for (const RuleFields& rule : fields.workload.tiers) {
    spec.workload.tiers.push_back(to_rule(rule, tiers, diagnostics));
  }
  spec.platform = std::move(fields.platform);
  spec.policy = std::move(fields.policy);
  spec.seed = fields.seed;
  spec.outputs = std::move(fields.outputs);
  spec.requesters = std::move(fields.requesters);
  spec.economy = fields.economy;
  spec.availability = std::move(fields.availability);
  spec.defences = fields.defences;
  spec.coordinator = std::move(fields.coordinator);
  spec.validation = std::move(fields.validation);
  spec.credits = std::move(fields.credits);
  if (spec.validation && !spec.validation->trusted_tier.value.empty()) {
    spec.trusted_tiers = tier_mask(spec.validation->trusted_tier, false, tiers, diagnostics);
  }
  return spec;
}

/// A short platform is part of this file, so its errors belong here and not to the platform.
void check_short_platform(const Located<std::string>& platform, std::span<const std::string> tiers,
                          Diagnostics& diagnostics) {
  if (!is_short_platform(platform.value)) return;
  const auto parsed = parse_short_platform(platform.value, tiers);
  if (!parsed) diagnostics.add(platform.place, parsed.error());
}

std::string beside(const std::string& file, const std::string& name) {
  return (std::filesystem::path(file).parent_path() / name).lexically_normal().string();
}

/// Replaces the name of an input by one that can be opened from here, and reports one that cannot.
void resolve(Located<std::string>& input, const std::string& file, Diagnostics& diagnostics) {
  input.value = beside(file, input.value);
  const auto status = check_readable(input.value);
  if (!status) diagnostics.add(input.place, status.error());
}

void resolve_policy(PolicyText& policy, const std::string& file, Diagnostics& diagnostics) {
  if (policy.file.empty()) return;
  Located<std::string> name{policy.file, policy.place};
  const std::size_t errors_before = diagnostics.count();
  resolve(name, file, diagnostics);
  if (diagnostics.count() != errors_before) return;
  auto loaded = load_policy(name.value, diagnostics);
  if (loaded) policy = std::move(*loaded);
}

}  // namespace

core::Result<ScenarioSpec> decode_scenario(const SourcePtr& source,
                                           std::span<const std::string> tiers,
                                           Diagnostics& diagnostics) {
  const std::size_t errors_before = diagnostics.count();
  const auto document = parse_yaml(source, diagnostics);
  if (!document) return diagnostics.first_error();
  ScenarioFields fields;
  static const Table<ScenarioFields> table = scenario_table();  // dear to build
  const Cursor root(*document, diagnostics);
  table.decode(root, fields);
  ScenarioSpec spec = to_spec(std::move(fields), tiers, diagnostics);
  for (const YamlEntry& entry : root.node().entries) {
    spec.keys.emplace(entry.key, root.entry(entry).key_place());
  }
  check_short_platform(spec.platform, tiers, diagnostics);
  if (diagnostics.count() != errors_before) return diagnostics.first_error();
  return spec;
}

core::Result<ScenarioSpec> load_scenario(const std::string& file,
                                         std::span<const std::string> tiers,
                                         Diagnostics& diagnostics) {
  const std::size_t errors_before = diagnostics.count();
  const auto source = read_source(file, YamlLimits{}.bytes);
  if (!source) {
    diagnostics.add(source.error());
    return source.error();
  }
  auto spec = decode_scenario(*source, tiers, diagnostics);
  if (!spec) return spec;
  if (!spec->workload.synthetic) resolve(spec->workload.file, file, diagnostics);
  if (!is_short_platform(spec->platform.value)) resolve(spec->platform, file, diagnostics);
  resolve_policy(spec->policy, file, diagnostics);
  for (AvailabilitySource& entry : spec->availability) {
    if (!entry.trace.value.empty()) resolve(entry.trace, file, diagnostics);
  }
  if (diagnostics.count() != errors_before) return diagnostics.first_error();
  return spec;
}

std::string scenario_json_schema() {
  return json_schema(scenario_table().shape(), "nexapod scenario");
}

std::string scenario_reference() {
  return field_reference(scenario_table().shape(), "scenario");
}

}  // namespace nexa::io
