#include "io/swf.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "io/chunk_bytes.hpp"
#include "io/swf_header.hpp"
#include "io/swf_line.hpp"
#include "io/swf_repairs.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;
using core::WorkloadJob;

/// Reserving too much costs no memory that is not touched, but it must not fail either.
constexpr std::uint64_t max_reserved_jobs = 4'000'000;
constexpr std::int64_t kib_per_mib = 1024;

/// Turns records into jobs by the rules in swf.hpp.
class WorkloadBuilder {
 public:
  explicit WorkloadBuilder(const SwfOptions& options) : options_(options) {}

  SwfRepairLog& repairs() { return repairs_; }
  std::vector<WorkloadJob>& jobs() { return workload_.jobs; }

  /// False where the submit time lies before that of the job line above, which strict mode does
  /// not accept.
  bool add(const SwfRecord& record, std::uint64_t line) {
    if (record.run_time <= 0) return repair(SwfRepair::run_time_unknown, line), true;
    if (record.submit < 0) return repair(SwfRepair::submit_unknown, line), true;
    const bool in_order = record.submit >= last_submit_;
    if (!in_order) repair(SwfRepair::not_sorted, line);
    last_submit_ = record.submit;
    const std::int64_t slots = slots_of(record, line);
    if (slots <= 0) return in_order;
    if (workload_.jobs.empty()) first_submit_ = record.submit;
    sorted_ = sorted_ && record.submit >= last_kept_submit_;
    last_kept_submit_ = record.submit;
    workload_.jobs.push_back(WorkloadJob{
        .submit = core::at_seconds(record.submit - first_submit_),
        .run_time = core::seconds(record.run_time),
        .time_limit = core::seconds(time_limit_of(record, line)),
        .slots = static_cast<std::uint32_t>(slots),
        .request_class = options_.use_memory ? memory_class(record) : 0,
        .user = static_cast<std::uint32_t>(std::max<std::int64_t>(record.user, 0)),
        .number = static_cast<std::uint32_t>(std::max<std::int64_t>(record.number, 0))});
    return in_order;
  }

  core::Workload finish() {
    std::vector<WorkloadJob>& kept = workload_.jobs;
    if (!sorted_) sort();
    if (options_.first != 0 && kept.size() > options_.first) {
      kept.resize(static_cast<std::size_t>(options_.first));
    }
    if (workload_.request_classes.empty()) workload_.request_classes.push_back(request(0));
    workload_.repairs = repairs_.report();
    return std::move(workload_);
  }

 private:
  void repair(SwfRepair kind, std::uint64_t line) { repairs_.add(kind, line); }

  /// 0 where the line is to be dropped.
  std::int64_t slots_of(const SwfRecord& record, std::uint64_t line) {
    std::int64_t slots = record.processors;
    if (slots <= 0 && record.processors_used > 0) {
      repair(SwfRepair::processors_from_use, line);
      slots = record.processors_used;
    }
    if (slots <= 0) return repair(SwfRepair::processors_unknown, line), 0;
    if (options_.max_processors != 0 && slots > std::int64_t{options_.max_processors}) {
      return repair(SwfRepair::too_many_processors, line), 0;
    }
    return slots;
  }

  std::int64_t time_limit_of(const SwfRecord& record, std::uint64_t line) {
    if (options_.perfect_estimates) return record.run_time;
    if (record.estimate >= record.run_time) return record.estimate;
    const bool unknown = record.estimate <= 0;
    repair(unknown ? SwfRepair::estimate_unknown : SwfRepair::estimate_too_low, line);
    return record.run_time;
  }

  core::Request request(std::uint64_t memory_kib) const {
    core::Request request;
    request.per_slot = {.cores = 1, .gpus = 0, .memory_kib = memory_kib};
    request.sharing = options_.sharing;
    return request;
  }

