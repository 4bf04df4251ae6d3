#pragma once

#include <cstdint>

#include "core/ids.hpp"
#include "core/resources.hpp"
#include "core/time.hpp"

namespace nexa::core {

/// A set of tiers; bit `i` stands for `TierId{i}`.
using TierMask = std::uint32_t;
inline constexpr TierMask all_tiers = ~TierMask{0};
inline constexpr unsigned max_tiers = 32;

/// How a job's slots share nodes with other jobs.
enum class Sharing : std::uint8_t {
  shared,       ///< many slots per node, next to other jobs: "cores anywhere" is slots of one core
  whole_nodes,  ///< each slot takes one idle node whole
};

/// What one replica of a job needs. Requests that compare equal are treated alike by placement.
struct Request {
  std::uint32_t slots = 1;      ///< equal parts that must all start together, on any nodes
  Resources per_slot{1, 0, 0};  ///< what each slot needs on one node; at least one core or GPU
  TierMask tiers = all_tiers;
  GpuTypeId gpu_type{};  ///< zero: any model
  Sharing sharing = Sharing::shared;
  std::uint8_t min_trust = 0;  ///< the least `NodeSpec::trust_bucket` that will do
  HostClassId host_class{};    ///< zero: any

  friend constexpr auto operator<=>(const Request&, const Request&) = default;

  /// Whether both ask for the same but for the number of slots.
  [[nodiscard]] constexpr bool differs_in_slots_only(const Request& other) const {
    return per_slot == other.per_slot && tiers == other.tiers && gpu_type == other.gpu_type &&
           sharing == other.sharing && min_trust == other.min_trust &&
           host_class == other.host_class;
  }
  /// The cores that the slots take at the least (a whole node may have more).
  [[nodiscard]] constexpr std::uint64_t cores() const {
    return std::uint64_t{slots} * per_slot.cores;
  }
};

/// A job as the scheduler is told of it.
struct Job {
  JobId id{};
  UserId user{};
  Time submit{};
  Duration time_limit{};  ///< the longest run; the job is killed when it is over
  Request request{};
};

}  // namespace nexa::core
