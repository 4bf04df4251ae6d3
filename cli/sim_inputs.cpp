#include "cli/sim_inputs.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string_view>
#include <utility>

#include "cli/sim_fit.hpp"
#include "cli/sim_tiers.hpp"
#include "cli/sim_validation.hpp"
#include "cli/words.hpp"
#include "io/failure_trace.hpp"
#include "io/platform_file.hpp"
#include "io/swf.hpp"
#include "io/swf_repairs.hpp"
#include "io/tier_file.hpp"
#include "simulator/requesters.hpp"
#include "simulator/synthetic_workload.hpp"

namespace nexa::cli {

namespace {

core::Error missing(std::string message, std::string hint) {
  return {.code = core::ErrorCode::invalid_argument,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {}};
}

/// The place of a value on the command line, so that errors underline the part that is wrong.
io::Place place_of_option(const std::string& option, const std::string& text) {
  io::Place place;
  place.source = std::make_shared<io::Source>(option, text);
  place.line = 1;
  place.column = 1;
  place.width = static_cast<int>(io::character_count(text));
  return place;
}

bool has_role(const scheduler::PolicyDescriptor& policy, std::string_view role) {
  return (role == "order" && policy.orders) || (role == "filter" && policy.filters) ||
         (role == "score" && policy.scores) || (role == "backfill" && policy.backfills);
}

std::uint64_t bytes_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

/// Reads the inputs one after another; each step needs those before it.
class Loader {
 public:
  Loader(const SimFlags& flags, io::Diagnostics& diagnostics)
      : flags_(flags), diagnostics_(diagnostics) {}

  std::optional<SimInputs> load() {
    if (!read_catalog() || !read_spec()) return std::nullopt;
    // What is wrong with the policy and the platform is said in one go.
    read_policy();
    if (!inputs_.spec.workload.synthetic) start_digest(inputs_.spec.workload.file.value);
    const bool has_platform = !inputs_.spec.platform.value.empty();
    if (has_platform) read_platform();
    if (!diagnostics_.ok() || (!has_platform && !derive_platform())) return std::nullopt;
    io::check_rules(inputs_.spec, inputs_.platform, diagnostics_);
    io::check_names(inputs_.spec, inputs_.platform, diagnostics_);
    io::check_domains(inputs_.spec, inputs_.platform, diagnostics_);
    check_sections(inputs_.spec, flags_, diagnostics_);
    if (!diagnostics_.ok() || !read_failures() || !read_workload()) return std::nullopt;
    apply_tier_rules(inputs_.spec.workload.tiers, inputs_.platform, inputs_.spec.seed,
                     inputs_.workload);
    apply_requesters();
    judge_misfits();
    if (!diagnostics_.ok()) return std::nullopt;
    return std::move(inputs_);
  }

 private:
  bool read_catalog() {
    if (flags_.catalog.empty()) {
      tiers_ = io::tier_names(tier::default_catalog());
      return true;
    }
    const auto catalog = io::load_tiers(flags_.catalog, diagnostics_);
    if (!catalog) return false;
    start_digest(flags_.catalog);
    tiers_ = io::tier_names(*catalog);
    return true;
  }

  bool read_spec() {
    if (flags_.scenario.empty()) {
      if (flags_.workload.empty()) {
        diagnostics_.add(missing("nothing to simulate: neither a scenario nor a workload is named",
                                 "name a scenario file, or use --workload and --platform"));
        return false;
      }
      inputs_.spec.name = "run";
      inputs_.spec.policy = io::split_policy("easy", {});
    } else {
      auto spec = io::load_scenario(flags_.scenario, tiers_, diagnostics_);
      if (!spec) return false;
      inputs_.spec = std::move(*spec);
      start_digest(flags_.scenario);
    }
    override_by_flags();
    return true;
  }

  void override_by_flags() {
    io::ScenarioSpec& spec = inputs_.spec;
    const auto replace = [](std::string& value, const std::string& flag) {
      if (!flag.empty()) value = flag;
    };
    replace(spec.workload.file.value, flags_.workload);
    if (!flags_.workload.empty()) spec.workload.synthetic.reset();
    if (!flags_.platform.empty()) spec.platform = {flags_.platform, {}};
    if (flags_.seed) spec.seed = *flags_.seed;
    if (flags_.first) spec.workload.first = *flags_.first;
    spec.workload.strict = spec.workload.strict || flags_.strict;
    replace(spec.outputs.hdf5, flags_.out);
    replace(spec.outputs.csv, flags_.csv);
    replace(spec.outputs.report, flags_.report);
    inputs_.workload_name =
        spec.workload.synthetic ? "synthetic" : workload_name_of(spec.workload.file.value);
  }

