#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/outcome.hpp"
#include "core/platform.hpp"
#include "core/result.hpp"
#include "core/series.hpp"
#include "core/workload.hpp"
#include "io/run_meta.hpp"
#include "scheduler/run_records.hpp"

namespace nexa::io::hdf5 {

/// Writes the HDF5 file of a run, format `nexa-run`. One dataset is one column; the columns of a
/// group have equal lengths, so `{k: v[:] for k, v in f["jobs"].items()}` makes a data frame.
///
/// Root attributes: format, format_version, complete, config_yaml, seed, commit.
///   /jobs          one row per job, in the order of leaving: job_id, number, user,
///                  workload_index, submit_us, start_us, end_us, wait_us, time_limit_us, state,
///                  selected_by, slots, cores, gpus, cores_held, tier, node_class, nodes_offset,
///                  nodes_count
///   /allocations   node intervals first..last (both included): those of a job are the rows
///                  nodes_offset to nodes_offset + nodes_count
///   /nodes         one row per node class: name, tier, count, first_node, cores, gpus, gpu_type,
///                  memory_kib, speed_permille, owner, site, price_per_core_hour_microcredits,
///                  owners, rack, host_class
///   /series/load   one row per time bucket: time_us, queue_length, running_jobs and for each
///                  tier busy_cores_<tier>; absent without `set_series`
///   /replicas      one row per replica that was started, those of a job together: job_id,
///                  replica, node, machine, owner, nodes, cores_held, behaviour, tier, purpose,
///                  state, start_us, end_us, wrong, trusted; absent without `expect_replicas`, as
///                  the next two
///   /verdicts      one row per verdict and per revision of one, in their order: job_id, time_us,
///                  outcome, why, rule, revised, canonical, copies, confirmed, wrong
///   /identities    one row per name of a node, as it was known at the end: node, machine, owner,
///                  node_class, behaviour, intent, joined_us, first_wrong_us, convicted_us, trust,
///                  reputation_ppm, strikes, expelled, valid, invalid, inconclusive, errors,
///                  no_replies, aborted
///   /ledger        one row per transfer, in the order of booking: time_us, kind, debit, credit,
///                  amount_microcredits, amount_high, reason, job_id; absent without transfers, as
///                  the next one
///   /accounts      one row per account: account, kind, name
///   /meta          attributes command_line, policy, platform, workload, version, compiler
///   /meta/inputs   one row per file read: path, sha256, bytes
///
/// Times are int64 microseconds since the first submission, exactly as they were simulated; -1
/// stands for what did not happen. Columns of words that repeat are enumerations, truth values
/// those of h5py. An amount is amount_high * 2^64 + amount_microcredits: the first is zero below 18
/// trillion credits. Every column has the attributes `units` and `description`. Equal runs give
/// equal bytes.
class RunWriter {
 public:
  /// `platform` and `jobs` (for numbers and users) must outlive the writer. Errors: as those of
  /// `PartialPath`; `unsupported` for a device or pipe; `io` with the reason.
  static core::Result<RunWriter> create(const std::string& path, const RunMeta& meta,
                                        const core::Platform& platform,
                                        std::span<const core::WorkloadJob> jobs);
  RunWriter(RunWriter&&) noexcept;
  RunWriter& operator=(RunWriter&&) noexcept;
  /// Without `close` nothing is left of the file.
  ~RunWriter();

  core::Result<void> append(const core::JobOutcome& outcome);

  /// Of a run that is validated; to be called before the first replica, verdict or identity.
  core::Result<void> expect_replicas();
  core::Result<void> append(const scheduler::ReplicaRecord& replica);
  core::Result<void> append(const scheduler::VerdictRecord& verdict);
  core::Result<void> append(const scheduler::IdentityRecord& identity);
  /// Accounts are numbered from 1 in the order of the calls. The names are kept until the end.
  core::Result<void> append_account(std::string_view name);
  core::Result<void> append(const scheduler::TransferRecord& transfer);

  /// At most once; its tiers are those of the platform.
  core::Result<void> set_series(const core::LoadSeries& series);
  /// Puts all on disk and gives the file its name. `complete` is false for a run that was stopped
  /// early. After an error nothing is left under the name.
  core::Result<void> close(bool complete);

 private:
  struct State;
  template <class Table, class Record>
  core::Result<void> append_to(Table State::*table, const Record& record);
  core::Result<void> open_books();
  explicit RunWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace nexa::io::hdf5
