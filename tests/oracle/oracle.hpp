#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

/// A naive simulator of FCFS, EASY and conservative backfilling on a cluster of several node
/// classes and several resources. It exists to be compared with the engine, so it shares no code
/// with it and is written to be checked by reading: every decision is recomputed from the
/// definitions below. All times are microseconds.
///
/// Terms. The need of a job is what one slot takes on one node. slots(node, free) is how many slots
/// of a job a node can take: with whole_nodes 1 if the node is completely free and large enough,
/// otherwise the least floor(free / need) over the components that are needed; 0 if the node is not
/// eligible (tier, GPU type, trust, host class, nothing that the job has to avoid). Placement:
/// classes in index order; inside a class nodes by free (cores, gpus, memory) ascending, then by
/// id; each takes as many slots as it can until the job has all. A job that does not fit on the
/// idle cluster is rejected.
///
/// Ends. A job runs ceil(run * 1000 / speed of its slowest class), but no longer than its limit,
/// after which it is stopped (timed_out). Its planned end is start + limit. Resources are held in
/// [start, end).
namespace nexa::oracle {

struct Node {
  int id = 0;
  int cls = 0;  ///< index into the classes; a lower index is preferred
  int cores = 0;
  int gpus = 0;
  long memory = 0;
  int gpu_type = 0;
};

struct ClassInfo {
  int tier = 0;  ///< 0 to 31, a bit of JobSpec::tier_mask
  int speed_permille = 1000;
  long owner = 0;
  long site = 0;
  long rack = 0;
  int trust = 0;
  int host_class = 0;
};

struct JobSpec {
  int id = 0;
  long submit_us = 0;
  long run_us = 0;    ///< at 1000 permille
  long limit_us = 0;  ///< not scaled by the speed
  int slots = 1;
  int cores = 1;  ///< this and the next two are per slot
  int gpus = 0;
  long memory = 0;
  unsigned tier_mask = 1;
  int gpu_type = 0;          ///< 0: any
  bool whole_nodes = false;  ///< each slot holds one idle node, all of it
  int min_trust = 0;
  int host_class = 0;  ///< 0: any
  /// Jobs wait in the order of places; 0: behind all that arrived before. No two are equal.
  long place = 0;
  std::set<long> avoid_owners{};
  std::set<long> avoid_sites{};
  std::set<long> avoid_racks{};
  std::set<long> avoid_nodes{};  ///< by their ids
  std::set<long> avoid_host_classes{};
};

struct Started {
  int id = 0;
  bool rejected = false;
  bool timed_out = false;
  long start_us = -1;  ///< -1 for a rejected job, like end_us
  long end_us = -1;
  std::map<int, int> slots_on_node;  ///< by node id
};

/// FCFS: at one instant all ends, then all arrivals, then one pass that starts jobs in the order of
/// their places, which is that of their arrival if they name none, and stops at the first that does
/// not fit.
///
/// EASY: the same, then the first job that does not fit (the head) gets a shadow: the earliest
/// planned end of a running job at which it fits. Each later job that fits now starts if it ends by
/// the shadow, or if the head still fits at the shadow without the resources that this job takes.
///
/// Conservative: see conservative.hpp.
enum Rule { fcfs, easy, conservative };

/// Runs all jobs; the result is in the order of `jobs`, which must be sorted by submit time.
/// Throws std::invalid_argument if the input breaks a condition named in these comments, or has
/// equal ids, times or needs below the least sensible value (run, limit, slots and cores of a job:
/// 1).
std::vector<Started> simulate(const std::vector<Node>& nodes, const std::vector<ClassInfo>& classes,
                              const std::vector<JobSpec>& jobs, Rule rule);

/// What is wrong with a schedule, whoever made it; empty if nothing is. Looks at: one result per
/// job in the same order; rejected exactly if the job does not fit on the idle cluster; slots in
/// total; tier, GPU type and capacity of every node; no start before submit; duration and time-out;
/// no node over-committed at any time; whole nodes not shared. It does not look at the order of
/// jobs, which is the rule's business.
std::string violation(const std::vector<Node>& nodes, const std::vector<ClassInfo>& classes,
                      const std::vector<JobSpec>& jobs, const std::vector<Started>& started);

}  // namespace nexa::oracle
