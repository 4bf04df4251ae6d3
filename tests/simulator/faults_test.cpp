// Machines that do not do what their owners want, slow service, and forgeries.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "tests/simulator/acting.hpp"

namespace nexa::simulator {
namespace {

using testing::Actor;
using testing::assignment_of;
using testing::expect_mean;
using testing::expect_rate;
using testing::seed;

constexpr std::uint32_t jobs = 20'000;

TEST(Numerics, deviate_by_class_and_by_replica) {
  Actor noisy{core::Noisy{.class_offset_permille = 300, .noise_permille = 100}};
  double squares = 0;
  double squares_within_class = 0;
  double products_between_classes = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    Assignment a = assignment_of(job, 1);
    const double one = noisy.finish(a).answer.deviation;
    a.node = core::NodeId{2};
    const double same_class = noisy.finish(a).answer.deviation;
    a.host_class = 1;
    const double other_class = noisy.finish(a).answer.deviation;
    squares += one * one;
    squares_within_class += (one - same_class) * (one - same_class);
    products_between_classes += one * other_class;
  }
  // A square of a normal variable has a standard deviation of √2 times its mean.
  const double variance = 0.3 * 0.3 + 0.1 * 0.1;
  expect_mean(squares, jobs, variance, std::sqrt(2) * variance);
  expect_mean(squares_within_class, jobs, 0.02, std::sqrt(2) * 0.02);
  expect_mean(products_between_classes, jobs, 0, variance);
}

TEST(Numerics, of_the_defaults_seldom_exceed_the_tolerance_between_classes) {
  Actor noisy{core::Noisy{}};
  std::uint64_t differ = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    Assignment a = assignment_of(job, 1);
    const Answer one = noisy.finish(a).answer;
    a.node = core::NodeId{2};
    a.host_class = 1;
    differ += agree(one, noisy.finish(a).answer, Comparison::tolerance) ? 0 : 1;
  }
  // P(|N(0, 2·(0.2² + 0.05²))| > 1) = 6.1e-4: below A1's bound of four in a thousand.
  expect_rate(differ, jobs, 6.1e-4);
}

TEST(BiasedNodes, stay_inside_the_tolerance_of_honest_ones) {
  Actor biased{core::Biased{.bias_permille = 900}};
  const Answer answer = biased.answer(1, 1);
  EXPECT_FALSE(is_wrong(answer));
  EXPECT_TRUE(agree(answer, Answer{}, Comparison::tolerance));
  EXPECT_FALSE(agree(answer, Answer{}, Comparison::exact));
  EXPECT_DOUBLE_EQ(answer.deviation, 0.9);
}

