// What must hold for every schedule, tried on random clusters and workloads.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/scheduler/host.hpp"
#include "tests/scheduler/policy_sets.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using core::JobId;
using core::Time;
using test::Case;
using test::Host;

/// Calls `test_case(case)` for random cases of every kind, and names the one that fails.
template <class TestCase>
void for_random_cases(std::uint64_t cases, TestCase test_case) {
  for (const test::Kind kind : test::all_kinds) {
    for (std::uint64_t seed = 0; seed < test::fewer_if_slow(cases); ++seed) {
      const Case random = test::random_case(seed, kind);
      SCOPED_TRACE("seed " + std::to_string(seed) + " of " + std::string(test::name_of(kind)));
      test_case(random);
      if (testing::Test::HasFailure()) return;
    }
  }
}

class EveryPolicySet : public testing::TestWithParam<std::string> {};

TEST_P(EveryPolicySet, keeps_to_what_nodes_have) {
  const bool has_filter = !parse_policy_set(GetParam()).value().filters.empty();
  for_random_cases(40, [has_filter](const Case& random) {
    const test::OracleInput input = test::oracle_input(random);
    Host host(random, GetParam());
    std::vector<oracle::Started> results = host.run();
    std::vector<oracle::JobSpec> jobs = input.jobs;
    if (has_filter) {  // it may rightly reject jobs that would fit
      const auto rejected = [&results](const oracle::JobSpec& job) {
        return results[static_cast<std::size_t>(job.id)].rejected;
      };
      std::erase_if(jobs, rejected);
      std::erase_if(results, [](const oracle::Started& result) { return result.rejected; });
    }
    EXPECT_EQ(oracle::violation(input.nodes, input.classes, jobs, results), "");
  });
}

TEST_P(EveryPolicySet, leaves_no_job_behind) {
  for_random_cases(10, [](const Case& random) {
    Host host(random, GetParam());
    for (const oracle::Started& result : host.run()) {
      EXPECT_TRUE(result.rejected || result.end_us > result.start_us) << "job " << result.id;
    }
    EXPECT_EQ(host.engine().queue_length(), 0U);
    EXPECT_EQ(host.engine().running_jobs(), 0U);
  });
}

TEST_P(EveryPolicySet, has_a_reason_and_a_place_for_every_waiting_job) {
  for_random_cases(15, [](const Case& random) {
    Host(random, GetParam()).run([](const Engine& engine, Time now) {
      const std::vector<JobId> waiting = engine.waiting();
      ASSERT_EQ(waiting.size(), engine.queue_length());
      for (std::size_t i = 0; i < waiting.size(); ++i) {
        const Explanation explanation = engine.explain(waiting[i], now);
        EXPECT_EQ(explanation.state, ExplainedState::waiting);
        EXPECT_NE(explanation.decisive, RejectCode::none) << "job " << waiting[i].value;
        EXPECT_EQ(explanation.position, i + 1);
        EXPECT_EQ(explanation.queue_length, waiting.size());
        EXPECT_FALSE(to_text(explanation, now).empty());
      }
    });
  });
}

TEST_P(EveryPolicySet, does_not_depend_on_the_order_in_which_nodes_are_announced) {
  for_random_cases(15, [](const Case& random) {
    Host in_order(random, GetParam());
    Host out_of_order(random, GetParam());
    out_of_order.announce_nodes(test::shuffled(1, random.node_specs().size()));
    in_order.run();
    out_of_order.run();
    EXPECT_EQ(in_order.command_hash(), out_of_order.command_hash());
  });
}

/// How many slots a job has on each node spec.
std::map<core::NodeSpec, int> slots_by_spec(const Case& source, const oracle::Started& result) {
  const std::vector<core::NodeSpec> specs = source.node_specs();
  std::map<core::NodeSpec, int> slots;
  for (const auto& [node, count] : result.slots_on_node) {
    slots[specs[static_cast<std::size_t>(node)]] += count;
  }
  return slots;
}

