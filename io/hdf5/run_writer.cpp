#include "io/hdf5/run_writer.hpp"

#include <fcntl.h>
#include <hdf5.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/assert.hpp"
#include "io/atomic_file.hpp"
#include "io/hdf5/identities_table.hpp"
#include "io/hdf5/jobs_table.hpp"
#include "io/hdf5/ledger_table.hpp"
#include "io/hdf5/replicas_table.hpp"
#include "io/hdf5/table.hpp"
#include "io/hdf5/verdicts_table.hpp"

namespace nexa::io::hdf5 {
namespace {

using core::Error;
using core::ErrorCode;
using core::Platform;
using core::Result;

Error located_at(const Error& error, const std::string& path) {
  return Error{.code = error.code,
               .message = "writing '" + path + "' failed: " + error.message,
               .hint = "check the free space and the permissions of its folder",
               .where = {.file = path, .line = 0, .column = 0}};
}

Result<Handle> create_file(const std::string& path) {
  const Handle creation(H5Pcreate(H5P_FILE_CREATE));
  const Handle access(H5Pcreate(H5P_FILE_ACCESS));
  // The older file format has no room for an attribute of more than 64 KiB, such as a long
  // configuration.
  // The library would lock the file only after it has cut off what another process wrote. The
  // caller holds a lock already.
  const bool set = H5Pset_obj_track_times(creation.get(), false) >= 0 &&
                   H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0 &&
                   H5Pset_file_locking(access.get(), false, true) >= 0;
  if (!set) return last_error("set up the file");
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()));
  if (!file.is_valid()) return last_error("create the file");
  return file;
}

using TextAttribute = std::pair<const char*, std::string_view>;

Result<void> set_texts(const Handle& object, const std::vector<TextAttribute>& texts) {
  for (const auto& [name, text] : texts) {
    const Result<void> done = set_attribute(object, name, text);
    if (!done) return done;
  }
  return {};
}

Result<void> write_meta(const Handle& file, const RunMeta& meta) {
  Result<void> done = set_texts(file, {{"format", "nexa-run"},
                                       {"format_version", meta.format_version},
                                       {"config_yaml", meta.config_yaml},
                                       {"commit", meta.commit}});
  if (done) done = set_attribute(file, "seed", meta.seed);
  if (!done) return done;
  const Result<Handle> group = create_group(file, "meta");
  if (!group) return group.error();
  done = set_texts(*group, {{"command_line", meta.command_line},
                            {"policy", meta.policy},
                            {"platform", meta.platform_name},
                            {"workload", meta.workload_name},
                            {"version", meta.version},
                            {"compiler", meta.compiler}});
  if (!done) return done;

  const Result<Handle> inputs = create_group(*group, "inputs");
  if (!inputs) return inputs.error();
  std::vector<std::string> paths;
  std::vector<std::string> digests;
  std::vector<std::uint64_t> sizes;
  for (const InputFile& input : meta.inputs) {
    paths.push_back(input.path);
    digests.push_back(input.sha256);
    sizes.push_back(input.bytes);
  }
  done = write_strings(*inputs, {"path", "", "file that was read"}, paths);
  if (done) done = write_strings(*inputs, {"sha256", "", "digest of the file as stored"}, digests);
  if (!done) return done;
  return write_column<std::uint64_t>(*inputs, {"bytes", "bytes", "size of the file as stored"},
                                     sizes);
}

/// The name in an interned table, or nothing for an index beyond it.
std::string name_at(const std::vector<std::string>& names, std::size_t index) {
  return index < names.size() ? names[index] : std::string();
}

/// The columns of /nodes.
struct NodesTable {
  std::vector<std::string> name, tier, gpu_type, owner, site, rack, host_class;
  std::vector<std::uint32_t> count, first_node, cores, gpus, speed, owners;
  std::vector<std::uint64_t> memory;
  std::vector<std::int64_t> price;

  explicit NodesTable(const Platform& platform) {
    std::uint32_t next_node = 0;
    for (const core::NodeGroup& group : platform.groups) {
      name.push_back(group.name);
      tier.push_back(name_at(platform.tiers, group.spec.tier.value));
      gpu_type.push_back(name_at(platform.gpu_types, group.spec.gpu_type.value));
      owner.push_back(name_at(platform.owners, group.spec.owner.value));
      site.push_back(name_at(platform.sites, group.spec.site.value));
      count.push_back(group.count);
      first_node.push_back(next_node);
      next_node += group.count;
      cores.push_back(group.spec.capacity.cores);
      gpus.push_back(group.spec.capacity.gpus);
      memory.push_back(group.spec.capacity.memory_kib);
      speed.push_back(group.spec.speed_permille);
      price.push_back(group.spec.price_per_core_hour.micro());
      owners.push_back(group.owners);
      rack.push_back(name_at(platform.racks, group.spec.rack.value));
      host_class.push_back(name_at(platform.host_classes, group.spec.host_class.value));
    }
  }
};

