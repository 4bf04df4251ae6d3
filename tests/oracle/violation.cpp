#include <algorithm>
#include <vector>

#include "tests/oracle/cluster.hpp"
#include "tests/oracle/oracle.hpp"

namespace nexa::oracle {

namespace {

struct Use {
  long start = 0;
  long end = 0;
  int job = 0;
  bool whole = false;
  Amount held;
};

class Inspector {
 public:
  Inspector(const std::vector<Node>& nodes, const std::vector<ClassInfo>& classes)
      : cluster_(nodes, classes), uses_(nodes.size()) {
    for (std::size_t i = 0; i < nodes.size(); ++i) position_[nodes[i].id] = i;
  }

  std::string inspect(const JobSpec& job, const Started& result) {
    if (result.id != job.id) return "stands where job " + std::to_string(job.id) + " is expected";
    if (result.rejected != !cluster_.fits(cluster_.idle(), job)) {
      return result.rejected ? "is rejected but fits" : "is not rejected but cannot fit";
    }
    if (result.rejected) return result.slots_on_node.empty() ? "" : "is rejected but holds nodes";
    if (result.start_us < job.submit_us) return "starts before it is submitted";
    Placement placement;
    if (std::string problem = check_nodes(job, result, placement); !problem.empty()) return problem;
    return check_duration(job, result, placement);
  }

  std::string inspect_nodes() const {
    for (std::size_t i = 0; i < uses_.size(); ++i) {
      for (const Use& use : uses_[i]) {
        if (std::string problem = inspect_instant(i, use.start); !problem.empty()) return problem;
      }
    }
    return "";
  }

 private:
  std::string check_nodes(const JobSpec& job, const Started& result, Placement& placement) {
    long total = 0;
    for (const auto& [id, slots] : result.slots_on_node) {
      const auto found = position_.find(id);
      const std::string on_node = " on node " + std::to_string(id);
      if (found == position_.end()) return "runs" + on_node + ", which does not exist";
      const std::size_t node = found->second;
      if (slots < 1) return "has " + std::to_string(slots) + " slots" + on_node;
      if (!cluster_.eligible(node, job)) return "is not eligible" + on_node;
      if (slots > cluster_.slots(node, capacity(cluster_.nodes()[node]), job))
        return "is too large" + on_node;
      total += slots;
      placement[node] = slots;
      uses_[node].push_back({result.start_us, result.end_us, job.id, job.whole_nodes,
                             cluster_.held(node, job, slots)});
    }
    if (total == job.slots) return "";
    return "has " + std::to_string(total) + " slots instead of " + std::to_string(job.slots);
  }

  std::string check_duration(const JobSpec& job, const Started& result,
                             const Placement& placement) const {
    const Started expected = cluster_.started(job, placement, result.start_us);
    if (result.end_us != expected.end_us) {
      return "ends at " + std::to_string(result.end_us) + " instead of " +
             std::to_string(expected.end_us);
    }
    if (result.timed_out == expected.timed_out) return "";
    return result.timed_out ? "is timed out within its limit"
                            : "reaches its limit but is not timed out";
  }

  /// Usage of a node is largest at the start of some job, so looking at the starts is enough.
  std::string inspect_instant(std::size_t node, long time) const {
    Amount sum;
    int jobs = 0;
    bool whole = false;
    for (const Use& use : uses_[node]) {
      if (use.start > time || use.end <= time) continue;
      sum = sum + use.held;
      whole = whole || use.whole;
      ++jobs;
    }
    const std::string where = "node " + std::to_string(cluster_.nodes()[node].id) + " at " +
                              std::to_string(time) + " us ";
    if (whole && jobs > 1) return where + "is held whole and shared";
    const Amount most = capacity(cluster_.nodes()[node]);
    const bool within =
        sum.cores <= most.cores && sum.gpus <= most.gpus && sum.memory <= most.memory;
    return within ? "" : where + "is over-committed";
  }

  Cluster cluster_;
  std::map<int, std::size_t> position_;
  std::vector<std::vector<Use>> uses_;  // by position of the node
};

}  // namespace

std::string violation(const std::vector<Node>& nodes, const std::vector<ClassInfo>& classes,
                      const std::vector<JobSpec>& jobs, const std::vector<Started>& started) {
  if (started.size() != jobs.size()) {
    return std::to_string(started.size()) + " results for " + std::to_string(jobs.size()) + " jobs";
  }
  Inspector inspector(nodes, classes);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::string problem = inspector.inspect(jobs[i], started[i]);
    if (!problem.empty()) return "job " + std::to_string(started[i].id) + " " + problem;
  }
  return inspector.inspect_nodes();
}

}  // namespace nexa::oracle
