#include "simulator/behaviour.hpp"

#include "core/assert.hpp"
#include "simulator/behaviours/draws.hpp"
#include "simulator/behaviours/models.hpp"

namespace nexa::simulator {
namespace {

template <class Kind>
concept Begins = requires(const Kind& knobs, const Assignment& assignment, Conduct& conduct) {
  models::begin(knobs, assignment, conduct);
};
template <class Kind>
concept Finishes = requires(const Kind& knobs, models::Scene& scene) {
  models::finish(knobs, scene);
};

void begin_one(const core::Behaviour& behaviour, const Assignment& assignment, Conduct& conduct) {
  std::visit(
      [&](const auto& knobs) {
        if constexpr (Begins<decltype(knobs)>) models::begin(knobs, assignment, conduct);
      },
      behaviour);
}

void finish_one(const core::Behaviour& behaviour, models::Scene& scene) {
  std::visit(
      [&](const auto& knobs) {
        static_assert(Begins<decltype(knobs)> || Finishes<decltype(knobs)>, "a kind has a model");
        if constexpr (Finishes<decltype(knobs)>) models::finish(knobs, scene);
      },
      behaviour);
}

bool is_hostile(const core::BehaviourShare& share) {
  return core::intent_of(share.behaviour) == core::Intent::hostile;
}

/// A poison job crashes everywhere at the same point of its run.
Conduct crash_of_poison(const Assignment& a) {
  const core::DrawKey key = job_draw(a, core::RandomStream::node_failure, UINT32_MAX);
  const std::uint64_t run_time = static_cast<std::uint64_t>(a.run_time.count());
  return {Ending::crash,
          core::Duration{static_cast<std::int64_t>(core::random_below(key, run_time + 1))}};
}

bool counts_unchecked(const core::BehaviourShare& share) {
  const auto* const sleeper = std::get_if<core::Sleeper>(&share.behaviour);
  return sleeper != nullptr && sleeper->counts_unchecked;
}

}  // namespace

Conduct begin(std::span<const core::BehaviourShare> behaviours, const Assignment& assignment) {
  NEXA_ASSERT(assignment.replica < (1U << 24) && assignment.attempt < 128,
              "an execution has a number of its own");
  if (assignment.poison) return crash_of_poison(assignment);
  Conduct conduct{Ending::result, assignment.run_time};
  for (const core::BehaviourShare& share : behaviours) {
    begin_one(share.behaviour, assignment, conduct);
    if (conduct.ending != Ending::result) break;
  }
  return conduct;
}

Report finish(std::span<const core::BehaviourShare> behaviours, NodeState& state,
              const Assignment& assignment, const Disclosure& disclosure) {
  const Attested own{assignment.job, assignment.replica, assignment.attempt};
  Report report;
  report.output_job = assignment.job;
  report.attested = own;
  models::Scene scene{assignment, disclosure, state, report};
  for (const bool on_purpose : {false, true}) {
    for (const core::BehaviourShare& share : behaviours) {
      if (is_hostile(share) == on_purpose) finish_one(share.behaviour, scene);
    }
  }
  if (report.computed) state.last_computed = assignment.job;
  if (report.attested == own) state.last_attested = own;
  return report;
}

Reaction learn(std::span<const core::BehaviourShare> behaviours, NodeState& state,
               const OwnVerdict& verdict) {
  bool unchecked = false;
  for (const core::BehaviourShare& share : behaviours) unchecked |= counts_unchecked(share);
  if (verdict.strike) ++state.strikes;
  if (verdict.strike || !verdict.valid) {
    state.valid_in_a_row = 0;
    state.betrayals = 0;
  } else if (verdict.checked || unchecked) {
    ++state.valid_in_a_row;
  }
  for (const core::BehaviourShare& share : behaviours) {
    if (share.whitewash_after == 0 || state.strikes < share.whitewash_after) continue;
    state = NodeState{.identity = state.identity + 1};
    return {true, share.whitewash_rest};
  }
  return {};
}

}  // namespace nexa::simulator
