#pragma once

#include <cstdint>

#include "core/rng.hpp"
#include "simulator/behaviour.hpp"

/// The random draws of behaviours, by what they depend on.
namespace nexa::simulator {

constexpr std::uint64_t pair_of(std::uint32_t high, std::uint32_t low) {
  return (std::uint64_t{high} << 32) | low;
}

/// Tells the executions of a job on one node apart.
constexpr std::uint32_t execution_of(const Assignment& a) {
  return (a.attempt << 24) + a.replica;
}

/// Differs for every execution of every job on every node.
constexpr core::DrawKey execution_draw(const Assignment& a, core::RandomStream stream) {
  return {a.seed, stream, pair_of(a.job.value, a.node.value), execution_of(a)};
}

/// Equal for all executions of a job on a node.
constexpr core::DrawKey job_on_node_draw(const Assignment& a, core::RandomStream stream,
                                         std::uint32_t draw = 0) {
  return {a.seed, stream, pair_of(a.job.value, a.node.value), draw};
}

/// Equal for all nodes that have `common` in common.
constexpr core::DrawKey job_draw(const Assignment& a, core::RandomStream stream,
                                 std::uint32_t common, std::uint32_t draw = 0) {
  return {a.seed, stream, pair_of(a.job.value, common), draw};
}

/// Equal for all jobs.
constexpr core::DrawKey node_draw(const Assignment& a, core::RandomStream stream,
                                  std::uint32_t draw = 0) {
  return {a.seed, stream, a.node.value, draw};
}

inline bool happens(std::uint32_t rate_ppm, const core::DrawKey& key) {
  return core::random_below(key, 1'000'000) < rate_ppm;
}

/// Whether a node that misbehaves at this rate does so in this execution.
inline bool misbehaves(std::uint32_t rate_ppm, const Assignment& a) {
  return happens(rate_ppm, execution_draw(a, core::RandomStream::misbehaviour));
}

/// An answer that is not the right one.
inline Answer wrong_answer(const core::DrawKey& key) {
  const std::uint64_t value = core::random_bits(key);
  return {value == 0 ? 1 : value, 0, 0};
}

/// A wrong answer that nobody else gives.
inline Answer own_wrong_answer(const Assignment& a) {
  return wrong_answer(execution_draw(a, core::RandomStream::wrong_answer));
}

/// The wrong answer that a group has agreed on for the job. Groups count from 1.
inline Answer common_wrong_answer(const Assignment& a, std::uint32_t group) {
  return wrong_answer(job_draw(a, core::RandomStream::common_answer, group));
}

/// What is right for another job, handed in for this one.
inline Answer answer_of_other_job(const Assignment& a, core::JobId other) {
  return wrong_answer({a.seed, core::RandomStream::common_answer, pair_of(other.value, 0), 0});
}

}  // namespace nexa::simulator
