#include <array>

#include "simulator/behaviours/draws.hpp"
#include "simulator/behaviours/models.hpp"

// Those who attack what carries and checks a result, rather than the result.
namespace nexa::simulator::models {
namespace {

constexpr core::Duration tick = core::seconds(1);

// Values of `Answer::structure`.
constexpr std::uint32_t kinds_of_wrong_shape = 2;  // 1: transposed, 2: truncated
constexpr std::uint32_t shape_of_exploit = 3;

}  // namespace

void finish(const core::TimeForger& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  Report& report = scene.report;
  const bool behind = happens(500'000, node_draw(a, core::RandomStream::node_trait));
  report.start_error = behind ? -knobs.skew : knobs.skew;
  report.end_error = report.start_error;
  if (misbehaves(knobs.backwards_ppm, a)) report.end_error -= a.run_time + tick;
  report.cheats = true;
}

void finish(const core::Replayer& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  Report& report = scene.report;
  report.resends = knobs.resends;
  report.cheats = knobs.resends > 0;
  const std::optional<Attested> old = scene.state.last_attested;
  if (!old || old->job == a.job || !misbehaves(knobs.rate_ppm, a)) return;
  report.attested = *old;
  report.output_job = old->job;
  report.answer = answer_of_other_job(a, old->job);
  report.computed = false;
  report.cheats = true;
}

void finish(const core::SignatureForger& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  if (!misbehaves(knobs.rate_ppm, a)) return;
  constexpr std::array tricks{Signature::malleated, Signature::small_order,
                              Signature::non_canonical};
  const core::DrawKey which = execution_draw(a, core::RandomStream::misbehaviour_detail);
  scene.report.signature = tricks[core::random_below(which, tricks.size())];
  scene.report.cheats = true;
}

void finish(const core::Overclaimer& knobs, Scene& scene) {
  scene.report.claimed_permille = knobs.claim_permille;
  scene.report.cheats = true;
}

void finish(const core::WrongShape& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  if (!misbehaves(knobs.rate_ppm, a)) return;
  const core::DrawKey which = execution_draw(a, core::RandomStream::misbehaviour_detail);
  scene.report.answer = {
      0, 0, 1 + static_cast<std::uint32_t>(core::random_below(which, kinds_of_wrong_shape))};
  scene.report.computed = false;
  scene.report.cheats = true;
}

void finish(const core::CheckerExploit& knobs, Scene& scene) {
  if (!misbehaves(knobs.rate_ppm, scene.assignment)) return;
  scene.report.answer = {0, 0, shape_of_exploit};
  scene.report.attacks_checker = true;
  scene.report.computed = false;
  scene.report.cheats = true;
}

}  // namespace nexa::simulator::models