  std::uint32_t memory_class(const SwfRecord& record) {
    const std::int64_t asked = record.memory > 0 ? record.memory : record.memory_used;
    const std::int64_t mib = asked <= 0 ? 0 : (asked + kib_per_mib - 1) / kib_per_mib;
    const auto memory_kib = static_cast<std::uint64_t>(mib * kib_per_mib);
    const auto next = static_cast<std::uint32_t>(workload_.request_classes.size());
    const auto [entry, is_new] = class_of_memory_.try_emplace(memory_kib, next);
    if (is_new) workload_.request_classes.push_back(request(memory_kib));
    return entry->second;
  }

  void sort() {
    std::vector<WorkloadJob>& kept = workload_.jobs;
    std::stable_sort(kept.begin(), kept.end(), [](const WorkloadJob& a, const WorkloadJob& b) {
      return a.submit < b.submit;
    });
    const core::Duration offset = kept.front().submit.time_since_epoch();
    for (WorkloadJob& job : kept) job.submit -= offset;
  }

  SwfOptions options_;
  SwfRepairLog repairs_;
  core::Workload workload_;
  std::unordered_map<std::uint64_t, std::uint32_t> class_of_memory_;
  std::int64_t last_submit_ = 0;
  std::int64_t last_kept_submit_ = 0;
  std::int64_t first_submit_ = 0;
  bool sorted_ = true;
};

/// Cuts the bytes into lines within one buffer and hands them to the builder.
class SwfReader {
 public:
  SwfReader(ByteSource& source, const SwfOptions& options)
      : source_(source),
        strict_(options.strict),
        builder_(options),
        buffer_(2 * swf_padding + swf_max_line_bytes + chunk_bytes, '\n') {}

  Result<core::Workload> read() {
    while (!at_end_) {
      const Result<void> filled = fill();
      if (!filled) return filled.error();
      const Result<void> done = consume_lines();
      if (!done) return done.error();
    }
    if (builder_.jobs().empty()) return nothing_found();
    core::Workload workload = builder_.finish();
    workload.lines_read = line_;
    workload.header = header_.take();
    return workload;
  }

 private:
  char* storage() { return buffer_.data() + swf_padding; }

