// What every policy has to keep, whoever wrote it: a new file in scheduler/policies/ is tried here
// without a line of test code.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/oracle/cluster.hpp"
#include "tests/scheduler/host.hpp"
#include "tests/scheduler/policy_sets.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using test::Case;
using test::Host;

class EveryPolicy : public testing::TestWithParam<const PolicyDescriptor*> {
 protected:
  const PolicyDescriptor& descriptor = *GetParam();
  const std::string name{descriptor.name};

  template <class TestCase>
  void for_random_cases(TestCase test_case) {
    for (const test::Kind kind : test::all_kinds) {
      for (std::uint64_t seed = 1000; seed < 1000 + test::fewer_if_slow(12); ++seed) {
        const Case random = test::random_case(seed, kind);
        SCOPED_TRACE("seed " + std::to_string(seed) + " of " + std::string(test::name_of(kind)));
        test_case(random);
        if (HasFailure()) return;
      }
    }
  }
};

TEST_P(EveryPolicy, says_what_it_is_and_does) {
  EXPECT_GT(descriptor.doc.size(), 10U);
  EXPECT_EQ(descriptor.doc.back(), '.') << "the sentence of a policy ends with a full stop";
  EXPECT_TRUE(descriptor.orders || descriptor.filters || descriptor.scores || descriptor.backfills);
  EXPECT_EQ(find_policy(name), &descriptor);
}

TEST_P(EveryPolicy, has_parameters_with_docs_and_defaults_in_range) {
  for (const FieldInfo& field : descriptor.fields()) {
    EXPECT_FALSE(field.name.empty());
    EXPECT_GT(field.doc.size(), 5U) << field.name;
    const bool is_number = field.kind == FieldKind::integer || field.kind == FieldKind::real;
    if (!is_number) continue;
    EXPECT_LT(field.minimum, field.maximum) << field.name;
    EXPECT_GE(std::stod(field.default_text), field.minimum) << field.name;
    EXPECT_LE(std::stod(field.default_text), field.maximum) << field.name;
  }
}

TEST_P(EveryPolicy, reads_back_its_text_with_each_parameter_at_its_ends) {
  for (const FieldInfo& field : descriptor.fields()) {
    for (const std::string& value : test::values_of(field)) {
      const std::string text = name + ":" + std::string(field.name) + "=" + value;
      const auto set = parse_policy_set(text);
      ASSERT_TRUE(set.has_value()) << text << ": " << set.error().message;
      const auto again = parse_policy_set(set->text);
      ASSERT_TRUE(again.has_value()) << set->text;
      EXPECT_EQ(again->text, set->text);
      EXPECT_NE(set->text.find(text), std::string::npos) << set->text;
    }
  }
}

TEST_P(EveryPolicy, refuses_numbers_beyond_the_ends_of_a_parameter) {
  for (const FieldInfo& field : descriptor.fields()) {
    if (field.kind != FieldKind::integer && field.kind != FieldKind::real) continue;
    for (const double value : {field.minimum - 1, field.maximum + 1}) {
      const std::string text = name + ":" + std::string(field.name) + "=" +
                               std::to_string(static_cast<std::int64_t>(value));
      EXPECT_FALSE(parse_policy_set(text).has_value()) << text;
    }
  }
}

TEST_P(EveryPolicy, decides_the_same_twice) {
  for_random_cases([this](const Case& random) {
    Host first(random, name);
    Host second(random, name);
    first.run();
    second.run();
    EXPECT_EQ(first.command_hash(), second.command_hash());
  });
}

TEST_P(EveryPolicy, decides_without_regard_to_the_order_of_nodes) {
  for_random_cases([this](const Case& random) {
    Host in_order(random, name);
    Host out_of_order(random, name);
    out_of_order.announce_nodes(test::shuffled(7, random.node_specs().size()));
    in_order.run();
    out_of_order.run();
    EXPECT_EQ(in_order.command_hash(), out_of_order.command_hash());
  });
}

TEST_P(EveryPolicy, keeps_every_invariant_and_finishes_every_job) {
  if (descriptor.filters) return;  // it may rightly reject jobs that would fit; see below
  for_random_cases([this](const Case& random) {
    const test::OracleInput input = test::oracle_input(random);
    Host host(random, name);
    EXPECT_EQ(oracle::violation(input.nodes, input.classes, input.jobs, host.run()), "");
    EXPECT_EQ(host.engine().queue_length() + host.engine().running_jobs(), 0U);
  });
}

