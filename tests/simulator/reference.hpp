#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/workload.hpp"
#include "simulator/statistics.hpp"

/// Replays of public logs under the canonical rules, and their figures as published.
namespace nexa::simulator::reference {

struct Log {
  std::string file;  ///< without `.swf.gz`
  std::uint32_t processors = 0;
  std::uint64_t first = 0;  ///< jobs to keep; 0: all
  bool perfect_estimates = false;
};

/// Path of a log: bundled, or in the folder of traces; empty (and said on the output) if absent.
std::string path_of(const std::string& file);

/// The canonical form of a log; empty if the log is absent.
core::Workload read(const Log& log);

/// Copy i is shifted by i (last submission + 1000 s); the first `most` jobs are kept.
core::Workload repeated(const core::Workload& once, std::size_t most);

/// Figures on `processors` nodes of one core.
JobStatistics replay(const core::Workload& workload, std::uint32_t processors,
                     const std::string& policies);

/// "wait / bounded slowdown", with the published 3 and 4 decimals.
std::string short_row(const JobStatistics& figures);
/// "wait / bounded slowdown / utilization / makespan", with 3, 4, 5 decimals and whole seconds.
std::string row(const JobStatistics& figures);

/// One published figure: `expected` is a `row` if it has three slashes, otherwise a `short_row`.
struct Row {
  std::string policies;
  std::string expected;
};

/// Replays a log and compares every row; says so where the log is absent.
void expect_rows(const Log& log, std::size_t jobs, const std::vector<Row>& rows);
void expect_rows(const core::Workload& workload, std::uint32_t processors,
                 const std::vector<Row>& rows);

}  // namespace nexa::simulator::reference
