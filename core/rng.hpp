#pragma once

#include <array>
#include <cstdint>

namespace nexa::core {

/// One block of Philox4x32-10: a bijection of `counter` chosen by `key`.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11.
/// Checked against the known answers of the authors' Random123 library.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

/// What a random number is for. A new use gets a new stream, so that it cannot shift the draws of
/// another.
enum class RandomStream : std::uint32_t {
  tier_mapping = 1,
  workload = 2,
  platform = 3,
  // Behaviours of simulated nodes: who has one, when it shows, and what comes out.
  behaviour_mix = 16,
  misbehaviour = 17,
  misbehaviour_detail = 18,
  common_plan = 19,
  wrong_answer = 20,
  common_answer = 21,
  defect_of_node = 22,
  defect_fires = 23,
  defect_answer = 24,
  numerics_of_class = 25,
  numerics_of_replica = 26,
  node_failure = 27,
  slow_down = 28,
  node_trait = 29,
  job_class = 30,
  plausible_answer = 30,
  requester_mix = 31,
  requester_acts = 32,
  node_availability = 33,
  provider_entry = 34,
  coordinator_faults = 35,
  test = 0xffff,
};

/// Names one draw. The value depends on these four numbers alone, never on the order of calls.
struct DrawKey {
  std::uint64_t seed = 0;
  RandomStream stream = RandomStream::test;
  std::uint64_t entity = 0;
  std::uint32_t draw = 0;
};

/// 64 uniformly distributed bits.
std::uint64_t random_bits(const DrawKey& key);

/// A real number in [0, 1) with 53 random bits.
double random_unit(const DrawKey& key);

/// An integer in [0, bound), unbiased to 2^-64; `bound` is at least 1.
std::uint64_t random_below(const DrawKey& key, std::uint64_t bound);

}  // namespace nexa::core