Result<void> write_nodes(const Handle& file, const Platform& platform) {
  const NodesTable nodes(platform);
  const Result<Handle> group = create_group(file, "nodes");
  if (!group) return group.error();
  Result<void> done;
  const auto texts = [&](const char* name, const char* what, const std::vector<std::string>& rows) {
    if (done) done = write_strings(*group, {name, "", what}, rows);
  };
  const auto numbers = [&](const char* name, const char* units, const char* what,
                           const auto& rows) {
    if (done) done = write_column(*group, {name, units, what}, std::span(rows));
  };
  texts("name", "node class; its nodes are numbered from first_node", nodes.name);
  texts("tier", "tier of the nodes", nodes.tier);
  numbers("count", "nodes", "number of nodes", nodes.count);
  numbers("first_node", "", "number of the first node", nodes.first_node);
  numbers("cores", "cores", "cores of each node", nodes.cores);
  numbers("gpus", "GPUs", "GPUs of each node", nodes.gpus);
  texts("gpu_type", "model of the GPUs", nodes.gpu_type);
  numbers("memory_kib", "KiB", "memory of each node", nodes.memory);
  numbers("speed_permille", "1/1000", "speed, where 1000 is the reference", nodes.speed);
  texts("owner", "who owns the nodes; the first of several owners", nodes.owner);
  texts("site", "where the nodes are", nodes.site);
  numbers("price_per_core_hour_microcredits", "microcredits", "price of a core for an hour",
          nodes.price);
  numbers("owners", "", "owners among whom the nodes are dealt in turn", nodes.owners);
  texts("rack", "where on the site the nodes are", nodes.rack);
  texts("host_class", "whose results may be compared bit by bit", nodes.host_class);
  return done;
}

Result<void> write_series(const Handle& file, const core::LoadSeries& series,
                          const std::vector<std::string>& tiers) {
  const Result<Handle> parent = create_group(file, "series");
  if (!parent) return parent.error();
  const Result<Handle> group = create_group(*parent, "load");
  if (!group) return group.error();
  std::vector<std::int64_t> times(series.queue_length.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    times[i] = static_cast<std::int64_t>(i) * series.bucket_width.count();
  }
  Result<void> done = write_column(*group, {"time_us", "us", "start of the time bucket"},
                                   std::span<const std::int64_t>(times));
  const auto mean = [&](const std::string& name, const std::string& units, const std::string& what,
                        const std::vector<double>& rows) {
    if (done) done = write_column(*group, {name, units, what}, std::span(rows));
  };
  mean("queue_length", "jobs", "waiting jobs, mean over the bucket", series.queue_length);
  mean("running_jobs", "jobs", "running jobs, mean over the bucket", series.running_jobs);
  for (std::size_t tier = 0; tier < series.busy_cores.size() && tier < tiers.size(); ++tier) {
    mean("busy_cores_" + tiers[tier], "cores",
         "cores held by jobs on tier " + tiers[tier] + ", mean over the bucket",
         series.busy_cores[tier]);
  }
  return done;
}

/// HDF5 has no call that waits for the disk.
Result<void> sync_file(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() || ::fsync(file.get()) != 0) return system_error("write", path, errno);
  return {};
}

}  // namespace

struct RunWriter::State {
  PartialPath partial;  ///< first, so that the file is closed before it is removed
  Handle file;
  const Platform& platform;
  std::size_t job_count = 0;
  JobsTable jobs;
  ReplicasTable replicas;
  VerdictsTable verdicts;
  IdentitiesTable identities;
  std::optional<LedgerTable> ledger;  ///< once there is something to write
  bool replicas_expected = false;

  State(PartialPath path, const Platform& run_platform, std::size_t jobs_of_run)
      : partial(std::move(path)), platform(run_platform), job_count(jobs_of_run) {}

  /// Writes what is pending in all tables, and closes them: the file is closed only when nothing in
  /// it is open.
  Result<void> close_tables() {
    Result<void> done = jobs.flush(true);
    if (done && replicas_expected) done = replicas.flush(true);
    if (done && replicas_expected) done = verdicts.flush(true);
    if (done && replicas_expected) done = identities.flush(true);
    if (done && ledger) done = ledger->finish(file);
    if (!done) return done;
    jobs = JobsTable();
    replicas = ReplicasTable();
    verdicts = VerdictsTable();
    identities = IdentitiesTable();
    ledger.reset();
    return done;
  }

  std::optional<Error> failure;  ///< of an earlier call; the library must not go on after it

