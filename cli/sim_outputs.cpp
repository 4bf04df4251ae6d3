#include "cli/sim_outputs.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/stop_signals.hpp"
#include "io/posix_file.hpp"

namespace nexa::cli {

namespace {

using core::Result;

Result<void> make_folder(const std::filesystem::path& folder) {
  if (folder.empty()) return {};
  std::error_code reason;
  std::filesystem::create_directories(folder, reason);
  if (reason) return io::system_error("make the folder", folder.string(), reason.value());
  return {};
}

Result<void> make_folder_of(const std::string& file) {
  return make_folder(std::filesystem::path(file).parent_path());
}

/// Does the steps one after another until one fails.
template <class... Steps>
Result<void> in_turn(Steps... steps) {
  Result<void> status;
  const auto take = [&](auto& step) {
    if (status) status = step();
  };
  (take(steps), ...);
  return status;
}

}  // namespace

Result<std::unique_ptr<SimOutputs>> SimOutputs::open(const SimInputs& inputs, const SimFlags& flags,
                                                     const io::RunMeta& meta) {
  std::unique_ptr<SimOutputs> outputs(new SimOutputs(inputs, meta));
  if (auto status = outputs->open_files(flags); !status) return status.error();
  return outputs;
}

Result<void> SimOutputs::open_files(const SimFlags& flags) {
  const io::OutputFiles& names = inputs_.spec.outputs;
  return in_turn(
      [&] { return open_text(report_file_, names.report); }, [&] { return open_hdf5(names.hdf5); },
      [&] { return open_csv(names.csv); }, [&] { return open_text(json_file_, names.json); },
      [&] { return open_event_log(flags.event_log); }, [&] { return open_ledger(flags.ledger); },
      [&] {
        if (report_file_) report_.emplace(inputs_.platform, inputs_.workload);
        return Result<void>();
      });
}

Result<void> SimOutputs::open_text(std::optional<io::AtomicFile>& file, const std::string& path) {
  if (path.empty()) return {};
  if (auto status = make_folder_of(path); !status) return status;
  auto opened = io::AtomicFile::create(path);
  if (!opened) return opened.error();
  file.emplace(std::move(*opened));
  files_.push_back(path);
  return {};
}

Result<void> SimOutputs::open_csv(const std::string& folder) {
  if (folder.empty()) return {};
  if (auto status = make_folder(folder); !status) return status;
  const std::string path = (std::filesystem::path(folder) / "jobs.csv").string();
  auto opened = io::JobsCsvWriter::create(path, inputs_.workload_name, inputs_.workload.jobs,
                                          inputs_.platform);
  if (!opened) return opened.error();
  csv_.emplace(std::move(*opened));
  files_.push_back(path);
  return open_text(csv_meta_, (std::filesystem::path(folder) / "meta.json").string());
}

Result<void> SimOutputs::open_hdf5(const std::string& path) {
  if (path.empty()) return {};
  if (auto status = make_folder_of(path); !status) return status;
  auto opened = io::hdf5::RunWriter::create(path, meta_, inputs_.platform, inputs_.workload.jobs);
  if (!opened) return opened.error();
  hdf5_.emplace(std::move(*opened));
  if (inputs_.spec.validation) {
    if (auto status = hdf5_->expect_replicas(); !status) return status;
  }
  files_.push_back(path);
  return {};
}

Result<void> SimOutputs::open_event_log(const std::string& path) {
  if (path.empty()) return {};
  if (auto status = make_folder_of(path); !status) return status;
  auto opened = io::EventLogWriter::create(path, meta_);
  if (!opened) return opened.error();
  event_log_.emplace(std::move(*opened));
  files_.push_back(path);
  return {};
}

Result<void> SimOutputs::open_ledger(const std::string& path) {
  if (path.empty()) return {};
  if (auto status = make_folder_of(path); !status) return status;
  auto opened = SimLedgerFile::create(path);
  if (!opened) return opened.error();
  ledger_.emplace(std::move(*opened));
  files_.push_back(path);
  return {};
}

scheduler::Recorder* SimOutputs::recorder() {
  return event_log_ || report_ ? this : nullptr;
}

void SimOutputs::note(const Result<void>& status) {
  if (status || error_) return;
  error_ = status.error();
  StopSignals::request_stop();
}

void SimOutputs::add(const core::JobOutcome& outcome) {
  if (error_) return;
  if (csv_) note(csv_->append(outcome));
  if (hdf5_) note(hdf5_->append(outcome));
  if (report_) report_->add(outcome);
}

void SimOutputs::add_replica(const scheduler::ReplicaRecord& replica) {
  if (error_) return;
  if (hdf5_) note(hdf5_->append(replica));
  if (report_) report_->add_replica(replica);
}
void SimOutputs::add_verdict(const scheduler::VerdictRecord& verdict) {
  if (hdf5_ && !error_) note(hdf5_->append(verdict));
}
void SimOutputs::add_identity(const scheduler::IdentityRecord& identity) {
  if (hdf5_ && !error_) note(hdf5_->append(identity));
}
void SimOutputs::add_account(std::string_view name) {
  if (hdf5_ && !error_) note(hdf5_->append_account(name));
}
void SimOutputs::add_transfer(const scheduler::TransferRecord& transfer) {
  if (hdf5_ && !error_) note(hdf5_->append(transfer));
}

void SimOutputs::on_event(const scheduler::Event& event) {
  if (event_log_ && !error_) note(event_log_->add(event));
}

void SimOutputs::on_step(core::Time now, std::span<const scheduler::Command> commands) {
  if (event_log_ && !error_) note(event_log_->add_step(now, commands));
  // Where jobs run as replicas the commands are those of tasks; bars come of `add_replica`.
  if (report_ && !inputs_.spec.validation) report_->note_commands(commands);
}

std::string SimOutputs::snippet() const {
  const std::string& path = inputs_.spec.outputs.hdf5;
  if (path.empty()) return {};
  const auto table = [](const std::string& name) {
    return name + " = pd.DataFrame({name: column[:] for name, column in run[\"" + name +
           "\"].items()})";
  };
  std::string text = "import h5py, pandas as pd\nrun = h5py.File(\"" + path + "\")\n";
  text += table("jobs");
  if (inputs_.spec.validation) text += '\n' + table("replicas");
  return text;
}

Result<void> SimOutputs::finish(const RunSummary& summary) {
  if (error_) return *error_;
  return in_turn([&] { return finish_data(summary); }, [&] { return finish_texts(summary); });
}

Result<void> SimOutputs::finish_data(const RunSummary& summary) {
  return in_turn([&] { return csv_ ? csv_->commit() : Result<void>(); },
                 [&] { return hdf5_ ? hdf5_->set_series(summary.result.load) : Result<void>(); },
                 [&] { return hdf5_ ? hdf5_->close(summary.complete) : Result<void>(); },
                 [&] { return event_log_ ? event_log_->commit(summary.complete) : Result<void>(); },
                 [&] { return ledger_ ? ledger_->commit() : Result<void>(); });
}

Result<void> SimOutputs::finish_texts(const RunSummary& summary) {
  const auto put = [](std::optional<io::AtomicFile>& file, const std::string& text) {
    auto written = file->write(text);
    return written ? file->commit() : written;
  };
  const auto put_report = [&]() -> Result<void> {
    if (!report_file_) return {};
    const auto page = io::render_report(report_->data(summary, snippet()));
    return page ? put(report_file_, *page) : Result<void>(page.error());
  };
  const auto put_meta = [&]() -> Result<void> {
    return csv_meta_ ? put(csv_meta_, io::to_json(meta_, summary.complete)) : Result<void>();
  };
  const auto put_json = [&]() -> Result<void> {
    return json_file_ ? put(json_file_, to_json(summary)) : Result<void>();
  };
  return in_turn(put_report, put_meta, put_json);
}

}  // namespace nexa::cli