TEST_P(EveryPolicySet, does_not_depend_on_the_numbers_of_nodes) {
  for_random_cases(15, [](const Case& made) {
    const Case random = test::without_avoided_nodes(made);
    Host plain(random, GetParam());
    Host renumbered(random, GetParam());
    renumbered.number_nodes(test::shuffled(2, random.node_specs().size()));
    const auto& expected = plain.run();
    const auto& results = renumbered.run();
    for (std::size_t i = 0; i < results.size(); ++i) {
      EXPECT_EQ(results[i].start_us, expected[i].start_us) << "job " << i;
      EXPECT_EQ(results[i].end_us, expected[i].end_us) << "job " << i;
      EXPECT_EQ(slots_by_spec(random, results[i]), slots_by_spec(random, expected[i]));
    }
  });
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  return test::name_of_set(info.param);
}

INSTANTIATE_TEST_SUITE_P(policies, EveryPolicySet, testing::ValuesIn(test::policy_sets()),
                         test_name);

class Easy : public testing::TestWithParam<std::string> {};

TEST_P(Easy, never_starts_the_head_after_its_first_shadow_time) {
  std::size_t heads = 0;
  for_random_cases(80, [&heads](const Case& made) {
    // Who comes with an old place may get ahead of the head.
    const Case random = test::without_places(made);
    std::map<JobId, Time> promised;
    Host host(random, GetParam());
    const auto& results = host.run([&promised](const Engine& engine, Time now) {
      if (engine.queue_length() == 0 || engine.next_wakeup() == now) return;
      const JobId head = engine.waiting().front();
      const auto estimate = engine.explain(head, now).start_estimate;
      ASSERT_TRUE(estimate.has_value()) << "head " << head.value;
      const auto [promise, is_new] = promised.emplace(head, *estimate);
      EXPECT_LE(*estimate, promise->second) << "head " << head.value << " was put off";
    });
    heads += promised.size();
    for (const auto& [job, time] : promised) {
      EXPECT_LE(results[job.value].start_us, time.time_since_epoch().count())
          << "job " << job.value;
    }
  });
  EXPECT_GT(heads, test::fewer_if_slow(80) * 7) << "hardly a job had to wait";
}

INSTANTIATE_TEST_SUITE_P(policies, Easy,
                         testing::Values("easy", "easy:order=saf", "easy:order=lpf,depth=4",
                                         "easy:order=wfp3"),
                         test_name);

class Conservative : public testing::TestWithParam<std::string> {};

TEST_P(Conservative, never_starts_a_job_after_its_first_reservation) {
  std::size_t reservations = 0;
  for_random_cases(60, [&reservations](const Case& random) {
    std::map<JobId, Time> promised;
    Host host(random, GetParam());
    const auto& results = host.run([&promised](const Engine& engine, Time now) {
      if (engine.next_wakeup() == now) return;  // the pass comes after the cancellations
      for (const JobId job : engine.waiting()) {
        const auto estimate = engine.explain(job, now).start_estimate;
        ASSERT_TRUE(estimate.has_value()) << "job " << job.value;
        auto& promise = promised.try_emplace(job, *estimate).first->second;
        EXPECT_LE(*estimate, promise) << "job " << job.value << " was put off";
        promise = std::min(promise, *estimate);
      }
    });
    reservations += promised.size();
    for (const auto& [job, time] : promised) {
      EXPECT_LE(results[job.value].start_us, time.time_since_epoch().count())
          << "job " << job.value;
    }
  });
  EXPECT_GT(reservations, test::fewer_if_slow(60) * 7) << "hardly a job had to wait";
}

INSTANTIATE_TEST_SUITE_P(policies, Conservative,
                         testing::Values("conservative", "conservative:compress=false",
                                         "sjf+conservative", "lpf+conservative",
                                         "wfp3+conservative"),
                         test_name);

}  // namespace
}  // namespace nexa::scheduler
