// Those who want a wrong result to be accepted, and those who do not want to work.

#include <gtest/gtest.h>

#include <set>

#include "tests/simulator/acting.hpp"

namespace nexa::simulator {
namespace {

using testing::Actor;
using testing::assignment_of;
using testing::convicted;
using testing::expect_rate;
using testing::valid_and_checked;

constexpr std::uint32_t jobs = 20'000;

TEST(Honest, nodes_compute_and_say_what_is_true) {
  Actor honest{std::vector<core::BehaviourShare>{}};
  const Assignment a = assignment_of(7, 3, 2);
  const Conduct conduct = honest.begin(a);
  EXPECT_EQ(conduct.ending, Ending::result);
  EXPECT_EQ(conduct.duration, a.run_time);
  const Report report = honest.finish(a);
  EXPECT_EQ(report.answer, Answer{});
  EXPECT_EQ(report.output_job, a.job);
  EXPECT_EQ(report.attested, (Attested{a.job, 2, 0}));
  EXPECT_EQ(report.claimed_permille, 1000U);
  EXPECT_EQ(report.signature, Signature::own);
  EXPECT_TRUE(report.computed);
  EXPECT_FALSE(report.cheats);
}

TEST(Poison, crashes_every_node_at_the_same_point) {
  std::set<core::Duration> durations;
  for (std::uint32_t node = 0; node < 10; ++node) {
    Assignment a = assignment_of(5, node, node);
    a.poison = true;
    const Conduct conduct = Actor(core::Saboteur{}).begin(a);
    EXPECT_EQ(conduct.ending, Ending::crash);
    EXPECT_LE(conduct.duration, a.run_time);
    durations.insert(conduct.duration);
  }
  EXPECT_EQ(durations.size(), 1U);
}

TEST(Saboteurs, lie_at_their_rate_each_for_itself) {
  Actor saboteur{core::Saboteur{.rate_ppm = 100'000}};
  std::uint64_t lies = 0;
  std::set<std::uint64_t> values;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    const Report report = saboteur.finish(assignment_of(job, 1));
    EXPECT_EQ(is_wrong(report.answer), report.cheats);
    EXPECT_EQ(report.computed, !report.cheats);
    if (!report.cheats) continue;
    ++lies;
    values.insert(report.answer.value);
  }
  expect_rate(lies, jobs, 0.1);
  EXPECT_EQ(values.size(), lies) << "two wrong answers agree";
}

TEST(Saboteurs, of_which_two_hold_one_job_do_not_agree) {
  Actor saboteur{core::Saboteur{.rate_ppm = 1'000'000}};
  EXPECT_FALSE(agree(saboteur.answer(1, 1), saboteur.answer(1, 2), Comparison::tolerance));
  EXPECT_FALSE(agree(saboteur.answer(1, 1, 0), saboteur.answer(1, 1, 1), Comparison::exact));
}

TEST(Colluders, falsify_the_same_jobs_with_the_same_answers) {
  Actor one{core::Colluder{.group = 4, .jobs_ppm = 100'000}};
  Actor other{core::Colluder{.group = 4, .jobs_ppm = 100'000}};
  Actor stranger{core::Colluder{.group = 5, .jobs_ppm = 100'000}};
  std::uint64_t falsified = 0;
  std::uint64_t both_groups = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    const Answer answer = one.answer(job, 1, 0);
    EXPECT_EQ(answer, other.answer(job, 2, 1));
    if (!is_wrong(answer)) continue;
    ++falsified;
    const Answer of_stranger = stranger.answer(job, 3, 2);
    if (!is_wrong(of_stranger)) continue;
    ++both_groups;
    EXPECT_FALSE(agree(answer, of_stranger, Comparison::exact));
  }
  expect_rate(falsified, jobs, 0.1);
  expect_rate(both_groups, jobs, 0.01);
}

TEST(Targeted, nodes_lie_about_the_same_few_jobs_only) {
  Actor one{core::Targeted{.jobs_ppm = 50'000}};
  Actor other{core::Targeted{.jobs_ppm = 50'000}};
  std::uint64_t targets = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    const bool lies = is_wrong(one.answer(job, 1));
    EXPECT_EQ(lies, is_wrong(other.answer(job, 2)));
    targets += lies ? 1 : 0;
  }
  expect_rate(targets, jobs, 0.05);
}

TEST(Targeted, nodes_look_at_value_and_class) {
  core::Targeted knobs{.jobs_ppm = 1'000'000};
  knobs.min_value = core::Credits::whole(10);
  knobs.job_class = 3;
  Actor actor{knobs};
  Assignment a = assignment_of(1, 1);
  a.value = core::Credits::whole(10);
  a.job_class = 3;
  EXPECT_TRUE(is_wrong(actor.finish(a).answer));
  a.job_class = 2;
  EXPECT_FALSE(is_wrong(actor.finish(a).answer));
  a.job_class = 3;
  a.value = core::Credits::from_micro(9'999'999);
  EXPECT_FALSE(is_wrong(actor.finish(a).answer));
}

TEST(Sleepers, build_trust_betray_and_begin_again_when_caught) {
  Actor sleeper{core::Sleeper{.build = 3}};
  std::uint32_t job = 0;
  const auto lies_next = [&] { return is_wrong(sleeper.answer(job++, 1)); };
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 3; ++i) {
      EXPECT_FALSE(lies_next());
      sleeper.learn(valid_and_checked);
    }
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(lies_next());
    sleeper.learn(convicted);
  }
}

TEST(Sleepers, do_not_count_what_nobody_has_checked_unless_they_are_told_to) {
  constexpr OwnVerdict unchecked{.valid = true, .checked = false, .strike = false};
  Actor careful{core::Sleeper{.build = 1}};
  Actor bold{core::Sleeper{.build = 1, .counts_unchecked = true}};
  careful.learn(unchecked);
  bold.learn(unchecked);
  EXPECT_FALSE(is_wrong(careful.answer(1, 1)));
  EXPECT_TRUE(is_wrong(bold.answer(1, 1)));
}

TEST(Sleepers, betray_as_often_as_they_are_told_to_and_build_again) {
  Actor sleeper{core::Sleeper{.build = 1, .betrayals = 2}};
  sleeper.learn(valid_and_checked);
  EXPECT_TRUE(is_wrong(sleeper.answer(1, 1)));
  EXPECT_TRUE(is_wrong(sleeper.answer(2, 1)));
  EXPECT_FALSE(is_wrong(sleeper.answer(3, 1)));
  sleeper.learn(valid_and_checked);
  EXPECT_TRUE(is_wrong(sleeper.answer(4, 1)));
}

TEST(Sleepers, of_one_group_agree_with_each_other_and_with_its_colluders) {
  Actor one{core::Sleeper{.build = 0, .group = 2}};
  Actor other{core::Sleeper{.build = 0, .group = 2}};
  Actor colluder{core::Colluder{.group = 2, .jobs_ppm = 1'000'000}};
  EXPECT_EQ(one.answer(9, 1), other.answer(9, 2));
  EXPECT_EQ(one.answer(9, 1), colluder.answer(9, 3));
}

TEST(Whitewashers, come_back_as_somebody_who_has_done_nothing) {
  Actor actor{{{core::Saboteur{}, 1, 2, core::seconds(60)}}};
  actor.answer(1, 1);
  EXPECT_FALSE(actor.learn(convicted).comes_back_new);
  const Reaction reaction = actor.learn(convicted);
  EXPECT_TRUE(reaction.comes_back_new);
  EXPECT_EQ(reaction.rest, core::seconds(60));
  EXPECT_EQ(actor.state, (NodeState{.identity = 1}));
  EXPECT_FALSE(actor.learn(convicted).comes_back_new);
}

TEST(Guessers, agree_by_chance_as_often_as_there_are_plausible_answers) {
  Actor one{core::Guesser{.plausible_answers = 50}};
  Actor other{core::Guesser{.plausible_answers = 50}};
  std::uint64_t agreed = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    const Answer answer = one.answer(job, 1);
    EXPECT_TRUE(is_wrong(answer));
    agreed += agree(answer, other.answer(job, 2), Comparison::exact) ? 1 : 0;
  }
  expect_rate(agreed, jobs, 1.0 / 50);
}

TEST(LazyNodes, hand_in_what_they_computed_last) {
  Actor lazy{core::Lazy{.rate_ppm = 200'000}};
  std::uint64_t lazies = 0;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    const std::optional<core::JobId> last = lazy.state.last_computed;
    const Report report = lazy.finish(assignment_of(job, 1));
    if (report.computed) continue;
    ++lazies;
    EXPECT_EQ(report.output_job, *last);
    EXPECT_TRUE(is_wrong(report.answer));
    EXPECT_EQ(lazy.state.last_computed, last);
  }
  expect_rate(lazies, jobs, 0.2);
}

TEST(LazyNodes, with_the_same_old_result_agree_on_it) {
  Actor one{core::Lazy{.rate_ppm = 1'000'000, .forges_header = true}};
  Actor other{core::Lazy{.rate_ppm = 1'000'000}};
  one.answer(1, 1);
  other.answer(1, 2);
  const Report report = one.finish(assignment_of(2, 1));
  EXPECT_EQ(report.output_job, core::JobId{2});
  EXPECT_EQ(report.answer, other.answer(2, 2));
}

TEST(Copiers, wait_for_others_and_repeat_the_first) {
  Actor copier{core::Copier{.wait = core::seconds(300)}};
  const Assignment a = assignment_of(1, 1);
  EXPECT_EQ(copier.begin(a).duration, core::seconds(900));
  const std::vector<Answer> others{{0, 0.25, 0}, {77, 0, 0}};
  const Report open = copier.finish(a, {core::CommitReveal::none, others});
  EXPECT_EQ(open.answer, others[0]);
  EXPECT_FALSE(open.computed);
  EXPECT_FALSE(open.copied_commitment);
}

TEST(Copiers, are_left_with_a_commitment_that_they_cannot_open) {
  Actor copier{core::Copier{.searchable_bits = 40}};
  Assignment a = assignment_of(1, 1);
  const std::vector<Answer> others{{}};
  const Report sealed = copier.finish(a, {core::CommitReveal::salted, others});
  EXPECT_TRUE(is_wrong(sealed.answer));
  EXPECT_TRUE(sealed.copied_commitment);
  a.answer_bits = 41;
  EXPECT_TRUE(is_wrong(copier.finish(a, {core::CommitReveal::unsalted, others}).answer));
  a.answer_bits = 40;
  EXPECT_EQ(copier.finish(a, {core::CommitReveal::unsalted, others}).answer, Answer{});
  EXPECT_TRUE(is_wrong(copier.finish(a, {core::CommitReveal::salted, others}).answer));
  EXPECT_TRUE(is_wrong(copier.finish(a, {core::CommitReveal::none, {}}).answer));
}

TEST(StolenKeys, sign_wrong_answers_from_the_theft_on) {
  Actor actor{core::StolenKey{.stolen_at = core::seconds(600)}};
  const Report before = actor.finish(assignment_of(9, 1));  // at 540 s
  EXPECT_EQ(before.signature, Signature::own);
  EXPECT_FALSE(is_wrong(before.answer));
  const Report after = actor.finish(assignment_of(10, 1));
  EXPECT_EQ(after.signature, Signature::stolen);
  EXPECT_TRUE(is_wrong(after.answer));
}

TEST(Opportunists, lie_only_while_that_pays) {
  Actor actor{core::Opportunist{}};
  EXPECT_FALSE(is_wrong(actor.answer(1, 1)));
  actor.state.cheating_pays = true;
  EXPECT_TRUE(is_wrong(actor.answer(1, 1)));
}

}  // namespace
}  // namespace nexa::simulator
