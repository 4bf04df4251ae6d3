#include "io/report_json.hpp"

#include <array>
#include <bit>
#include <concepts>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

namespace nexa::io {
namespace {

// Keys keep the order in which they are written, so that equal data give equal bytes.
using Json = nlohmann::ordered_json;

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void append_base64(std::string& out, const std::vector<std::uint8_t>& bytes) {
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const std::uint32_t second = left > 1 ? bytes[i + 1] : 0U;
    const std::uint32_t third = left > 2 ? bytes[i + 2] : 0U;
    const std::uint32_t group = (std::uint32_t{bytes[i]} << 16) | (second << 8) | third;
    out += base64_digits[group >> 18];
    out += base64_digits[(group >> 12) & 63];
    out += left > 1 ? base64_digits[(group >> 6) & 63] : '=';
    out += left > 2 ? base64_digits[group & 63] : '=';
  }
}

template <std::unsigned_integral Word>
void append_little_endian(std::vector<std::uint8_t>& bytes, Word word) {
  for (std::size_t i = 0; i < sizeof(Word); ++i) {
    bytes.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
  }
}

/// The bits of a number as it stands in a column of type `Stored`.
template <class Stored, class Value>
auto stored_bits(Value value) {
  if constexpr (std::same_as<Stored, double>) {
    return std::bit_cast<std::uint64_t>(static_cast<double>(value));
  } else if constexpr (std::same_as<Stored, float>) {
    return std::bit_cast<std::uint32_t>(static_cast<float>(value));
  } else {
    return static_cast<Stored>(value);
  }
}

template <class Stored>
constexpr std::string_view type_name() {
  if constexpr (std::same_as<Stored, double>) return "f64:";
  if constexpr (std::same_as<Stored, float>) return "f32:";
  if constexpr (sizeof(Stored) == 1) return "u8:";
  if constexpr (sizeof(Stored) == 2) return "u16:";
  return "u32:";
}

template <class Stored, class Value>
std::string column(const std::vector<Value>& values) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(values.size() * sizeof(Stored));
  for (const Value& value : values) append_little_endian(bytes, stored_bits<Stored>(value));
  std::string text(type_name<Stored>());
  append_base64(text, bytes);
  return text;
}

Json spread_json(const ReportSpread& spread) {
  return {{"mean", spread.mean}, {"p50", spread.p50}, {"p95", spread.p95}, {"max", spread.max}};
}

Json summary_json(const ReportSummary& summary) {
  return {{"jobs", summary.jobs},
          {"completed", summary.completed},
          {"timed_out", summary.timed_out},
          {"failed", summary.failed},
          {"cancelled", summary.cancelled},
          {"rejected", summary.rejected},
          {"unfinished", summary.unfinished},
          {"makespan_s", summary.makespan_s},
          {"utilization", summary.utilization},
          {"wait_s", spread_json(summary.wait_s)},
          {"turnaround_s", spread_json(summary.turnaround_s)},
          {"bounded_slowdown", spread_json(summary.bounded_slowdown)}};
}

Json load_json(const ReportData& data) {
  Json tiers = Json::array();
  for (std::size_t i = 0; i < data.tiers.size(); ++i) {
    tiers.push_back({{"name", data.tiers[i].name},
                     {"cores", data.tiers[i].cores},
                     {"busy", column<float>(data.load.busy_cores[i])}});
  }
  return {{"bucket_s", core::to_seconds(data.load.bucket_width)},
          {"queue", column<float>(data.load.queue_length)},
          {"running", column<float>(data.load.running_jobs)},
          {"tiers", std::move(tiers)}};
}

Json ecdf_json(const std::vector<EcdfPoint>& points) {
  std::vector<double> values;
  std::vector<double> fractions;
  for (const EcdfPoint& point : points) {
    values.push_back(point.value);
    fractions.push_back(point.fraction);
  }
  return {{"value_s", column<double>(values)}, {"fraction", column<float>(fractions)}};
}

Json sizes_json(const std::vector<SizeClassRow>& rows) {
  Json out = Json::array();
  for (const SizeClassRow& row : rows) {
    out.push_back({{"label", row.label},
                   {"jobs", row.jobs},
                   {"mean", row.mean},
                   {"p50", row.p50},
                   {"p95", row.p95}});
  }
  return out;
}

/// Durations need fewer digits than instants do: seven are more than the eye can use.
std::vector<double> durations(const GanttBars& bars) {
  std::vector<double> out(bars.start_s.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = bars.end_s[i] - bars.start_s[i];
  return out;
}

Json gantt_json(const ReportData& data) {
  Json lanes = Json::array();
  for (const GanttLane& lane : data.lanes) {
    lanes.push_back({{"name", lane.name}, {"tier", lane.tier}, {"cores", lane.cores}});
  }
  const GanttBars& bars = data.bars;
  const bool short_index = data.lanes.size() <= std::numeric_limits<std::uint16_t>::max();
  return {
      {"stride", data.bar_stride},
      {"lanes", std::move(lanes)},
      {"lane", short_index ? column<std::uint16_t>(bars.lane) : column<std::uint32_t>(bars.lane)},
      {"job", column<std::uint32_t>(bars.job)},
      {"cores", column<std::uint32_t>(bars.cores)},
      {"start_s", column<double>(bars.start_s)},
      {"duration_s", column<float>(durations(bars))},
      {"wait_s", column<float>(bars.wait_s)},
      {"state", column<std::uint8_t>(bars.state)}};
}

/// Inside a script element only '<' can end the element or open a comment, and in JSON it can only
/// stand in strings, where its escape means the same.
std::string without_angle_brackets(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string report_json(const ReportData& data) {
  Json facts = Json::array();
  for (const ReportFact& fact : data.provenance) {
    facts.push_back({{"label", fact.label}, {"value", fact.value}});
  }
  const Json document = {{"schema", "nexa.report/1"},
                         {"title", data.title},
                         {"notice", data.notice},
                         {"snippet", data.snippet},
                         {"provenance", std::move(facts)},
                         {"summary", summary_json(data.summary)},
                         {"load", load_json(data)},
                         {"wait_ecdf", ecdf_json(data.wait_ecdf)},
                         {"slowdown_by_size", sizes_json(data.slowdown_by_size)},
                         {"gantt", gantt_json(data)}};
  // Names come from files of any encoding; a byte that is not UTF-8 becomes U+FFFD.
  return without_angle_brackets(document.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace nexa::io
