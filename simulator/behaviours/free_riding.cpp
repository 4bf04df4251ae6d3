#include "simulator/behaviours/draws.hpp"
#include "simulator/behaviours/models.hpp"

// Those who want to be paid for work that they have not done.
namespace nexa::simulator::models {
namespace {

void hand_in_without_work(Scene& scene, const Answer& answer) {
  scene.report.answer = answer;
  scene.report.computed = false;
  scene.report.cheats = true;
}

/// Whether what is visible of the others' answers tells the answers themselves. A hash without
/// salt is reversed by trying all answers that are plausible.
bool can_read(const Disclosure& disclosure, const Assignment& a, const core::Copier& knobs) {
  switch (disclosure.commit_reveal) {
    case core::CommitReveal::none:
      return true;
    case core::CommitReveal::unsalted:
      return a.answer_bits <= knobs.searchable_bits;
    case core::CommitReveal::salted:
      break;
  }
  return false;
}

}  // namespace

void finish(const core::Lazy& knobs, Scene& scene) {
  const std::optional<core::JobId> other = scene.state.last_computed;
  if (!other || *other == scene.assignment.job) return;
  if (!misbehaves(knobs.rate_ppm, scene.assignment)) return;
  hand_in_without_work(scene, answer_of_other_job(scene.assignment, *other));
  if (!knobs.forges_header) scene.report.output_job = *other;
}

void finish(const core::Guesser& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  if (!misbehaves(knobs.rate_ppm, a)) return;
  const auto guess = static_cast<std::uint32_t>(core::random_below(
      execution_draw(a, core::RandomStream::misbehaviour_detail), knobs.plausible_answers));
  hand_in_without_work(scene,
                       wrong_answer(job_draw(a, core::RandomStream::plausible_answer, guess)));
}

void begin(const core::Copier& knobs, const Assignment& assignment, Conduct& conduct) {
  if (misbehaves(knobs.rate_ppm, assignment)) conduct.duration += knobs.wait;
}

void finish(const core::Copier& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  if (!misbehaves(knobs.rate_ppm, a)) return;
  const Disclosure& disclosure = scene.disclosure;
  if (!disclosure.others.empty() && can_read(disclosure, a, knobs)) {
    hand_in_without_work(scene, disclosure.others.front());
    return;
  }
  // It has computed nothing, so all that is left is a guess, behind a commitment that is not its
  // own where there is one to repeat.
  hand_in_without_work(scene, own_wrong_answer(a));
  scene.report.copied_commitment =
      disclosure.commit_reveal != core::CommitReveal::none && !disclosure.others.empty();
}

}  // namespace nexa::simulator::models
