#include "simulator/behaviours/draws.hpp"
#include "simulator/behaviours/models.hpp"
#include "simulator/distributions.hpp"

// Machines that do not do what their owners want.
namespace nexa::simulator::models {
namespace {

// A defect that depends on temperature shows in one hour of eight, and in these eight times as
// often as on average. Only the order of magnitude matters: it must come in bursts that a
// repetition an hour later does not meet.
constexpr core::Duration length_of_period = core::seconds(3600);
constexpr std::uint64_t periods_per_hot_one = 8;

// Draws of a node's defect, and the one of `defect_answer` that no execution has.
constexpr std::uint32_t rate_draw = 0;
constexpr std::uint32_t kind_draw = 1;
constexpr std::uint32_t class_answer_draw = UINT32_MAX;

/// Of the draws of `common_plan`, those of groups of colluders are below it.
constexpr std::uint32_t first_defect_plan = std::uint32_t{1} << 31;

bool is_hot(const Assignment& a) {
  const auto period = static_cast<std::uint32_t>(a.now.time_since_epoch() / length_of_period) + 1;
  const core::DrawKey key{a.seed, core::RandomStream::defect_of_node, pair_of(period, a.node.value),
                          0};
  return core::random_below(key, periods_per_hot_one) == 0;
}

}  // namespace

void finish(const core::SilentCorruption& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  constexpr core::RandomStream of_node = core::RandomStream::defect_of_node;
  constexpr core::RandomStream answers = core::RandomStream::defect_answer;
  const double rate = draw_log_uniform(node_draw(a, of_node, rate_draw), knobs.min_rate_ppm / 1e6,
                                       knobs.max_rate_ppm / 1e6);
  if (happens(knobs.repeatable_ppm, node_draw(a, of_node, kind_draw))) {
    const core::DrawKey fires = job_on_node_draw(a, core::RandomStream::defect_fires);
    if (core::random_unit(fires) >= rate) return;
    scene.report.answer = wrong_answer(job_on_node_draw(a, answers));
    return;
  }
  if (!is_hot(a)) return;
  const core::DrawKey fires = execution_draw(a, core::RandomStream::defect_fires);
  if (core::random_unit(fires) >= rate * static_cast<double>(periods_per_hot_one)) return;
  scene.report.answer = wrong_answer(job_on_node_draw(a, answers, execution_of(a) + 1));
}

void finish(const core::ClassDefect& knobs, Scene& scene) {
  const Assignment& a = scene.assignment;
  if (knobs.job_class && *knobs.job_class != a.job_class) return;
  const core::DrawKey meets =
      job_draw(a, core::RandomStream::common_plan, first_defect_plan + knobs.defect);
  if (!happens(knobs.jobs_ppm, meets)) return;
  scene.report.answer =
      wrong_answer(job_draw(a, core::RandomStream::defect_answer, knobs.defect, class_answer_draw));
}

void begin(const core::Flaky& knobs, const Assignment& assignment, Conduct& conduct) {
  const core::Duration failure =
      draw_exponential(execution_draw(assignment, core::RandomStream::node_failure), knobs.mtbf);
  if (failure >= assignment.run_time) return;
  conduct = {Ending::crash, failure};
}

}  // namespace nexa::simulator::models