  /// Moves what is left of a line to the front of the buffer and reads on behind it.
  Result<void> fill() {
    std::memmove(storage(), storage() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    const Result<std::size_t> count = source_.read(std::span<char>(storage() + end_, chunk_bytes));
    if (!count) return located(count.error(), 0);
    end_ += *count;
    at_end_ = *count == 0;
    if (at_end_ && (end_ != 0 || skipping_)) storage()[end_++] = '\n';
    if (line_ == 0) skip_byte_order_mark();
    return {};
  }

  /// Reads all lines that are complete. What stays is shorter than `swf_max_line_bytes`.
  Result<void> consume_lines() {
    const auto* last = static_cast<const char*>(::memrchr(storage() + begin_, '\n', end_ - begin_));
    if (last != nullptr) {
      const Result<void> done = read_lines(storage() + begin_, last + 1);
      if (!done) return done;
      begin_ = static_cast<std::size_t>(last + 1 - storage());
      reserve();
    }
    if (end_ - begin_ <= swf_max_line_bytes) return {};
    begin_ = end_;
    if (skipping_) return {};
    skipping_ = true;
    return too_long(line_ + 1);
  }

  Result<void> read_lines(const char* at, const char* end) {
    if (skipping_) {
      at = next_line(at, end);
      ++line_;
      skipping_ = false;
    }
    SwfRecord record;
    while (at != end) {
      ++line_;
      const char* behind = strict_ ? nullptr : scan_clean_swf_line(at, record);
      if (behind != nullptr) {
        seen_job_line_ = true;
        builder_.add(record, line_);
        at = behind;
        continue;
      }
      behind = next_line(at, end);
      const Result<void> done =
          read_carefully(std::string_view(at, static_cast<std::size_t>(behind - at - 1)));
      if (!done) return done;
      at = behind;
    }
    return {};
  }

  static const char* next_line(const char* at, const char* end) {
    const auto length = static_cast<std::size_t>(end - at);
    return static_cast<const char*>(std::memchr(at, '\n', length)) + 1;
  }

  Result<void> read_carefully(std::string_view line) {
    if (line.size() > swf_max_line_bytes) return too_long(line_);
    SwfRecord record;
    const SwfLineResult result = parse_swf_line(line, line_, strict_, record, builder_.repairs());
    if (result.failed) return located(result.error, line_);
    seen_job_line_ = seen_job_line_ || result.looks_like_job;
    if (result.kind == SwfLineKind::comment && builder_.jobs().empty()) header_.add(line);
    if (result.kind != SwfLineKind::job) return {};
    if (builder_.add(record, line_) || !strict_) return {};
    const std::size_t column = line.find_first_not_of(" \t");
    return located(Error{.code = ErrorCode::invalid_argument,
                         .message = "submit time " + std::to_string(record.submit) +
                                    " is before that of the job line above",
                         .hint = "sort the lines by field 2, or read without strict mode",
                         .where = {.file = {}, .line = 0, .column = static_cast<int>(column) + 1}},
                   line_);
  }

  Result<void> too_long(std::uint64_t line) {
    if (!strict_) {
      builder_.repairs().add(SwfRepair::line_too_long, line);
      return {};
    }
    return located(
        Error{.code = ErrorCode::limit_exceeded,
              .message = "line is longer than 64 KiB",
              .hint = "a job line has 18 numbers; is this a workload log?",
              .where = {.file = {}, .line = 0, .column = static_cast<int>(swf_max_line_bytes) + 1}},
        line);
  }

  /// After the first lines, guesses how many jobs will come.
  void reserve() {
    if (reserved_ || line_ == 0) return;
    reserved_ = true;
    const std::uint64_t mean_line = begin_ / line_ + 1;
    const std::uint64_t expected = source_.size_hint() / mean_line;
    const std::uint64_t wanted = std::min(expected + expected / 8, max_reserved_jobs);
    if (wanted > builder_.jobs().size()) builder_.jobs().reserve(wanted);
  }

  void skip_byte_order_mark() {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    if (std::string_view(storage(), end_).substr(0, mark.size()) == mark) begin_ = mark.size();
  }

  /// Line 0 stands for the one that was being read.
  Error located(Error error, std::uint64_t line) const {
    const std::uint64_t shown = line != 0 ? line : line_ + 1;
    error.where.file = source_.name();
    error.where.line = static_cast<int>(std::min<std::uint64_t>(shown, INT32_MAX));
    return error;
  }

  Error nothing_found() {
    Error error{.code = ErrorCode::corrupt,
                .message = "no job line found in '" + source_.name() + "'",
                .hint = "an SWF log has 18 numbers on each line that is not a comment",
                .where = {.file = source_.name(), .line = 0, .column = 0}};
    const SwfRepairLog& repairs = builder_.repairs();
    const bool jobs_dropped = repairs.count(SwfRepair::run_time_unknown) +
                                  repairs.count(SwfRepair::processors_unknown) +
                                  repairs.count(SwfRepair::too_many_processors) +
                                  repairs.count(SwfRepair::submit_unknown) !=
                              0;
    if (!jobs_dropped || !seen_job_line_) return error;
    error.message = "no job is left in '" + source_.name() + "'";
    error.hint.clear();
    for (const core::Repair& repair : repairs.report()) {
      if (!error.hint.empty()) error.hint += "; ";
      error.hint += repair.what + " (" + std::to_string(repair.count) + " lines)";
    }
    return error;
  }

  ByteSource& source_;
  bool strict_;
  WorkloadBuilder builder_;
  SwfHeader header_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< of what is not read yet, from `storage()`
  std::size_t end_ = 0;
  std::uint64_t line_ = 0;
  bool at_end_ = false;
  bool skipping_ = false;  ///< inside a line that is too long
  bool reserved_ = false;
  bool seen_job_line_ = false;
};

}  // namespace

Result<core::Workload> read_swf(ByteSource& source, const SwfOptions& options) {
  return SwfReader(source, options).read();
}

Result<core::Workload> read_swf(const std::string& path, const SwfOptions& options) {
  const Result<std::unique_ptr<ByteSource>> source = open_bytes(path);
  if (!source) return source.error();
  return read_swf(**source, options);
}

}  // namespace nexa::io
