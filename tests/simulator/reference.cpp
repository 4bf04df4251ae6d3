#include "tests/simulator/reference.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "io/swf.hpp"
#include "simulator/simulation.hpp"

namespace nexa::simulator::reference {

std::string path_of(const std::string& file) {
  const std::string name = file + ".swf.gz";
  const std::array<std::string, 2> places = {
      std::string(NEXA_SOURCE_DIR) + "/configs/traces/" + name,
      std::string(NEXA_TRACES_DIR) + "/swf/" + name};
  for (const std::string& path : places) {
    if (std::filesystem::exists(path)) return path;
  }
  std::cout << "not checked: " << places[1] << " absent\n";
  return "";
}

core::Workload read(const Log& log) {
  const std::string path = path_of(log.file);
  if (path.empty()) return {};
  io::SwfOptions options;
  options.max_processors = log.processors;
  options.first = log.first;
  options.perfect_estimates = log.perfect_estimates;
  auto workload = io::read_swf(path, options);
  if (workload) return std::move(workload).value();
  ADD_FAILURE() << path << ": " << workload.error().message;
  return {};
}

core::Workload repeated(const core::Workload& once, std::size_t most) {
  core::Workload all = once;
  all.jobs.clear();
  const core::Duration shift = once.jobs.back().submit.time_since_epoch() + core::seconds(1000);
  for (std::size_t i = 0; i < most; ++i) {
    core::WorkloadJob job = once.jobs[i % once.jobs.size()];
    job.submit += shift * static_cast<std::int64_t>(i / once.jobs.size());
    all.jobs.push_back(job);
  }
  return all;
}

JobStatistics replay(const core::Workload& workload, std::uint32_t processors,
                     const std::string& policies) {
  core::Platform platform;
  platform.tiers = {"cpu"};
  platform.groups.resize(1);
  platform.groups.front().count = processors;
  Simulation simulation(platform, workload, scheduler::parse_policy_set(policies).value(), {});
  return simulation.run().jobs;
}

std::string short_row(const JobStatistics& figures) {
  std::array<char, 100> text{};
  std::snprintf(text.data(), text.size(), "%.3f / %.4f", figures.wait_s.mean,
                figures.bounded_slowdown.mean);
  return text.data();
}

std::string row(const JobStatistics& figures) {
  std::array<char, 100> text{};
  std::snprintf(text.data(), text.size(), " / %.5f / %.0f", figures.utilization,
                figures.makespan_s);
  return short_row(figures) + text.data();
}

void expect_rows(const core::Workload& workload, std::uint32_t processors,
                 const std::vector<Row>& rows) {
  for (const Row& expected : rows) {
    const JobStatistics figures = replay(workload, processors, expected.policies);
    EXPECT_EQ(figures.finished, workload.jobs.size()) << expected.policies;
    EXPECT_EQ(figures.timed_out, 0U) << expected.policies;
    const bool whole = std::count(expected.expected.begin(), expected.expected.end(), '/') == 3;
    EXPECT_EQ(whole ? row(figures) : short_row(figures), expected.expected) << expected.policies;
  }
}

void expect_rows(const Log& log, std::size_t jobs, const std::vector<Row>& rows) {
  const core::Workload workload = read(log);
  if (workload.jobs.empty()) return;  // `read` has said so
  EXPECT_EQ(workload.jobs.size(), jobs);
  expect_rows(workload, log.processors, rows);
}

}  // namespace nexa::simulator::reference
