#include "io/failure_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "io/line_reader.hpp"
#include "io/values.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

constexpr std::size_t longest_trace_line = 65'536;
constexpr std::string_view plain_header = "node,down_s,up_s";
constexpr std::string_view lanl_header = "System,machine type,nodes";

// Columns of LANL's release.
constexpr std::size_t lanl_system = 0;
constexpr std::size_t lanl_nodes = 2;
constexpr std::size_t lanl_node = 6;  // `nodenumz`, from 0
constexpr std::size_t lanl_start = 16;
constexpr std::size_t lanl_end = 17;
constexpr std::size_t lanl_columns = 26;

/// Splits a line at its commas; those in double quotes do not count.
std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '"') quoted = !quoted;
    if (i < line.size() && (line[i] != ',' || quoted)) continue;
    fields.push_back(line.substr(begin, i - begin));
    begin = i + 1;
  }
  return fields;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

/// Takes the number at the front of a text, and the separator behind it.
std::optional<int> take(std::string_view& text, char separator) {
  const std::size_t end = separator == '\0' ? text.size() : text.find(separator);
  if (end == std::string_view::npos) return std::nullopt;
  const auto number = number_of<int>(text.substr(0, end));
  text.remove_prefix(std::min(text.size(), end + 1));
  return number;
}

/// `6/21/2005 10:54` as a time of the civil calendar, whose zone does not matter.
std::optional<core::Time> minute_of(std::string_view text) {
  const auto month = take(text, '/');
  const auto day = take(text, '/');
  const auto year = take(text, ' ');
  const auto hour = take(text, ':');
  const auto minute = take(text, '\0');
  if (!month || !day || !year || !hour || !minute) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  const bool is_time = *hour >= 0 && *hour < 24 && *minute >= 0 && *minute < 60;
  if (!date.ok() || !is_time) return std::nullopt;
  const auto days = std::chrono::sys_days{date}.time_since_epoch();
  return core::Time{days + std::chrono::hours{*hour} + std::chrono::minutes{*minute}};
}

/// Sorts, joins what overlaps or touches, and lets time begin with the first outage.
core::FailureTrace tidy(std::vector<core::Outage> outages, std::uint32_t nodes) {
  core::FailureTrace trace;
  trace.nodes = nodes;
  std::sort(outages.begin(), outages.end());
  core::Time first = core::never;
  core::Time last{};
  for (const core::Outage& outage : outages) first = std::min(first, outage.start);
  for (core::Outage outage : outages) {
    outage.start -= first.time_since_epoch();
    outage.end -= first.time_since_epoch();
    last = std::max(last, outage.end);
    if (!trace.outages.empty() && trace.outages.back().node == outage.node &&
        outage.start <= trace.outages.back().end) {
      trace.outages.back().end = std::max(trace.outages.back().end, outage.end);
    } else {
      trace.outages.push_back(outage);
    }
  }
  trace.length = last.time_since_epoch();
  return trace;
}

class TraceReader {
 public:
  TraceReader(std::unique_ptr<ByteSource> source, std::uint32_t system)
      : name_(source->name()), lines_(std::move(source), longest_trace_line), system_(system) {}

  core::Result<core::FailureTrace> read() {
    auto more = lines_.next(line_);
    if (!more) return more.error();
    strip();
    if (*more && line_ == plain_header) return read_plain();
    if (*more && !line_.starts_with(lanl_header)) more = lines_.next(line_);
    if (!more) return more.error();
    if (*more && line_.starts_with(lanl_header)) return read_lanl();
    return corrupt("this is neither a list of outages nor LANL's failure data",
                   fmt::format("the first line of a list is {}", plain_header));
  }

 private:
  void strip() {
    if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  }

  [[nodiscard]] core::Error corrupt(std::string message, std::string hint = {}) const {
    return {.code = core::ErrorCode::corrupt,
            .message = std::move(message),
            .hint = std::move(hint),
            .where = {name_, static_cast<int>(lines_.number()), 0}};
  }

