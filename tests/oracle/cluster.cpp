#include "tests/oracle/cluster.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

namespace nexa::oracle {

namespace {

void demand(bool condition, const std::string& what) {
  if (!condition) throw std::invalid_argument(what);
}

void check_nodes(const std::vector<Node>& nodes, std::size_t classes) {
  std::set<int> ids;
  for (const Node& node : nodes) {
    const std::string name = "node " + std::to_string(node.id);
    demand(ids.insert(node.id).second, name + " is there twice");
    demand(node.cls >= 0 && static_cast<std::size_t>(node.cls) < classes, name + " has no class");
    demand(node.cores >= 0 && node.gpus >= 0 && node.memory >= 0,
           name + " has a negative capacity");
  }
}

void check_classes(const std::vector<ClassInfo>& classes) {
  for (const ClassInfo& info : classes) {
    demand(info.tier >= 0 && info.tier < 32,
           "tier " + std::to_string(info.tier) + " is out of range");
    demand(info.speed_permille > 0, "a speed must be above 0");
  }
}

}  // namespace

Amount operator+(const Amount& a, const Amount& b) {
  return {a.cores + b.cores, a.gpus + b.gpus, a.memory + b.memory};
}

Amount operator-(const Amount& a, const Amount& b) {
  return {a.cores - b.cores, a.gpus - b.gpus, a.memory - b.memory};
}

Amount operator*(const Amount& a, long times) {
  return {a.cores * times, a.gpus * times, a.memory * times};
}

Amount largest_of_each(const Amount& a, const Amount& b) {
  return {std::max(a.cores, b.cores), std::max(a.gpus, b.gpus), std::max(a.memory, b.memory)};
}

Amount capacity(const Node& node) {
  return {node.cores, node.gpus, node.memory};
}

Amount need(const JobSpec& job) {
  return {job.cores, job.gpus, job.memory};
}

Cluster::Cluster(std::vector<Node> nodes, std::vector<ClassInfo> classes)
    : nodes_(std::move(nodes)), classes_(std::move(classes)), by_class_(classes_.size()) {
  check_classes(classes_);
  check_nodes(nodes_, classes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    by_class_[static_cast<std::size_t>(nodes_[i].cls)].push_back(i);
  }
  for (Positions& members : by_class_) {
    std::sort(members.begin(), members.end(),
              [this](std::size_t a, std::size_t b) { return nodes_[a].id < nodes_[b].id; });
  }
}

Free Cluster::idle() const {
  Free free;
  for (const Node& node : nodes_) free.push_back(capacity(node));
  return free;
}

bool Cluster::eligible(std::size_t node, const JobSpec& job) const {
  const ClassInfo& info = classes_[static_cast<std::size_t>(nodes_[node].cls)];
  if ((job.tier_mask >> info.tier & 1U) == 0) return false;
  if (info.trust < job.min_trust) return false;
  if (job.host_class != 0 && job.host_class != info.host_class) return false;
  const bool avoided =
      job.avoid_owners.count(info.owner) != 0 || job.avoid_sites.count(info.site) != 0 ||
      job.avoid_racks.count(info.rack) != 0 || job.avoid_nodes.count(nodes_[node].id) != 0 ||
      job.avoid_host_classes.count(info.host_class) != 0;
  if (avoided) return false;
  return job.gpus == 0 || job.gpu_type == 0 || job.gpu_type == nodes_[node].gpu_type;
}

int Cluster::slots(std::size_t node, const Amount& free, const JobSpec& job) const {
  if (!eligible(node, job)) return 0;
  long count = std::numeric_limits<int>::max();
  if (job.cores > 0) count = std::min(count, free.cores / job.cores);
  if (job.gpus > 0) count = std::min(count, free.gpus / job.gpus);
  if (job.memory > 0) count = std::min(count, free.memory / job.memory);
  if (job.whole_nodes) return free == capacity(nodes_[node]) && count >= 1 ? 1 : 0;
  return static_cast<int>(count);
}

bool Cluster::fits(const Free& free, const JobSpec& job) const {
  long sum = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) sum += slots(i, free[i], job);
  return sum >= job.slots;
}

Placement Cluster::place_in_class(std::size_t cls, const Free& free, const JobSpec& job,
                                  long wanted) const {
  Positions order = by_class_[cls];
  std::stable_sort(order.begin(), order.end(),
                   [&free](std::size_t a, std::size_t b) { return free[a] < free[b]; });
  Placement placement;
  for (const std::size_t node : order) {
    const long taken = std::min<long>(slots(node, free[node], job), wanted);
    if (taken > 0) placement[node] = static_cast<int>(taken);
    wanted -= taken;
  }
  return placement;
}

Placement Cluster::place(const Free& free, const JobSpec& job) const {
  if (!fits(free, job)) return {};
  Placement placement;
  long remaining = job.slots;
  for (std::size_t cls = 0; cls < classes_.size(); ++cls) {
    for (const auto& [node, count] : place_in_class(cls, free, job, remaining)) {
      placement[node] = count;
      remaining -= count;
    }
  }
  return placement;
}

Amount Cluster::held(std::size_t node, const JobSpec& job, int slots) const {
  return job.whole_nodes ? capacity(nodes_[node]) : need(job) * slots;
}

void Cluster::take(Free& free, const JobSpec& job, const Placement& placement) const {
  for (const auto& [node, slots] : placement) free[node] = free[node] - held(node, job, slots);
}

void Cluster::give_back(Free& free, const JobSpec& job, const Placement& placement) const {
  for (const auto& [node, slots] : placement) free[node] = free[node] + held(node, job, slots);
}

long Cluster::full_run(const JobSpec& job, const Placement& placement) const {
  long speed = std::numeric_limits<long>::max();
  for (const auto& [node, slots] : placement) {
    speed =
        std::min<long>(speed, classes_[static_cast<std::size_t>(nodes_[node].cls)].speed_permille);
  }
  return job.run_us * 1000 / speed + (job.run_us * 1000 % speed != 0 ? 1 : 0);
}

Started Cluster::started(const JobSpec& job, const Placement& placement, long now) const {
  Started result;
  const long run = full_run(job, placement);
  result.id = job.id;
  result.timed_out = run > job.limit_us;
  result.start_us = now;
  result.end_us = now + std::min(run, job.limit_us);
  for (const auto& [node, slots] : placement) result.slots_on_node[nodes_[node].id] = slots;
  return result;
}

void check_jobs(const std::vector<JobSpec>& jobs) {
  std::set<int> ids;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const JobSpec& job = jobs[i];
    const std::string name = "job " + std::to_string(job.id);
    demand(ids.insert(job.id).second, name + " is there twice");
    demand(i == 0 || jobs[i - 1].submit_us <= job.submit_us,
           name + " is not in order of submit time");
    demand(job.run_us >= 1 && job.limit_us >= 1, name + " has no run time or no limit");
    demand(job.slots >= 1 && job.cores >= 1, name + " needs no slot or no core");
    demand(job.gpus >= 0 && job.memory >= 0, name + " has a negative need");
  }
}

std::vector<long> places_of(const std::vector<JobSpec>& jobs) {
  std::vector<long> places;
  long next = 1;
  for (const JobSpec& job : jobs) {
    places.push_back(job.place != 0 ? job.place : next);
    next = std::max(next, places.back() + 1);
  }
  return places;
}

Started rejection(const JobSpec& job) {
  Started result;
  result.id = job.id;
  result.rejected = true;
  return result;
}

}  // namespace nexa::oracle
