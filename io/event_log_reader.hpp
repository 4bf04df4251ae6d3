#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "io/line_reader.hpp"
#include "scheduler/event.hpp"

namespace nexa::io {

/// What the first line of an event log says of its run.
struct EventLogHeader {
  std::string policy;
  std::uint64_t seed = 0;
  std::string commit;
  std::string platform;
  std::string workload;
};

/// A step as it was logged.
struct LoggedStep {
  core::Time time{};
  std::uint64_t commands = 0;
  std::string hash;               ///< of all commands so far
  std::vector<std::string> text;  ///< the commands; empty where the log has none
};

/// The last line of the log of a run that came to its end, or was stopped in an orderly way.
struct EventLogEnd {
  bool complete = false;
  std::uint64_t events = 0;
  std::uint64_t steps = 0;
  std::string hash;
};

struct EventLogRecord {
  std::uint64_t line = 0;
  std::variant<scheduler::Event, LoggedStep, EventLogEnd> value;
  // What a view in `value` refers to:
  std::shared_ptr<const std::string> text{};
  std::shared_ptr<const std::vector<core::FaultDomain>> domains{};
};

/// Reads what `EventLogWriter` writes, plain or gzip. Keys that it does not know are passed over.
/// Values are checked to be what the engine may be told: amounts in range, times that never
/// decrease. Errors are `corrupt` (or those of the stream) with file, line and column.
class EventLogReader {
 public:
  /// Reads the first line. Errors also: those of `open_bytes`.
  static core::Result<EventLogReader> open(const std::string& path);

  [[nodiscard]] const EventLogHeader& header() const { return header_; }
  /// The next record; nothing at the end.
  core::Result<std::optional<EventLogRecord>> next();
  /// True if the last line breaks off, as it does when the writer is killed: it is left out.
  [[nodiscard]] bool last_line_is_torn() const { return torn_; }

 private:
  EventLogReader(LineReader lines, std::string path)
      : lines_(std::move(lines)), path_(std::move(path)) {}

  core::Result<void> read_header();
  core::Result<EventLogRecord> parse(const std::string& line);
  [[nodiscard]] core::SourcePos here(int column) const;

  LineReader lines_;
  std::string path_;
  EventLogHeader header_;
  std::string line_;
  core::Time last_time_{};
  bool torn_ = false;
};

}  // namespace nexa::io
