#include "io/jobs_csv.hpp"

#include <charconv>
#include <concepts>
#include <cstdint>
#include <utility>

#include "core/interval_set.hpp"
#include "scheduler/command.hpp"

namespace nexa::io {
namespace {

using core::JobOutcome;
using core::JobState;
using core::Result;

constexpr std::size_t flush_bytes = std::size_t{1} << 20;

constexpr std::string_view csv_header =
    "job_id,workload_name,profile,submission_time,requested_number_of_resources,requested_time,"
    "success,final_state,starting_time,execution_time,finish_time,waiting_time,turnaround_time,"
    "stretch,allocated_resources,consumed_energy,metadata,"
    "tier,node_class,selected_by,cores,cores_held,user,workload_index\n";

std::string_view state_name(const JobOutcome& outcome) {
  switch (outcome.state) {
    case JobState::completed:
      return "COMPLETED_SUCCESSFULLY";
    case JobState::timed_out:
      return "COMPLETED_WALLTIME_REACHED";
    case JobState::cancelled:
      return "COMPLETED_KILLED";
    case JobState::rejected:
      return "REJECTED";
    case JobState::failed:
      return "COMPLETED_FAILED";
    case JobState::unfinished:
      break;
  }
  return outcome.started ? "RUNNING" : "SUBMITTED";
}

void put_integer(std::string& out, std::integral auto value) {
  char digits[24];
  const auto written = std::to_chars(std::begin(digits), std::end(digits), value);
  out.append(digits, static_cast<std::size_t>(written.ptr - digits));
}

/// Seconds with six decimals, which is exact for a whole number of microseconds.
void put_seconds(std::string& out, core::Duration duration) {
  std::int64_t micros = duration.count();
  if (micros < 0) {
    out += '-';
    micros = -micros;
  }
  put_integer(out, micros / 1'000'000);
  char decimals[] = ".000000";
  for (std::int64_t rest = micros % 1'000'000, i = 6; rest != 0; rest /= 10, --i) {
    decimals[i] = static_cast<char>('0' + rest % 10);
  }
  out.append(decimals, 7);
}

void put_ratio(std::string& out, core::Duration numerator, core::Duration denominator) {
  if (denominator.count() <= 0) return;
  char digits[48];
  const double ratio =
      static_cast<double>(numerator.count()) / static_cast<double>(denominator.count());
  const auto written =
      std::to_chars(std::begin(digits), std::end(digits), ratio, std::chars_format::fixed, 6);
  out.append(digits, static_cast<std::size_t>(written.ptr - digits));
}

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

JobsCsvWriter::JobsCsvWriter(AtomicFile file, const std::string& workload_name,
                             std::span<const core::WorkloadJob> jobs,
                             const core::Platform& platform)
    : file_(std::move(file)), workload_field_(csv_field(workload_name)), jobs_(jobs) {
  for (const std::string& tier : platform.tiers) tier_fields_.push_back(csv_field(tier));
  for (const core::NodeGroup& group : platform.groups) {
    class_fields_.push_back(csv_field(group.name));
  }
  buffer_.reserve(flush_bytes + flush_bytes / 4);
  buffer_ = csv_header;
}

Result<JobsCsvWriter> JobsCsvWriter::create(const std::string& path,
                                            const std::string& workload_name,
                                            std::span<const core::WorkloadJob> jobs,
                                            const core::Platform& platform) {
  Result<AtomicFile> file = AtomicFile::create(path);
  if (!file) return std::move(file).error();
  return JobsCsvWriter(std::move(*file), workload_name, jobs, platform);
}

Result<void> JobsCsvWriter::append(const JobOutcome& outcome) {
  const bool known = outcome.workload_index < jobs_.size();
  put_integer(buffer_, known ? jobs_[outcome.workload_index].number : outcome.id.value);
  buffer_ += ',';
  buffer_ += workload_field_;
  buffer_ += ",delay,";
  put_seconds(buffer_, outcome.submit.time_since_epoch());
  buffer_ += ',';
  put_integer(buffer_, outcome.request.slots);
  buffer_ += ',';
  put_seconds(buffer_, outcome.time_limit);
  buffer_ += outcome.state == JobState::completed ? ",1," : ",0,";
  buffer_ += state_name(outcome);
  buffer_ += ',';
  put_times(outcome);
  core::append_text(buffer_, outcome.nodes);
  buffer_ += outcome.started ? ",-1.000000,\"\"" : ",,\"\"";
  put_extras(outcome);
  if (buffer_.size() < flush_bytes) return {};
  const Result<void> written = file_.write(buffer_);
  buffer_.clear();
  return written;
}

/// From starting_time to stretch, each with its comma.
void JobsCsvWriter::put_times(const JobOutcome& outcome) {
  if (!outcome.started) {
    buffer_ += ",,,,,,";
    return;
  }
  const bool ended = outcome.state != JobState::unfinished;
  const core::Duration execution = outcome.end - outcome.start;
  const core::Duration turnaround = outcome.end - outcome.submit;
  put_seconds(buffer_, outcome.start.time_since_epoch());
  buffer_ += ',';
  if (ended) put_seconds(buffer_, execution);
  buffer_ += ',';
  if (ended) put_seconds(buffer_, outcome.end.time_since_epoch());
  buffer_ += ',';
  put_seconds(buffer_, outcome.start - outcome.submit);
  buffer_ += ',';
  if (ended) put_seconds(buffer_, turnaround);
  buffer_ += ',';
  if (ended) put_ratio(buffer_, turnaround, execution);
  buffer_ += ',';
}

void JobsCsvWriter::put_extras(const JobOutcome& outcome) {
  buffer_ += ',';
  if (outcome.started && outcome.tier.value < tier_fields_.size()) {
    buffer_ += tier_fields_[outcome.tier.value];
  }
  buffer_ += ',';
  if (outcome.started && outcome.node_class < class_fields_.size()) {
    buffer_ += class_fields_[outcome.node_class];
  }
  buffer_ += ',';
  if (outcome.started) buffer_ += scheduler::to_text(outcome.selected_by);
  buffer_ += ',';
  put_integer(buffer_, outcome.request.cores());
  buffer_ += ',';
  put_integer(buffer_, outcome.started ? outcome.cores_held : 0);
  buffer_ += ',';
  if (outcome.workload_index < jobs_.size()) {
    put_integer(buffer_, jobs_[outcome.workload_index].user);
  }
  buffer_ += ',';
  put_integer(buffer_, outcome.workload_index);
  buffer_ += '\n';
}

Result<void> JobsCsvWriter::commit() {
  const Result<void> written = file_.write(buffer_);
  if (!written) return written;
  buffer_.clear();
  return file_.commit();
}

}  // namespace nexa::io