  Error fail(const Error& error) {
    failure = located_at(error, partial.path());
    return *failure;
  }
};

RunWriter::RunWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
RunWriter::RunWriter(RunWriter&&) noexcept = default;
RunWriter& RunWriter::operator=(RunWriter&&) noexcept = default;
RunWriter::~RunWriter() = default;

Result<RunWriter> RunWriter::create(const std::string& path, const RunMeta& meta,
                                    const Platform& platform,
                                    std::span<const core::WorkloadJob> jobs) {
  prepare_library();
  Result<PartialPath> partial = PartialPath::choose(path);
  if (!partial) return std::move(partial).error();
  if (partial->is_direct()) {
    return Error{.code = ErrorCode::unsupported,
                 .message = "cannot write HDF5 to '" + path + "': not a regular file",
                 .hint = "name a file; only CSV and JSON can go to a pipe or device",
                 .where = {.file = path, .line = 0, .column = 0}};
  }
  auto state = std::make_unique<State>(std::move(*partial), platform, jobs.size());
  // The library opens files by name only, so this makes one that it may then fill.
  Result<FileDescriptor> made = state->partial.open();
  if (!made) return std::move(made).error();
  Result<Handle> file = create_file(state->partial.writable());
  if (!file) return state->fail(file.error());
  state->file = std::move(*file);
  Result<void> done = write_meta(state->file, meta);
  if (done) done = write_nodes(state->file, platform);
  if (done) done = state->jobs.create(state->file, jobs, platform.tiers);
  if (!done) return state->fail(done.error());
  return RunWriter(std::move(state));
}

template <class Table, class Record>
Result<void> RunWriter::append_to(Table State::*table, const Record& record) {
  if (state_->failure) return *state_->failure;
  const Result<void> done = (state_.get()->*table).append(record);
  if (!done) return state_->fail(done.error());
  return {};
}

Result<void> RunWriter::append(const core::JobOutcome& outcome) {
  return append_to(&State::jobs, outcome);
}

Result<void> RunWriter::expect_replicas() {
  if (state_->failure) return *state_->failure;
  const Handle& file = state_->file;
  Result<void> done = state_->replicas.create(file, state_->platform, state_->job_count);
  if (done) done = state_->verdicts.create(file, state_->job_count);
  if (done) done = state_->identities.create(file, state_->platform);
  if (!done) return state_->fail(done.error());
  state_->replicas_expected = true;
  return {};
}

Result<void> RunWriter::append(const scheduler::ReplicaRecord& replica) {
  NEXA_ASSERT(state_->replicas_expected, "the table of replicas was asked for");
  return append_to(&State::replicas, replica);
}
Result<void> RunWriter::append(const scheduler::VerdictRecord& verdict) {
  NEXA_ASSERT(state_->replicas_expected, "the table of verdicts was asked for");
  return append_to(&State::verdicts, verdict);
}
Result<void> RunWriter::append(const scheduler::IdentityRecord& identity) {
  NEXA_ASSERT(state_->replicas_expected, "the table of identities was asked for");
  return append_to(&State::identities, identity);
}

Result<void> RunWriter::open_books() {
  if (state_->failure) return *state_->failure;
  if (state_->ledger) return {};
  state_->ledger.emplace();
  const Result<void> done = state_->ledger->create(state_->file, state_->job_count);
  if (!done) return state_->fail(done.error());
  return {};
}

Result<void> RunWriter::append_account(std::string_view name) {
  Result<void> done = open_books();
  if (done) state_->ledger->append_account(name);
  return done;
}

Result<void> RunWriter::append(const scheduler::TransferRecord& transfer) {
  Result<void> done = open_books();
  if (done) done = state_->ledger->append(transfer);
  if (!done && !state_->failure) return state_->fail(done.error());
  return done;
}

Result<void> RunWriter::set_series(const core::LoadSeries& series) {
  if (state_->failure) return *state_->failure;
  const Result<void> done = write_series(state_->file, series, state_->platform.tiers);
  if (!done) return state_->fail(done.error());
  return {};
}

Result<void> RunWriter::close(bool complete) {
  // Whatever happens, the state goes, and with it a partial file that was not committed.
  const std::unique_ptr<State> state = std::move(state_);
  if (state->failure) return *state->failure;
  Result<void> done = state->close_tables();
  if (done) done = set_flag(state->file, "complete", complete);
  if (!done) return state->fail(done.error());
  if (H5Fflush(state->file.get(), H5F_SCOPE_GLOBAL) < 0 || !state->file.close()) {
    return state->fail(last_error("write the rest"));
  }
  done = sync_file(state->partial.writable());
  if (!done) return done;
  return state->partial.commit();
}

}  // namespace nexa::io::hdf5
