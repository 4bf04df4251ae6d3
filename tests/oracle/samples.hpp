#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/oracle/oracle.hpp"

/// Clusters, jobs and statistics that the tests of the oracle share.
namespace nexa::oracle {

std::vector<Node> one_core_nodes(int count);

/// A job of `slots` slots of one core that runs as long as its limit says unless `run` is shorter.
JobSpec job(int id, long submit, long run, long limit, int slots);

/// The jobs of a gzipped SWF trace in canonical form: processors = field 8 or else 5, run = field
/// 4, limit = max(field 9, run); jobs without run time or wider than `procs` are dropped; submit
/// counts from the first job. At most `most` jobs are kept. Empty if the file cannot be read.
std::vector<JobSpec> read_trace(const std::string& path, int procs, std::size_t most);

struct Figures {
  double mean_wait_s = 0;
  double mean_bounded_slowdown = 0;  ///< max(1, (wait + run) / max(run, 10 s))
  double utilization = 0;
  long makespan_s = 0;
};

Figures figures_of(const std::vector<JobSpec>& jobs, const std::vector<Started>& started,
                   int procs);

/// "wait / bounded slowdown", written like the published tables: 3 and 4 decimals.
std::string short_row(const Figures& figures);

/// "wait / bounded slowdown / utilization / makespan".
std::string row(const Figures& figures);

}  // namespace nexa::oracle