  void read_policy() {
    io::PolicyText& policy = inputs_.spec.policy;
    if (!flags_.policy.empty()) {
      auto loaded = load_policy_option("--policy", flags_.policy, diagnostics_);
      if (!loaded) return;
      policy = std::move(*loaded);
      if (io::is_policy_file(flags_.policy)) start_digest(flags_.policy);
    } else if (policy.place.source && policy.place.source->file() != flags_.scenario) {
      start_digest(policy.place.source->file());
    }
    const std::size_t errors_before = diagnostics_.count();
    io::check_policy(policy, check_policy_component, diagnostics_);
    if (diagnostics_.count() != errors_before) return;
    auto policies = scheduler::parse_policy_set(policy.text);
    if (!policies) {
      diagnostics_.add(policy.place, policies.error());
      return;
    }
    inputs_.policies = std::move(*policies);
  }

  void read_platform() {
    const std::string& name = inputs_.spec.platform.value;
    const bool is_short = io::is_short_platform(name);
    auto platform = is_short ? io::parse_short_platform(name, tiers_)
                             : io::load_platform(name, tiers_, diagnostics_);
    if (platform) {
      if (!is_short) start_digest(name);
      inputs_.platform = std::move(*platform);
    } else if (is_short) {
      diagnostics_.add(place_of_option("--platform", name), platform.error());
    }
  }

  /// The header of a trace may say how large its machine was.
  bool derive_platform() {
    io::SwfOptions options = swf_options();
    options.max_processors = 0;
    auto workload = io::read_swf(inputs_.spec.workload.file.value, options);
    if (!workload) {
      diagnostics_.add(workload.error());
      return false;
    }
    for (const auto& [key, value] : workload->header) {
      if (key != "MaxProcs") continue;
      std::uint32_t processors = 0;
      std::from_chars(value.data(), value.data() + value.size(), processors);
      if (processors == 0) break;
      inputs_.spec.platform = {"cores:" + std::to_string(processors), {}};
      inputs_.notes.push_back("no platform is named: taking " + inputs_.spec.platform.value +
                              " from the header of the trace");
      read_platform();
      return diagnostics_.ok();
    }
    diagnostics_.add(missing("no platform is named, and the trace's header has no MaxProcs",
                             "use --platform with a file or with cores:N"));
    return false;
  }

  [[nodiscard]] io::SwfOptions swf_options() const {
    const io::WorkloadSource& source = inputs_.spec.workload;
    io::SwfOptions options;
    options.strict = source.strict;
    options.use_memory = source.use_memory;
    options.first = source.first.value_or(0);
    options.sharing = source.sharing;
    return options;
  }

  bool read_failures() {
    for (const io::AvailabilitySource& source : inputs_.spec.availability) {
      core::FailureTrace& trace = inputs_.failures.emplace_back();
      if (source.trace.value.empty()) continue;
      auto read = io::read_failures(source.trace.value, source.system);
      if (!read) {
        diagnostics_.add(read.error());
        return false;
      }
      trace = std::move(*read);
      start_digest(source.trace.value);
    }
    return true;
  }

  void draw_workload() {
    const io::WorkloadSource& source = inputs_.spec.workload;
    core::WorkloadModel model = source.synthetic->model;
    if (source.first) {
      model.jobs = static_cast<std::uint32_t>(std::min<std::uint64_t>(model.jobs, *source.first));
    }
    inputs_.workload = simulator::draw_workload(model, inputs_.platform, inputs_.spec.seed);
    for (core::Request& request : inputs_.workload.request_classes) {
      request.sharing = source.sharing;
    }
  }

  bool read_workload() {
    if (inputs_.spec.workload.synthetic) {
      draw_workload();
      return true;
    }
    io::SwfOptions options = swf_options();
    // The canonical form of a trace leaves out what its machine could not run. On a described
    // platform such jobs are rejected by the engine, and in strict mode they are errors.
    if (io::is_short_platform(inputs_.spec.platform.value) && !options.strict) {
      options.max_processors = static_cast<std::uint32_t>(inputs_.platform.core_count());
    }
    auto workload = io::read_swf(inputs_.spec.workload.file.value, options);
    if (!workload) {
      diagnostics_.add(workload.error());
      return false;
    }
    inputs_.workload = std::move(*workload);
    note_repairs();
    return true;
  }

