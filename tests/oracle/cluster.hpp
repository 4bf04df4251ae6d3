#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <vector>

#include "tests/oracle/oracle.hpp"

/// What the rules have in common: resources, slots, placement, durations. See oracle.hpp for the
/// definitions.
namespace nexa::oracle {

/// Compares lexicographically: cores, then gpus, then memory.
struct Amount {
  long cores = 0;
  long gpus = 0;
  long memory = 0;

  auto operator<=>(const Amount&) const = default;
};

Amount operator+(const Amount& a, const Amount& b);
Amount operator-(const Amount& a, const Amount& b);
Amount operator*(const Amount& a, long times);
Amount largest_of_each(const Amount& a, const Amount& b);
Amount capacity(const Node& node);
Amount need(const JobSpec& job);

using Free = std::vector<Amount>;  ///< by position of the node
using Placement =
    std::map<std::size_t, int>;  ///< position of the node -> slots; empty: does not fit
using Positions = std::vector<std::size_t>;

class Cluster {
 public:
  Cluster(std::vector<Node> nodes, std::vector<ClassInfo> classes);

  const std::vector<Node>& nodes() const { return nodes_; }
  std::size_t class_count() const { return classes_.size(); }
  /// In the order of their ids.
  const Positions& nodes_of_class(std::size_t cls) const { return by_class_[cls]; }

  Free idle() const;
  bool eligible(std::size_t node, const JobSpec& job) const;
  int slots(std::size_t node, const Amount& free, const JobSpec& job) const;
  bool fits(const Free& free, const JobSpec& job) const;
  /// Fills one class, fullest nodes first, with at most `wanted` slots.
  Placement place_in_class(std::size_t cls, const Free& free, const JobSpec& job,
                           long wanted) const;
  /// Empty if the job does not fit.
  Placement place(const Free& free, const JobSpec& job) const;

  /// What `slots` slots hold on a node.
  Amount held(std::size_t node, const JobSpec& job, int slots) const;
  void take(Free& free, const JobSpec& job, const Placement& placement) const;
  void give_back(Free& free, const JobSpec& job, const Placement& placement) const;

  /// The run time on the slowest of these nodes, without regard to the limit.
  long full_run(const JobSpec& job, const Placement& placement) const;
  Started started(const JobSpec& job, const Placement& placement, long now) const;

 private:
  std::vector<Node> nodes_;
  std::vector<ClassInfo> classes_;
  std::vector<Positions> by_class_;
};

/// Throws std::invalid_argument, see simulate().
void check_jobs(const std::vector<JobSpec>& jobs);

/// The place of each job, by position.
std::vector<long> places_of(const std::vector<JobSpec>& jobs);

Started rejection(const JobSpec& job);

}  // namespace nexa::oracle
