#include "io/report_json.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "io/report_column.hpp"
#include "io/report_trust_json.hpp"

namespace nexa::io {
namespace {

// Keys keep the order in which they are written, so that equal data give equal bytes.
using Json = nlohmann::ordered_json;
using report::column;

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
  Json gantt = {
      {"stride", data.bar_stride},
      {"lanes", std::move(lanes)},
      {"lane", short_index ? column<std::uint16_t>(bars.lane) : column<std::uint32_t>(bars.lane)},
      {"job", column<std::uint32_t>(bars.job)},
      {"cores", column<std::uint32_t>(bars.cores)},
      {"start_s", column<double>(bars.start_s)},
      {"duration_s", column<float>(durations(bars))},
      {"wait_s", column<float>(bars.wait_s)},
      {"state", column<std::uint8_t>(bars.state)}};
  if (!bars.replica.empty()) {
    gantt["replica"] = column<std::uint32_t>(bars.replica);
    gantt["fate"] = column<std::uint8_t>(bars.fate);
  }
  return gantt;
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
  Json document = {{"schema", "nexa.report/1"},
                   {"title", data.title},
                   {"notice", data.notice},
                   {"snippet", data.snippet},
                   {"provenance", std::move(facts)},
                   {"summary", summary_json(data.summary)},
                   {"load", load_json(data)},
                   {"wait_ecdf", ecdf_json(data.wait_ecdf)},
                   {"slowdown_by_size", sizes_json(data.slowdown_by_size)},
                   {"gantt", gantt_json(data)}};
  if (data.trust) document["trust"] = trust_json(*data.trust);
  if (data.money) document["money"] = money_json(*data.money);
  // Names come from files of any encoding; a byte that is not UTF-8 becomes U+FFFD.
  return without_angle_brackets(document.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace nexa::io
