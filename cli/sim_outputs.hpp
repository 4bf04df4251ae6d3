#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/sim_inputs.hpp"
#include "cli/sim_ledger_file.hpp"
#include "cli/sim_report.hpp"
#include "cli/sim_summary.hpp"
#include "core/result.hpp"
#include "io/atomic_file.hpp"
#include "io/event_log.hpp"
#include "io/hdf5/run_writer.hpp"
#include "io/jobs_csv.hpp"
#include "simulator/result_sink.hpp"
#include "simulator/simulation.hpp"

namespace nexa::cli {

/// The files that a run writes. All are opened before the run, under a preliminary name, so that
/// what cannot be written is known at once; they get their names in `finish`. If anything fails on
/// the way the run is asked to stop, and none of the files that are not finished is left.
class SimOutputs final : public simulator::ResultSink, private scheduler::Recorder {
 public:
  /// Folders are made where they are missing. `inputs` and `meta` must outlive the outputs.
  static core::Result<std::unique_ptr<SimOutputs>> open(const SimInputs& inputs,
                                                        const SimFlags& flags,
                                                        const io::RunMeta& meta);

  /// True if a file wants the nodes and times of each job.
  [[nodiscard]] bool wants_jobs() const { return csv_ || hdf5_ || report_; }
  [[nodiscard]] bool wants_load() const { return hdf5_ || report_; }
  /// Null if no file wants to see facts and commands.
  [[nodiscard]] scheduler::Recorder* recorder();
  /// Null if no file wants the entries of the ledger.
  [[nodiscard]] ledger::Journal* journal() { return ledger_ ? ledger_->journal() : nullptr; }
  /// The names of the files, as they were asked for.
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

  /// True if a file wants replicas, verdicts and nodes of a validated run.
  [[nodiscard]] bool wants_replicas() const {
    return inputs_.spec.validation.has_value() && (hdf5_ || report_);
  }

  void add(const core::JobOutcome& outcome) override;
  void add_replica(const scheduler::ReplicaRecord& replica) override;
  void add_verdict(const scheduler::VerdictRecord& verdict) override;
  void add_identity(const scheduler::IdentityRecord& identity) override;
  void add_account(std::string_view name) override;
  void add_transfer(const scheduler::TransferRecord& transfer) override;

  /// Writes what is left to write and names the files. Reports the first error since `open`.
  core::Result<void> finish(const RunSummary& summary);

 private:
  SimOutputs(const SimInputs& inputs, const io::RunMeta& meta) : inputs_(inputs), meta_(meta) {}

  core::Result<void> open_files(const SimFlags& flags);
  core::Result<void> open_text(std::optional<io::AtomicFile>& file, const std::string& path);
  core::Result<void> open_csv(const std::string& folder);
  core::Result<void> open_hdf5(const std::string& path);
  core::Result<void> open_ledger(const std::string& path);
  core::Result<void> open_event_log(const std::string& path);
  core::Result<void> finish_data(const RunSummary& summary);
  core::Result<void> finish_texts(const RunSummary& summary);
  [[nodiscard]] std::string snippet() const;
  void on_event(const scheduler::Event& event) override;
  void on_step(core::Time now, std::span<const scheduler::Command> commands) override;
  void note(const core::Result<void>& status);

  const SimInputs& inputs_;
  const io::RunMeta& meta_;
  std::vector<std::string> files_;
  std::optional<io::JobsCsvWriter> csv_;
  std::optional<io::AtomicFile> csv_meta_;
  std::optional<io::hdf5::RunWriter> hdf5_;
  std::optional<io::AtomicFile> report_file_;
  std::optional<ReportCollector> report_;
  std::optional<io::AtomicFile> json_file_;
  std::optional<io::EventLogWriter> event_log_;
  std::optional<SimLedgerFile> ledger_;
  std::optional<core::Error> error_;
};

}  // namespace nexa::cli
