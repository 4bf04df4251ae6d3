#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/platform.hpp"
#include "core/request.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "io/availability_fields.hpp"
#include "io/coordinator_fields.hpp"
#include "io/credit_fields.hpp"
#include "io/economy_fields.hpp"
#include "io/policy_text.hpp"
#include "io/requester_fields.hpp"
#include "io/validation_fields.hpp"
#include "io/workload_fields.hpp"
#include "io/yaml/diagnostics.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {

/// Maps jobs of a workload, which knows no tiers, onto tiers. Rules are tried in the order of the
/// file, and the first that takes a job decides; a job that no rule takes runs on any tier with
/// the request that the workload gives it.
struct TierRule {
  Located<std::string> tier;               ///< `tier` or `min_tier` as written
  core::TierMask tiers = core::all_tiers;  ///< `tier`: that one; `min_tier`: that one and all above

  // Which jobs the rule is for; all conditions must hold.
  std::uint32_t min_slots = 1;
  std::uint32_t max_slots = UINT32_MAX;
  core::Duration min_time_limit{};
  core::Duration max_time_limit = core::never.time_since_epoch();
  /// Of the jobs that meet the conditions, the part that the rule takes, in millionths: a job is
  /// taken if a draw below 10^6 that depends on seed, rule and job number is smaller.
  std::uint32_t share_ppm = 1'000'000;

  // What each slot of a job that the rule takes needs.
  std::uint32_t cores_per_slot = 1;
  std::uint32_t gpus_per_slot = 0;
  Located<std::string> gpu_type;  ///< empty: any model
};

struct WorkloadSource {
  Located<std::string> file;  ///< relative names count from the folder of the scenario
  std::optional<SyntheticSource> synthetic;  ///< in place of a file
  bool strict = false;  ///< an error in the file ends the run instead of being mended
  std::optional<std::uint64_t> first;  ///< only so many jobs from the start
  core::Sharing sharing = core::Sharing::shared;
  bool use_memory = false;  ///< jobs need the memory that the workload says they asked for
  std::vector<TierRule> tiers;
};

/// Files to write; an empty name means none. Relative names count from the current folder, so that
/// a scenario in a folder that cannot be written to is of use.
struct OutputFiles {
  std::string report;
  std::string hdf5;
  std::string csv;  ///< a folder
  std::string json;
};

/// One simulation as described by a scenario file.
struct ScenarioSpec {
  std::string name;
  WorkloadSource workload;
  Located<std::string> platform;  ///< a file, relative to the scenario's folder, or `cores:N`
  PolicyText policy;
  std::uint64_t seed = 1;
  OutputFiles outputs;
  std::vector<core::RequesterGroup> requesters;  ///< users of no group are honest and can pay
  std::optional<core::Economy> economy;          ///< none: providers neither come nor go
  std::vector<AvailabilitySource> availability;  ///< groups without an entry never fail
  core::Defences defences;
  CoordinatorSource coordinator;
  std::optional<ValidationSource> validation;  ///< none: every job runs once, and is believed
  core::TierMask trusted_tiers = 0;            ///< of `validation.trusted_tier`
  std::optional<CreditSource> credits;         ///< none: nobody pays
  /// Where the keys of the file stand; empty for a run without a file.
  std::map<std::string, Place, std::less<>> keys;
};

/// Reads a scenario, resolves the names of files in it, reads its policy file where it has one,
/// and makes sure that its input files can be opened. `tiers` are the names of the catalogue,
/// lowest first. All errors go to `diagnostics`; the result repeats the first.
core::Result<ScenarioSpec> load_scenario(const std::string& file,
                                         std::span<const std::string> tiers,
                                         Diagnostics& diagnostics);

/// Decodes text in memory without looking at any other file; names of files stay as written.
core::Result<ScenarioSpec> decode_scenario(const SourcePtr& source,
                                           std::span<const std::string> tiers,
                                           Diagnostics& diagnostics);

/// Reports the rules that no node of `platform` can serve: tiers without nodes, GPU models that no
/// node has, slots larger than any node of their tiers. Such errors have the code `unsatisfiable`.
void check_rules(const ScenarioSpec& scenario, const core::Platform& platform,
                 Diagnostics& diagnostics);

/// Reports names that the scenario uses and `platform` does not have: node groups, and a tier of a
/// synthetic workload that no node is of.
void check_names(const ScenarioSpec& scenario, const core::Platform& platform,
                 Diagnostics& diagnostics);

/// Reports that no job can ever be validated since `platform` has too few machines, owners, racks
/// or sites for replicas that may not share one. Nodes of the trusted tier run no replicas. Such
/// errors have the code `unsatisfiable`.
void check_domains(const ScenarioSpec& scenario, const core::Platform& platform,
                   Diagnostics& diagnostics);

/// JSON Schema of a scenario file.
std::string scenario_json_schema();

/// Reference page of a scenario file, in Markdown.
std::string scenario_reference();

}  // namespace nexa::io
