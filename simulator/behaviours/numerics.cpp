#include "simulator/behaviours/draws.hpp"
#include "simulator/behaviours/models.hpp"
#include "simulator/distributions.hpp"

namespace nexa::simulator::models {

void finish(const core::Noisy& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  const double of_class =
      draw_normal(job_draw(a, core::RandomStream::numerics_of_class, a.host_class));
  const double of_replica = draw_normal(execution_draw(a, core::RandomStream::numerics_of_replica));
  scene.report.answer.deviation +=
      (knobs.class_offset_permille * of_class + knobs.noise_permille * of_replica) / 1000;
}

void finish(const core::Biased& knobs, Scene& scene) {
  scene.report.answer.deviation += knobs.bias_permille / 1000.0;
  scene.report.cheats = true;
}

}  // namespace nexa::simulator::models