  void note_repairs() {
    std::uint64_t total = 0;
    for (const core::Repair& repair : inputs_.workload.repairs) total += repair.count;
    if (total == 0) return;
    inputs_.notes.push_back("the trace needed " + counted(total, "repair") +
                            "; the summary lists them");
  }

  /// After the rules of tiers, which draw for some workloads by a job's position.
  void apply_requesters() {
    const io::ScenarioSpec& spec = inputs_.spec;
    if (spec.requesters.empty()) return;
    const simulator::Requesters requesters(spec.requesters, inputs_.workload, spec.seed);
    note_empty_groups(requesters);
    requesters.bundle(inputs_.workload);
  }

  /// Shares are drawn user by user, so that a small one may be nobody's.
  void note_empty_groups(const simulator::Requesters& requesters) {
    std::vector<bool> has_users(inputs_.spec.requesters.size());
    for (const core::WorkloadJob& job : inputs_.workload.jobs) {
      if (const auto group = requesters.group_of(job.user)) has_users[*group] = true;
    }
    for (std::size_t group = 0; group < has_users.size(); ++group) {
      if (has_users[group]) continue;
      inputs_.notes.push_back(
          fmt::format("group '{}' of requesters has no users: none was drawn from those of the "
                      "workload",
                      inputs_.spec.requesters[group].name));
    }
  }

  void judge_misfits() {
    const core::Workload& workload = inputs_.workload;
    const MisfitJobs misfits = find_misfits(workload, inputs_.platform);
    if (misfits.count == 0) return;
    if (inputs_.spec.workload.strict || misfits.count == workload.jobs.size()) {
      diagnostics_.add(
          misfit_error(misfits, workload, inputs_.platform, inputs_.spec.workload.file.value));
      return;
    }
    inputs_.notes.push_back(fmt::format(
        "{} can never run on this platform and will be rejected; the first: {}",
        counted(misfits.count, "job"), misfit_message(misfits, workload, inputs_.platform)));
  }

  void start_digest(const std::string& file) { inputs_.files.emplace_back(file); }

  const SimFlags& flags_;
  io::Diagnostics& diagnostics_;
  std::vector<std::string> tiers_;
  SimInputs inputs_;
};

}  // namespace

std::vector<io::InputFile> SimInputs::digests() {
  std::vector<io::InputFile> inputs;
  for (io::BackgroundDigest& file : files) {
    const core::Result<core::Digest>& digest = file.value();
    inputs.push_back({.path = file.path(),
                      .sha256 = digest ? core::to_hex(*digest) : std::string(),
                      .bytes = bytes_of(file.path())});
  }
  return inputs;
}

std::optional<SimInputs> load_sim_inputs(const SimFlags& flags, io::Diagnostics& diagnostics) {
  return Loader(flags, diagnostics).load();
}

std::string workload_name_of(const std::string& file) {
  std::string name = file.substr(file.find_last_of('/') + 1);
  for (const std::string_view ending : {".gz", ".swf"}) {
    if (name.size() > ending.size() && name.ends_with(ending)) {
      name.resize(name.size() - ending.size());
    }
  }
  return name;
}

core::Result<io::PolicyText> load_policy_option(const std::string& option,
                                                const std::string& text_or_file,
                                                io::Diagnostics& diagnostics) {
  if (io::is_policy_file(text_or_file)) return io::load_policy(text_or_file, diagnostics);
  return io::split_policy(text_or_file, place_of_option(option, text_or_file));
}

core::Result<void> check_policy_component(const io::PolicyComponent& component) {
  const auto policies = scheduler::parse_policy_set(component.text);
  if (!policies) return policies.error();
  if (component.slot.empty()) return {};
  const std::string name = component.text.substr(0, component.text.find(':'));
  const scheduler::PolicyDescriptor* policy = scheduler::find_policy(name);
  if (policy == nullptr || has_role(*policy, component.slot)) return {};
  return core::Error{.code = core::ErrorCode::invalid_argument,
                     .message = "'" + name + "' is no " + component.slot + " policy",
                     .hint = "'nexa policy list' shows which policy does what",
                     .where = {}};
}

}  // namespace nexa::cli
