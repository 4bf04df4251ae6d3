#include "io/report.hpp"

#include <cmath>
#include <string_view>

#include "io/atomic_file.hpp"
#include "io/report_json.hpp"
#include "io/report_template.hpp"

namespace nexa::io {
namespace {

/// Stands in the template where the data go.
constexpr std::string_view data_marker = "@NEXA_REPORT_DATA@";

core::Error inconsistent(std::string message) {
  return {core::ErrorCode::invalid_argument, std::move(message), "", {}};
}

core::Error wrong_length(const std::string& what, std::size_t found, std::size_t expected) {
  return inconsistent("report: " + what + " has " + std::to_string(found) + " entries, expected " +
                      std::to_string(expected));
}

core::Result<void> check_load(const ReportData& data) {
  const core::LoadSeries& load = data.load;
  const std::size_t buckets = load.queue_length.size();
  if (buckets > 0 && load.bucket_width <= core::Duration::zero()) {
    return inconsistent("report: the load's bucket width is not positive");
  }
  if (load.running_jobs.size() != buckets) {
    return wrong_length("running_jobs", load.running_jobs.size(), buckets);
  }
  if (load.busy_cores.size() != data.tiers.size()) {
    return wrong_length("busy_cores", load.busy_cores.size(), data.tiers.size());
  }
  for (const std::vector<double>& tier : load.busy_cores) {
    if (tier.size() != buckets) return wrong_length("busy_cores of a tier", tier.size(), buckets);
  }
  return {};
}

core::Result<void> check_bar_columns(const GanttBars& bars) {
  const std::size_t count = bars.lane.size();
  if (bars.job.size() != count) return wrong_length("bars.job", bars.job.size(), count);
  if (bars.cores.size() != count) return wrong_length("bars.cores", bars.cores.size(), count);
  if (bars.start_s.size() != count) return wrong_length("bars.start_s", bars.start_s.size(), count);
  if (bars.end_s.size() != count) return wrong_length("bars.end_s", bars.end_s.size(), count);
  if (bars.wait_s.size() != count) return wrong_length("bars.wait_s", bars.wait_s.size(), count);
  if (bars.state.size() != count) return wrong_length("bars.state", bars.state.size(), count);
  if (bars.fate.size() != bars.replica.size()) {
    return wrong_length("bars.fate", bars.fate.size(), bars.replica.size());
  }
  if (!bars.replica.empty() && bars.replica.size() != count) {
    return wrong_length("bars.replica", bars.replica.size(), count);
  }
  return {};
}

core::Result<void> check_gantt(const ReportData& data) {
  if (auto columns = check_bar_columns(data.bars); !columns) return columns;
  if (data.bar_stride == 0) return inconsistent("report: bar_stride is 0");
  for (const GanttLane& lane : data.lanes) {
    if (lane.tier >= data.tiers.size()) {
      return inconsistent("report: lane '" + lane.name + "' names tier " +
                          std::to_string(lane.tier) + " of " + std::to_string(data.tiers.size()));
    }
  }
  for (std::size_t i = 0; i < data.bars.lane.size(); ++i) {
    if (data.bars.lane[i] >= data.lanes.size()) {
      return inconsistent("report: a bar of job " + std::to_string(data.bars.job[i]) +
                          " names lane " + std::to_string(data.bars.lane[i]) + " of " +
                          std::to_string(data.lanes.size()));
    }
    const bool finite = std::isfinite(data.bars.start_s[i]) && std::isfinite(data.bars.end_s[i]);
    if (!finite || data.bars.end_s[i] < data.bars.start_s[i]) {
      return inconsistent("report: a bar of job " + std::to_string(data.bars.job[i]) +
                          " ends before it starts");
    }
  }
  return {};
}

core::Result<void> check_trust(const ReportTrust& trust) {
  const auto check = [](const std::string& what, const std::vector<double>& rows,
                        const std::vector<double>& times) -> core::Result<void> {
    if (rows.size() != times.size()) return wrong_length(what, rows.size(), times.size());
    return {};
  };
  core::Result<void> done = check("trust.copies", trust.copies, trust.time_s);
  if (done) done = check("trust.wrong_at_end_share", trust.wrong_at_end_share, trust.time_s);
  if (done) done = check("trust.wrong_at_first_share", trust.wrong_at_first_share, trust.time_s);
  if (done) {
    done = check("trust.reputation_honest", trust.reputation_honest, trust.reputation_at_s);
  }
  if (done && !trust.reputation_hostile.empty()) {
    done = check("trust.reputation_hostile", trust.reputation_hostile, trust.reputation_at_s);
  }
  return done;
}

}  // namespace

core::Result<std::string> render_report(const ReportData& data) {
  if (auto load = check_load(data); !load) return load.error();
  if (auto gantt = check_gantt(data); !gantt) return gantt.error();
  if (data.trust) {
    if (auto trust = check_trust(*data.trust); !trust) return trust.error();
  }
  const std::size_t marker = report_template.find(data_marker);
  if (marker == std::string_view::npos) {
    return core::Error{
        core::ErrorCode::internal, "report: the page has no place for its data", "", {}};
  }
  const std::string json = report_json(data);
  std::string page;
  page.reserve(report_template.size() + json.size());
  page += report_template.substr(0, marker);
  page += json;
  page += report_template.substr(marker + data_marker.size());
  return page;
}

core::Result<void> write_report(const ReportData& data, const std::string& path) {
  const core::Result<std::string> page = render_report(data);
  if (!page) return page.error();
  return write_file(path, *page);
}

}  // namespace nexa::io