/// Which nodes of a case a filter leaves to a request.
std::vector<bool> accepted_nodes(const Policy& filter, const std::vector<core::NodeSpec>& specs,
                                 const core::Request& request) {
  std::vector<NodeClassView> views;
  for (const core::NodeSpec& spec : specs) views.push_back({spec, 1});
  const auto accepted = std::make_unique<bool[]>(views.size());
  std::fill_n(accepted.get(), views.size(), true);
  filter.filter({request.per_slot, request.tiers, request.gpu_type,
                 request.sharing == core::Sharing::whole_nodes},
                views, std::span(accepted.get(), views.size()));
  return std::vector<bool>(accepted.get(), accepted.get() + views.size());
}

TEST_P(EveryPolicy, that_filters_never_sees_a_job_on_a_node_that_it_refused) {
  if (!descriptor.filters) return;
  for_random_cases([this](const Case& random) {
    const auto policy = parse_policy_set(name)->filters.front();
    const std::vector<core::NodeSpec> specs = random.node_specs();
    Host host(random, name);
    for (const oracle::Started& result : host.run()) {
      const core::Request& request = random.jobs[static_cast<std::size_t>(result.id)].request;
      const std::vector<bool> accepted = accepted_nodes(*policy, specs, request);
      for (const auto& [node, slots] : result.slots_on_node) {
        EXPECT_TRUE(accepted[static_cast<std::size_t>(node)]) << "job " << result.id;
      }
    }
  });
}

TEST_P(EveryPolicy, that_filters_loses_only_the_jobs_that_the_nodes_left_cannot_hold) {
  if (!descriptor.filters) return;
  for_random_cases([this](const Case& random) {
    const auto policy = parse_policy_set(name)->filters.front();
    const std::vector<core::NodeSpec> specs = random.node_specs();
    const test::OracleInput input = test::oracle_input(random);
    Host host(random, name);
    for (const oracle::Started& result : host.run()) {
      const auto job = static_cast<std::size_t>(result.id);
      const std::vector<bool> accepted = accepted_nodes(*policy, specs, random.jobs[job].request);
      std::vector<oracle::Node> left;
      for (std::size_t node = 0; node < input.nodes.size(); ++node) {
        if (accepted[node]) left.push_back(input.nodes[node]);
      }
      const oracle::Cluster cluster(left, input.classes);
      EXPECT_EQ(result.rejected, !cluster.fits(cluster.idle(), input.jobs[job])) << "job " << job;
    }
    EXPECT_EQ(host.engine().queue_length() + host.engine().running_jobs(), 0U);
  });
}

TEST_P(EveryPolicy, that_orders_has_finite_keys_for_extreme_jobs) {
  if (!descriptor.orders) return;
  const auto policy = parse_policy_set(name)->order;
  const core::Time century = core::at_seconds(std::int64_t{100} * 365 * 86400);
  for (const core::Time submit : {core::Time{}, core::Time{core::Duration{1}}, century}) {
    for (const core::Duration limit : {core::Duration{1}, core::seconds(std::int64_t{1} << 32)}) {
      for (const std::uint32_t slots : {1U, 2U, 1'000'000U}) {
        for (const core::Duration wait :
             {core::Duration{0}, core::Duration{1}, core::seconds(1e9)}) {
          const JobView job{submit, limit, slots, slots, {}};
          EXPECT_TRUE(std::isfinite(policy->key(job, submit + wait)))
              << "limit " << limit.count() << " us, " << slots << " cores";
        }
      }
    }
  }
}

TEST_P(EveryPolicy, that_orders_says_whether_its_keys_change) {
  if (!descriptor.orders) return;
  const auto policy = parse_policy_set(name)->order;
  const JobView job{core::at_seconds(50), core::seconds(60), 8, 8, {}};
  const double soon = policy->key(job, core::at_seconds(50));
  const double later = policy->key(job, core::at_seconds(5000));
  EXPECT_EQ(policy->key_depends_on_time(), soon != later);
}

TEST_P(EveryPolicy, that_scores_has_finite_scores) {
  if (!descriptor.scores) return;
  const auto policy = parse_policy_set(name)->scores.front();
  core::NodeSpec plain;
  core::NodeSpec extreme;
  extreme.tier = core::TierId{31};
  extreme.speed_permille = UINT32_MAX;
  extreme.price_per_core_hour = core::Credits::from_micro(INT64_MAX);
  const std::vector<NodeClassView> classes = {{plain, 1}, {extreme, UINT32_MAX}};
  std::vector<double> scores(classes.size());
  policy->score({}, classes, scores);
  for (const double score : scores) EXPECT_TRUE(std::isfinite(score));
}

INSTANTIATE_TEST_SUITE_P(built_in, EveryPolicy,
                         testing::ValuesIn(all_policies().begin(), all_policies().end()),
                         [](const auto& parameter) { return std::string(parameter.param->name); });

}  // namespace
}  // namespace nexa::scheduler
