#include "tests/oracle/samples.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

namespace nexa::oracle {

namespace {

constexpr long second = 1'000'000;

std::string unzip(const std::string& path) {
  std::string text;
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return text;
  std::vector<char> piece(1 << 16);
  for (int got = 0; (got = gzread(file, piece.data(), static_cast<unsigned>(piece.size()))) > 0;) {
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  gzclose(file);
  return text;
}

std::vector<long> fields_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<long> fields;
  for (double value = 0; stream >> value;) fields.push_back(static_cast<long>(value));
  return fields;
}

}  // namespace

std::vector<Node> one_core_nodes(int count) {
  std::vector<Node> nodes(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    nodes[static_cast<std::size_t>(i)].id = i;
    nodes[static_cast<std::size_t>(i)].cores = 1;
  }
  return nodes;
}

JobSpec job(int id, long submit, long run, long limit, int slots) {
  JobSpec result;
  result.id = id;
  result.submit_us = submit;
  result.run_us = run;
  result.limit_us = limit;
  result.slots = slots;
  return result;
}

std::vector<JobSpec> read_trace(const std::string& path, int procs, std::size_t most) {
  std::istringstream text(unzip(path));
  std::vector<JobSpec> jobs;
  for (std::string line; std::getline(text, line);) {
    const std::vector<long> fields = fields_of(line);  // none in a comment: it starts with ';'
    if (fields.size() < 11) continue;
    const long slots = fields[7] > 0 ? fields[7] : fields[4];
    const long run = fields[3];
    if (run <= 0 || slots <= 0 || slots > procs) continue;
    const long limit = std::max(fields[8], run);
    jobs.push_back(
        job(0, fields[1] * second, run * second, limit * second, static_cast<int>(slots)));
  }
  std::stable_sort(jobs.begin(), jobs.end(),
                   [](const JobSpec& a, const JobSpec& b) { return a.submit_us < b.submit_us; });
  jobs.resize(std::min(jobs.size(), most));
  const long first = jobs.empty() ? 0 : jobs.front().submit_us;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].id = static_cast<int>(i) + 1;
    jobs[i].submit_us -= first;
  }
  return jobs;
}

Figures figures_of(const std::vector<JobSpec>& jobs, const std::vector<Started>& started,
                   int procs) {
  Figures sum;
  long last_end = 0;
  double work = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const double wait = static_cast<double>(started[i].start_us - jobs[i].submit_us) / second;
    const double run = static_cast<double>(jobs[i].run_us) / second;
    sum.mean_wait_s += wait;
    sum.mean_bounded_slowdown += std::max(1.0, (wait + run) / std::max(run, 10.0));
    work += run * jobs[i].slots;
    last_end = std::max(last_end, started[i].end_us);
  }
  const double count = static_cast<double>(jobs.size());
  sum.mean_wait_s /= count;
  sum.mean_bounded_slowdown /= count;
  sum.makespan_s = last_end / second;
  sum.utilization = work / (static_cast<double>(procs) * static_cast<double>(sum.makespan_s));
  return sum;
}

std::string short_row(const Figures& figures) {
  std::vector<char> text(100);
  std::snprintf(text.data(), text.size(), "%.3f / %.4f", figures.mean_wait_s,
                figures.mean_bounded_slowdown);
  return text.data();
}

std::string row(const Figures& figures) {
  std::vector<char> text(100);
  std::snprintf(text.data(), text.size(), " / %.5f / %ld", figures.utilization, figures.makespan_s);
  return short_row(figures) + text.data();
}

}  // namespace nexa::oracle
