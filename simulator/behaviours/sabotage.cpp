#include "simulator/behaviours/draws.hpp"
#include "simulator/behaviours/models.hpp"

// Those who want a wrong result to be accepted.
namespace nexa::simulator::models {
namespace {

void lie(Scene& scene, const Answer& answer) {
  scene.report.answer = answer;
  scene.report.computed = false;
  scene.report.cheats = true;
}

bool is_target(const core::Targeted& knobs, const Assignment& a) {
  if (a.value < knobs.min_value) return false;
  if (knobs.job_class && *knobs.job_class != a.job_class) return false;
  return happens(knobs.jobs_ppm, job_draw(a, core::RandomStream::common_plan, 0));
}

}  // namespace

void finish(const core::Saboteur& knobs, Scene& scene) {
  if (!misbehaves(knobs.rate_ppm, scene.assignment)) return;
  lie(scene, own_wrong_answer(scene.assignment));
}

void finish(const core::Targeted& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  if (!is_target(knobs, a) || !misbehaves(knobs.rate_ppm, a)) return;
  lie(scene, own_wrong_answer(a));
}

void finish(const core::Colluder& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  if (!happens(knobs.jobs_ppm, job_draw(a, core::RandomStream::common_plan, knobs.group))) return;
  lie(scene, common_wrong_answer(a, knobs.group));
}

void finish(const core::Sleeper& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  NodeState& state = scene.state;
  if (state.valid_in_a_row < knobs.build || !misbehaves(knobs.rate_ppm, a)) return;
  lie(scene, knobs.group == 0 ? own_wrong_answer(a) : common_wrong_answer(a, knobs.group));
  ++state.betrayals;
  if (knobs.betrayals == 0 || state.betrayals < knobs.betrayals) return;
  state.betrayals = 0;
  state.valid_in_a_row = 0;
}

void finish(const core::StolenKey& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  if (a.now.time_since_epoch() < knobs.stolen_at || !misbehaves(knobs.rate_ppm, a)) return;
  lie(scene, own_wrong_answer(a));
  scene.report.signature = Signature::stolen;
}

void finish(const core::Opportunist& knobs, Scene& scene) {
  if (!scene.state.cheating_pays || !misbehaves(knobs.rate_ppm, scene.assignment)) return;
  lie(scene, own_wrong_answer(scene.assignment));
}

}  // namespace nexa::simulator::models
