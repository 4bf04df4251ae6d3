#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace nexa::scheduler {

/// Why a job, or a node class for a job, was passed over. The reasons of one job on one cluster
/// are counted by `Explanation`, so a new reason needs nothing but a row in `reject.cpp`.
enum class RejectCode : std::uint8_t {
  none,
  // A node class can never host a slot of the job.
  wrong_tier,
  wrong_gpu_type,
  too_few_cores_per_node,
  too_few_gpus_per_node,
  too_little_memory_per_node,
  excluded_by_policy,
  // The whole cluster can never host the job.
  cluster_too_small,
  // Not at this moment.
  cores_busy,
  gpus_busy,
  memory_busy,
  no_idle_node,
  node_offline,
  behind_earlier_job,
  would_delay_head,
  reserved_for_later,
  refused_by_host,
  // Later ones stand at the end, since the number of a code is part of the hash of commands.
  wrong_host_class,  ///< a node class can never host a slot of the job; the next two likewise
  too_little_trust,
  kept_apart,
  too_few_domains,  ///< the whole cluster can never host the job, but for what it has to avoid
  separation,       ///< not at this moment
};
inline constexpr std::size_t reject_code_count = 22;

/// The kinds of facts that may turn a "not now" into a "yes".
enum class Wakes : std::uint8_t {
  nothing = 0,
  replica_end = 1,
  node_change = 2,
  queue_change = 4,
  time = 8,
};
constexpr Wakes operator|(Wakes a, Wakes b) {
  return static_cast<Wakes>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool operator&(Wakes a, Wakes b) {
  return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0;
}

/// One kind of facts, for JSON and for a person: `replica_end`, "a running job ends".
struct WakesInfo {
  Wakes kind;
  std::string_view name;
  std::string_view sentence;
};
inline constexpr std::array<WakesInfo, 4> wakes_kinds{{
    {Wakes::replica_end, "replica_end", "a running job ends"},
    {Wakes::node_change, "node_change", "nodes come or change"},
    {Wakes::queue_change, "queue_change", "the queue changes"},
    {Wakes::time, "time", "time passes"},
}};

/// What a code means.
struct RejectInfo {
  std::string_view name;      ///< as in JSON and logs
  std::string_view sentence;  ///< for a person
  bool never;                 ///< true: no fact but a change of the cluster can cure it
  Wakes wakes;
  std::string_view hint = {};  ///< what a person can do about it; empty: nothing in particular
};

const RejectInfo& info(RejectCode code);

}  // namespace nexa::scheduler