TEST(SilentCorruption, fires_at_rates_that_are_log_uniform_over_the_nodes) {
  // With equal ends every node has the same rate, so the count over all nodes is binomial; hot and
  // cool hours of an intermittent defect even out.
  for (const std::uint32_t repeatable : {0U, 1'000'000U}) {
    Actor actor{core::SilentCorruption{
        .min_rate_ppm = 20'000, .max_rate_ppm = 20'000, .repeatable_ppm = repeatable}};
    std::uint64_t wrong = 0;
    for (std::uint32_t job = 0; job < jobs; ++job) {
      Assignment a = assignment_of(job, job % 997);
      a.now = core::at_seconds(4000 * std::int64_t{job});
      wrong += is_wrong(actor.finish(a).answer) ? 1 : 0;
    }
    expect_rate(wrong, jobs, 0.02);
  }
  // The mean of a log-uniform variable is (b - a) / ln(b / a).
  Actor actor{core::SilentCorruption{.min_rate_ppm = 1000, .max_rate_ppm = 100'000}};
  std::uint64_t wrong = 0;
  for (std::uint32_t node = 0; node < jobs; ++node) {
    Assignment a = assignment_of(node, node);
    wrong += is_wrong(actor.finish(a).answer) ? 1 : 0;
  }
  expect_rate(wrong, jobs, 0.099 / std::log(100));
}

TEST(SilentCorruption, that_depends_on_data_repeats_itself) {
  Actor actor{core::SilentCorruption{
      .min_rate_ppm = 200'000, .max_rate_ppm = 200'000, .repeatable_ppm = 1'000'000}};
  for (std::uint32_t job = 0; job < 500; ++job) {
    const Answer first = actor.answer(job, 1, 0);
    EXPECT_EQ(actor.answer(job, 1, 1), first);
    if (is_wrong(first)) {
      EXPECT_NE(actor.answer(job, 2, 0), first) << "two machines have one defect";
    }
  }
}

TEST(SilentCorruption, that_depends_on_temperature_does_not_repeat_itself) {
  Actor actor{core::SilentCorruption{
      .min_rate_ppm = 100'000, .max_rate_ppm = 100'000, .repeatable_ppm = 0}};
  std::uint64_t hot_hours = 0;
  for (std::uint32_t hour = 0; hour < 2000; ++hour) {
    int wrong = 0;
    for (std::uint32_t replica = 0; replica < 20; ++replica) {
      Assignment a = assignment_of(hour, 1, replica);
      a.now = core::at_seconds(3600 * std::int64_t{hour} + 1);
      wrong += is_wrong(actor.finish(a).answer) ? 1 : 0;
    }
    // In a hot hour each fires with probability 0.8.
    if (wrong > 0) {
      ++hot_hours;
      EXPECT_GT(wrong, 6);
    }
  }
  expect_rate(hot_hours, 2000, 1.0 / 8);
}

TEST(ClassDefects, are_common_to_all_nodes_and_hide_from_each_other) {
  Actor one{core::ClassDefect{.jobs_ppm = 50'000}};
  Actor other{core::ClassDefect{.jobs_ppm = 50'000}};
  std::uint64_t wrong = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    const Answer answer = one.answer(job, 1);
    EXPECT_EQ(answer, other.answer(job, 2, 1));
    wrong += is_wrong(answer) ? 1 : 0;
  }
  expect_rate(wrong, jobs, 0.05);
  core::ClassDefect of_class{.jobs_ppm = 1'000'000};
  of_class.job_class = 2;
  EXPECT_FALSE(is_wrong(Actor(of_class).answer(1, 1)));
}

TEST(FlakyNodes, crash_as_their_mean_time_between_failures_says) {
  Actor flaky{core::Flaky{.mtbf = core::seconds(3600)}};
  std::uint64_t crashes = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    const Assignment a = assignment_of(job, 1);
    const Conduct conduct = flaky.begin(a);
    if (conduct.ending != Ending::crash) continue;
    ++crashes;
    EXPECT_LT(conduct.duration, a.run_time);
  }
  expect_rate(crashes, jobs, 1 - std::exp(-600.0 / 3600));
}

TEST(Stragglers, take_longer_now_and_then) {
  Actor straggler{core::Straggler{.rate_ppm = 250'000, .slowdown_permille = 10'000}};
  std::uint64_t slow = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    const core::Duration duration = straggler.begin(assignment_of(job, 1)).duration;
    if (duration == core::seconds(600)) continue;
    EXPECT_EQ(duration, core::seconds(6000));
    ++slow;
  }
  expect_rate(slow, jobs, 0.25);
}

TEST(Hoarders, are_never_heard_of_again) {
  Actor hoarder{core::Hoarder{.rate_ppm = 400'000}};
  std::uint64_t silent = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    silent += hoarder.begin(assignment_of(job, 1)).ending == Ending::no_reply ? 1 : 0;
  }
  expect_rate(silent, jobs, 0.4);
}

TEST(CherryPickers, give_back_what_may_take_long) {
  Actor picker{core::CherryPicker{.longest = core::seconds(1200)}};
  Assignment a = assignment_of(1, 1);
  EXPECT_EQ(picker.begin(a).ending, Ending::result);
  a.time_limit += core::Duration{1};
  EXPECT_EQ(picker.begin(a).ending, Ending::abort);
  EXPECT_EQ(picker.begin(a).duration, core::Duration{});
}

TEST(TimeForgers, have_one_clock_that_is_wrong) {
  Actor forger{core::TimeForger{.skew = core::seconds(3600), .backwards_ppm = 100'000}};
  std::uint64_t ahead = 0;
  std::uint64_t backwards = 0;
  for (std::uint32_t node = 0; node < jobs; ++node) {
    const Report report = forger.finish(assignment_of(1, node));
    EXPECT_EQ(std::abs(report.start_error.count()), core::seconds(3600).count());
    ahead += report.start_error.count() > 0 ? 1 : 0;
    if (report.end_error == report.start_error) continue;
    ++backwards;
    EXPECT_LT(core::seconds(600) + report.end_error, report.start_error) << "ends after it starts";
  }
  expect_rate(ahead, jobs, 0.5);
  expect_rate(backwards, jobs, 0.1);
  EXPECT_EQ(forger.finish(assignment_of(1, 5)).start_error,
            forger.finish(assignment_of(2, 5)).start_error);
}

TEST(Replayers, show_old_attestations_and_send_each_again) {
  Actor replayer{core::Replayer{.rate_ppm = 300'000, .resends = 2}};
  std::uint64_t replayed = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    const std::optional<Attested> last = replayer.state.last_attested;
    const Report report = replayer.finish(assignment_of(job, 1));
    EXPECT_EQ(report.resends, 2U);
    if (report.attested.job == core::JobId{job}) continue;
    ++replayed;
    EXPECT_EQ(report.attested, *last);
    EXPECT_TRUE(is_wrong(report.answer));
  }
  expect_rate(replayed, jobs, 0.3);
}

TEST(SignatureForgers, try_all_tricks_equally) {
  Actor forger{core::SignatureForger{}};
  std::map<Signature, std::uint64_t> tricks;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    ++tricks[forger.finish(assignment_of(job, 1)).signature];
  }
  EXPECT_EQ(tricks.size(), 3U);
  EXPECT_EQ(tricks.count(Signature::own) + tricks.count(Signature::stolen), 0U);
  for (const auto& [trick, count] : tricks) expect_rate(count, jobs, 1.0 / 3);
}

TEST(Overclaimers, claim_more_and_answer_right) {
  Actor actor{core::Overclaimer{.claim_permille = 1500}};
  const Report report = actor.finish(assignment_of(1, 1));
  EXPECT_EQ(report.claimed_permille, 1500U);
  EXPECT_FALSE(is_wrong(report.answer));
}

TEST(WrongShapes, pass_only_where_structure_is_not_looked_at) {
  Actor actor{core::WrongShape{.rate_ppm = 1'000'000}};
  std::set<std::uint32_t> shapes;
  for (std::uint32_t job = 0; job < 100; ++job) {
    const Answer answer = actor.answer(job, 1);
    shapes.insert(answer.structure);
    EXPECT_TRUE(is_wrong(answer));
    EXPECT_TRUE(agree(answer, Answer{}, Comparison::lax_structure));
    EXPECT_FALSE(agree(answer, Answer{}, Comparison::tolerance));
    EXPECT_FALSE(agree(answer, Answer{}, Comparison::exact));
    EXPECT_TRUE(std::isinf(distance(answer, Answer{})));
  }
  EXPECT_EQ(shapes, (std::set<std::uint32_t>{1, 2}));
}

TEST(CheckerExploits, attack_at_their_rate) {
  Actor actor{core::CheckerExploit{.rate_ppm = 50'000}};
  std::uint64_t attacks = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    const Report report = actor.finish(assignment_of(job, 1));
    EXPECT_EQ(report.attacks_checker, is_wrong(report.answer));
    attacks += report.attacks_checker ? 1 : 0;
  }
  expect_rate(attacks, jobs, 0.05);
}

TEST(Faults, act_before_what_is_done_on_purpose) {
  const core::BehaviourShare defect{core::ClassDefect{.jobs_ppm = 1'000'000}, 1, 0, {}};
  const core::BehaviourShare lie{core::Colluder{.jobs_ppm = 1'000'000}, 1, 0, {}};
  const Answer wanted = Actor(std::vector{lie}).answer(1, 1);
  EXPECT_EQ(Actor(std::vector{lie, defect}).answer(1, 1), wanted);
  EXPECT_EQ(Actor(std::vector{defect, lie}).answer(1, 1), wanted);
}

TEST(Draws, do_not_depend_on_the_order_of_calls) {
  std::vector<core::Behaviour> kinds{
      core::Noisy{},      core::Guesser{},       core::Saboteur{},         core::Targeted{},
      core::Colluder{},   core::Flaky{},         core::SilentCorruption{}, core::ClassDefect{},
      core::Straggler{},  core::Hoarder{},       core::TimeForger{},       core::SignatureForger{},
      core::WrongShape{}, core::CheckerExploit{}};
  for (const core::Behaviour& kind : kinds) {
    SCOPED_TRACE(core::name_of(kind));
    Actor forwards{kind};
    Actor backwards{kind};
    std::map<std::uint32_t, Answer> answers;
    std::map<std::uint32_t, core::Duration> durations;
    for (std::uint32_t job = 0; job < 300; ++job) {
      durations[job] = forwards.begin(assignment_of(job, job % 7)).duration;
      answers[job] = forwards.answer(job, job % 7, job % 3);
    }
    for (std::uint32_t job = 300; job-- > 0;) {
      EXPECT_EQ(backwards.answer(job, job % 7, job % 3), answers[job]);
      EXPECT_EQ(backwards.begin(assignment_of(job, job % 7)).duration, durations[job]);
    }
  }
}

}  // namespace
}  // namespace nexa::simulator
