#include "io/behaviour_fields.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "io/behaviour_kinds.hpp"
#include "io/platform_file.hpp"
#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

using testing::expect_one_error;
using testing::source_of;
using testing::three_tiers;

/// A group of 300 nodes with these behaviours; the first entry stands on line 8.
std::string with_behaviours(const std::string& entries) {
  return "name: p\n"
         "groups:\n"
         "  - name: volunteer\n"
         "    count: 300\n"
         "    tier: cpu\n"
         "    memory: 4 GiB\n"
         "    behaviours:\n" +
         entries + "    cores: 1\n";
}

core::Result<core::Platform> decode(const std::string& entries, Diagnostics& diagnostics) {
  return decode_platform(source_of(with_behaviours(entries)), three_tiers(), diagnostics);
}

std::vector<core::BehaviourShare> shares_of(const std::string& entries) {
  Diagnostics diagnostics;
  const auto platform = decode(entries, diagnostics);
  EXPECT_TRUE(platform) << diagnostics.to_text();
  return platform ? platform->groups[0].behaviours : std::vector<core::BehaviourShare>{};
}

Diagnostics errors_of(const std::string& entries) {
  Diagnostics diagnostics;
  EXPECT_FALSE(decode(entries, diagnostics)) << entries;
  return diagnostics;
}

TEST(Behaviours, are_absent_by_default) {
  Diagnostics diagnostics;
  const auto platform = decode_platform(
      source_of("name: p\ngroups:\n  - {name: a, count: 2, tier: cpu, cores: 1, memory: 1 GiB}\n"),
      three_tiers(), diagnostics);
  ASSERT_TRUE(platform);
  EXPECT_TRUE(platform->groups[0].behaviours.empty());
}