  core::Result<core::FailureTrace> read_plain() {
    std::vector<core::Outage> outages;
    std::uint32_t nodes = 0;
    while (true) {
      const auto more = lines_.next(line_);
      if (!more) return more.error();
      if (!*more) break;
      strip();
      if (line_.empty()) continue;
      const auto outage = plain_outage();
      if (!outage) return outage.error();
      nodes = std::max(nodes, outage->node + 1);
      outages.push_back(*outage);
    }
    return tidy(std::move(outages), nodes);
  }

  [[nodiscard]] core::Result<core::Outage> plain_outage() const {
    const auto fields = fields_of(line_);
    const auto node = number_of<std::uint32_t>(fields[0]);
    if (fields.size() != 3 || !node || *node == UINT32_MAX) {
      return corrupt(fmt::format("{} is not a node and two times", in_quotes(line_)));
    }
    const auto down = parse_decimal(fields[1], 6);
    const auto up = parse_decimal(fields[2], 6);
    if (!down || !up || *up < *down) {
      return corrupt(
          fmt::format("{} is not a time down and a later time up, in seconds", in_quotes(line_)));
    }
    return core::Outage{*node, core::Time{core::Duration{*down}}, core::Time{core::Duration{*up}}};
  }

  core::Result<core::FailureTrace> read_lanl() {
    std::map<std::uint32_t, std::vector<core::Outage>> by_node;
    std::uint32_t nodes = 0;
    while (true) {
      const auto more = lines_.next(line_);
      if (!more) return more.error();
      if (!*more) break;
      strip();
      if (line_.empty()) continue;
      const auto status = take_lanl(by_node, nodes);
      if (!status) return status.error();
    }
    if (by_node.empty()) {
      return core::Error{core::ErrorCode::not_found,
                         fmt::format("{}: no failures of system {}", name_, system_),
                         "the systems are numbered in the first column",
                         {name_, 0, 0}};
    }
    return tidy(numbered(by_node), std::max(nodes, static_cast<std::uint32_t>(by_node.size())));
  }

  core::Result<void> take_lanl(std::map<std::uint32_t, std::vector<core::Outage>>& by_node,
                               std::uint32_t& nodes) {
    const auto fields = fields_of(line_);
    if (fields.size() != lanl_columns) {
      return corrupt(fmt::format("the line has {} columns, not {}", fields.size(), lanl_columns));
    }
    const auto system = number_of<std::uint32_t>(fields[lanl_system]);
    if (!system) return corrupt(fmt::format("{} is no system", in_quotes(fields[lanl_system])));
    if (system_ == 0) system_ = *system;
    if (*system != system_) return {};
    const auto node = number_of<std::uint32_t>(fields[lanl_node]);
    const auto start = minute_of(fields[lanl_start]);
    const auto end = minute_of(fields[lanl_end]);
    if (!node) return corrupt(fmt::format("{} is no node", in_quotes(fields[lanl_node])));
    if (!start || !end || *end < *start) {
      return corrupt(fmt::format("{} to {} is not a span of time", in_quotes(fields[lanl_start]),
                                 in_quotes(fields[lanl_end])));
    }
    nodes = std::max(nodes, number_of<std::uint32_t>(fields[lanl_nodes]).value_or(0));
    by_node[*node].push_back({0, *start, *end});
    return {};
  }

  /// Gives the nodes numbers without gaps, in the order of those that they have.
  static std::vector<core::Outage> numbered(
      const std::map<std::uint32_t, std::vector<core::Outage>>& by_node) {
    std::vector<core::Outage> outages;
    std::uint32_t number = 0;
    for (const auto& [node, of_node] : by_node) {
      for (core::Outage outage : of_node) {
        outage.node = number;
        outages.push_back(outage);
      }
      ++number;
    }
    return outages;
  }

  std::string name_;
  LineReader lines_;
  std::uint32_t system_;
  std::string line_;
};

}  // namespace

core::Result<core::FailureTrace> read_failures(std::unique_ptr<ByteSource> source,
                                               std::uint32_t system) {
  return TraceReader(std::move(source), system).read();
}

core::Result<core::FailureTrace> read_failures(const std::string& path, std::uint32_t system) {
  auto source = open_bytes(path);
  if (!source) return source.error();
  return read_failures(std::move(*source), system);
}

}  // namespace nexa::io
