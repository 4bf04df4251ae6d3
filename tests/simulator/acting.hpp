#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "simulator/behaviour.hpp"
#include "tests/simulator/rates.hpp"

namespace nexa::simulator::testing {

inline Assignment assignment_of(std::uint32_t job, std::uint32_t node, std::uint32_t replica = 0) {
  Assignment a;
  a.seed = seed;
  a.job = core::JobId{job};
  a.node = core::NodeId{node};
  a.replica = replica;
  a.value = core::Credits::whole(1);
  a.run_time = core::seconds(600);
  a.time_limit = core::seconds(1200);
  a.now = core::at_seconds(60 * std::int64_t{job});
  return a;
}

/// A node with one behaviour.
class Actor {
 public:
  explicit Actor(const core::Behaviour& behaviour) : behaviours_{{behaviour, 1, 0, {}}} {}
  explicit Actor(std::vector<core::BehaviourShare> behaviours)
      : behaviours_(std::move(behaviours)) {}

  Conduct begin(const Assignment& a) const { return simulator::begin(behaviours_, a); }
  Report finish(const Assignment& a, const Disclosure& disclosure = {}) {
    return simulator::finish(behaviours_, state, a, disclosure);
  }
  Reaction learn(const OwnVerdict& verdict) {
    return simulator::learn(behaviours_, state, verdict);
  }
  Answer answer(std::uint32_t job, std::uint32_t node, std::uint32_t replica = 0) {
    return finish(assignment_of(job, node, replica)).answer;
  }

  NodeState state;

 private:
  std::vector<core::BehaviourShare> behaviours_;
};

inline constexpr OwnVerdict valid_and_checked{.valid = true, .checked = true, .strike = false};
inline constexpr OwnVerdict convicted{.valid = false, .checked = true, .strike = true};

}  // namespace nexa::simulator::testing