TEST(Behaviours, have_a_share_a_count_or_all_nodes) {
  const auto shares = shares_of(
      "      - {kind: saboteur, share: 0.1, rate: 0.25}\n"
      "      - {kind: colluder, count: 7, group: 3, jobs: 0.5}\n"
      "      - {kind: noisy}\n"
      "      - {kind: sdc, share: 0.005}\n");
  ASSERT_EQ(shares.size(), 4U);
  EXPECT_EQ(shares[0], (core::BehaviourShare{core::Saboteur{250'000}, 30, 0, {}}));
  EXPECT_EQ(shares[1], (core::BehaviourShare{core::Colluder{3, 500'000}, 7, 0, {}}));
  EXPECT_EQ(shares[2], (core::BehaviourShare{core::Noisy{}, 300, 0, {}}));
  EXPECT_EQ(shares[3], (core::BehaviourShare{core::SilentCorruption{}, 2, 0, {}}));
}

TEST(Behaviours, of_hostile_nodes_may_whitewash) {
  const auto shares = shares_of(
      "      - {kind: sleeper, count: 5, build: 20, betrayals: 3, rate: 0.5, group: 2,\n"
      "         counts_unchecked: true, whitewash_after: 1, whitewash_rest: 2h}\n");
  const core::Sleeper sleeper{
      .build = 20, .betrayals = 3, .rate_ppm = 500'000, .group = 2, .counts_unchecked = true};
  EXPECT_EQ(shares[0], (core::BehaviourShare{sleeper, 5, 1, core::seconds(7200)}));
  expect_one_error(errors_of("      - {kind: flaky, whitewash_after: 1}\n"), 8, 23,
                   "unknown key 'groups[0].behaviours[0].whitewash_after'");
}

TEST(Behaviours, of_every_kind_need_nothing_but_the_kind) {
  std::set<std::size_t> seen;
  for (const BehaviourKind& kind : behaviour_kinds()) {
    SCOPED_TRACE(kind.name);
    const auto shares = shares_of("      - kind: " + kind.name + "\n");
    ASSERT_EQ(shares.size(), 1U);
    EXPECT_EQ(core::name_of(shares[0].behaviour), kind.name);
    EXPECT_EQ(shares[0].nodes, 300U);
    seen.insert(shares[0].behaviour.index());
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<core::Behaviour>) << "a kind cannot be written";
}

TEST(Behaviours, carry_the_knobs_of_their_kind) {
  const auto behaviour = [](const std::string& text) {
    const auto shares = shares_of("      - {" + text + "}\n");
    return shares.empty() ? core::Behaviour{} : shares[0].behaviour;
  };
  EXPECT_EQ(behaviour("kind: noisy, class_offset: 0.3, noise: 0.01"),
            core::Behaviour(core::Noisy{300, 10}));
  EXPECT_EQ(behaviour("kind: lazy, rate: 1, forges_header: true"),
            core::Behaviour(core::Lazy{1'000'000, true}));
  EXPECT_EQ(behaviour("kind: guesser, rate: 0.5, plausible_answers: 4"),
            core::Behaviour(core::Guesser{500'000, 4}));
  EXPECT_EQ(behaviour("kind: copier, rate: 0, wait: 5m, searchable_bits: 20"),
            core::Behaviour(core::Copier{0, core::seconds(300), 20}));
  core::Targeted targeted{300'000, 20'000, core::Credits::whole(5), 9};
  EXPECT_EQ(behaviour("kind: targeted, rate: 0.3, jobs: 0.02, min_value: 5, job_class: 9"),
            core::Behaviour(targeted));
  EXPECT_EQ(behaviour("kind: biased, bias: 0.5"), core::Behaviour(core::Biased{500}));
  EXPECT_EQ(behaviour("kind: sdc, min_rate: 0.00001, max_rate: 0.00001, repeatable: 1"),
            core::Behaviour(core::SilentCorruption{10, 10, 1'000'000}));
  EXPECT_EQ(behaviour("kind: class_defect, defect: 2, jobs: 0.1, job_class: 0"),
            core::Behaviour(core::ClassDefect{2, 100'000, 0}));
  EXPECT_EQ(behaviour("kind: flaky, mtbf: 90m"), core::Behaviour(core::Flaky{core::seconds(5400)}));
  EXPECT_EQ(behaviour("kind: straggler, rate: 0.2, slowdown: 2.5"),
            core::Behaviour(core::Straggler{200'000, 2500}));
  EXPECT_EQ(behaviour("kind: hoarder, rate: 0.2"), core::Behaviour(core::Hoarder{200'000}));
  EXPECT_EQ(behaviour("kind: time_forger, skew: 2h, backwards: 0"),
            core::Behaviour(core::TimeForger{core::seconds(7200), 0}));
  EXPECT_EQ(behaviour("kind: replayer, rate: 0.3, resends: 0"),
            core::Behaviour(core::Replayer{300'000, 0}));
  EXPECT_EQ(behaviour("kind: overclaimer, claim: 3"), core::Behaviour(core::Overclaimer{3000}));
  EXPECT_EQ(behaviour("kind: cherry_picker, longest: 1m"),
            core::Behaviour(core::CherryPicker{core::seconds(60)}));
  EXPECT_EQ(behaviour("kind: stolen_key, stolen_at: 1s, revoked_after: 2s, rate: 0.1"),
            core::Behaviour(core::StolenKey{core::seconds(1), core::seconds(2), 100'000}));
}

TEST(Behaviours, of_unknown_or_missing_kind_are_errors_that_help) {
  expect_one_error(errors_of("      - {kind: sabotuer, rate: 0.1}\n"), 8, 16,
                   "unknown kind of behaviour 'sabotuer'", "did you mean 'saboteur'?");
  expect_one_error(errors_of("      - {kind: whitewasher}\n"), 8, 16,
                   "unknown kind of behaviour 'whitewasher'", "known: ");
  expect_one_error(errors_of("      - {rate: 0.1}\n"), 8, 9,
                   "missing key 'groups[0].behaviours[0].kind'", "saboteur");
  expect_one_error(errors_of("      - saboteur\n"), 8, 9, "must be a mapping", "");
}

TEST(Behaviours, refuse_keys_and_values_that_their_kind_does_not_know) {
  expect_one_error(errors_of("      - {kind: saboteur, rtae: 0.1}\n"), 8, 26,
                   "unknown key 'groups[0].behaviours[0].rtae'", "did you mean 'rate'?");
  expect_one_error(errors_of("      - {kind: saboteur, group: 1}\n"), 8, 26, "unknown key");
  expect_one_error(errors_of("      - {kind: saboteur, rate: 1.1}\n"), 8, 32,
                   "must be a number from 0 to 1");
  expect_one_error(errors_of("      - {kind: flaky, mtbf: 10}\n"), 8, 29, "mtbf");
  expect_one_error(errors_of("      - {kind: sdc, min_rate: 0.1, max_rate: 0.01}\n"), 8, 9,
                   "min_rate is more than max_rate");
}

TEST(Behaviours, refuse_numbers_of_nodes_that_cannot_be) {
  expect_one_error(errors_of("      - {kind: sdc, share: 0.001}\n"), 8, 28,
                   "a share of 0.001 of 300 nodes is no node", "count: 1");
  expect_one_error(errors_of("      - {kind: sdc, count: 301}\n"), 8, 28,
                   "301 nodes of a group of 300");
  expect_one_error(errors_of("      - {kind: sdc, count: 3, share: 0.01}\n"), 8, 28,
                   "both 'share' and 'count'");
  expect_one_error(errors_of("      - {kind: saboteur, share: 0.6}\n"
                             "      - {kind: lazy, count: 121}\n"),
                   9, 9, "301 nodes are to be hostile, but the group has 300");
  EXPECT_EQ(shares_of("      - {kind: saboteur, share: 0.6}\n"
                      "      - {kind: lazy, count: 120}\n"
                      "      - {kind: noisy}\n")
                .size(),
            3U);
}

}  // namespace
}  // namespace nexa::io
