#include "scheduler/policy_set.hpp"

#include <gtest/gtest.h>

namespace nexa::scheduler {
namespace {

std::string canonical(std::string_view text) {
  const auto set = parse_policy_set(text);
  return set ? set->text : "error: " + set.error().message;
}

/// "message (hint)"
std::string error_of(std::string_view text) {
  const auto set = parse_policy_set(text);
  if (set) return "no error";
  EXPECT_EQ(set.error().code, core::ErrorCode::invalid_argument);
  return set.error().message + " (" + set.error().hint + ")";
}

TEST(PolicySet, fills_in_what_is_not_said) {
  EXPECT_EQ(canonical("fcfs"), "fcfs+none+lowest_tier");
  EXPECT_EQ(canonical("easy"), "easy+fcfs+lowest_tier");
  EXPECT_EQ(canonical("sjf+easy+fastest_first"), "sjf+easy+fastest_first");
  EXPECT_EQ(canonical("lowest_tier"), "lowest_tier+fcfs+none");
}

TEST(PolicySet, reads_back_its_canonical_text) {
  for (const char* text : {"fcfs", "wfp3+easy:order=saf,depth=100", "conservative:compress=false",
                           "fastest_first:weight=0.25+cheapest_first+sqf"}) {
    EXPECT_EQ(canonical(canonical(text)), canonical(text));
  }
}

TEST(PolicySet, keeps_parameters) {
  const auto set = parse_policy_set("easy:order=saf,depth=100");
  ASSERT_TRUE(set.has_value());
  EXPECT_EQ(set->text, "easy:order=saf,depth=100+fcfs+lowest_tier");
  EXPECT_NE(set->backfill_order, nullptr);
  EXPECT_EQ(parse_policy_set("easy:order=queue")->backfill_order, nullptr);
  EXPECT_TRUE(parse_policy_set("conservative")->backfill->plans_reservations());
}

TEST(PolicySet, may_have_several_scores) {
  const auto set = parse_policy_set("fastest_first+cheapest_first:weight=2");
  ASSERT_TRUE(set.has_value());
  EXPECT_EQ(set->scores.size(), 2U);
}

TEST(PolicySetErrors, suggest_the_nearest_policy) {
  EXPECT_EQ(error_of("eazy"), "unknown policy 'eazy' (did you mean 'easy'?)");
  EXPECT_EQ(error_of("fcfs+conservativ"),
            "unknown policy 'conservativ' (did you mean 'conservative'?)");
}

TEST(PolicySetErrors, list_all_policies_where_none_is_near) {
  const std::string error = error_of("round_robin_of_doom");
  for (const PolicyDescriptor* policy : all_policies()) {
    EXPECT_NE(error.find(policy->name), std::string::npos) << policy->name;
  }
  EXPECT_NE(error_of("").find("unknown policy ''"), std::string::npos);
  EXPECT_NE(error_of("fcfs+").find("unknown policy ''"), std::string::npos);
}

TEST(PolicySetErrors, name_a_second_policy_of_one_role) {
  EXPECT_EQ(error_of("fcfs+sjf"), "'sjf' is a second order policy (name at most one order policy)");
  EXPECT_EQ(error_of("easy+none"),
            "'none' is a second backfill policy (name at most one backfill policy)");
}

TEST(PolicySetErrors, name_an_unknown_parameter) {
  EXPECT_EQ(error_of("easy:dept=3"),
            "policy 'easy' has no parameter 'dept' (did you mean 'depth'?)");
  EXPECT_EQ(error_of("fcfs:depth=3"),
            "policy 'fcfs' has no parameter 'depth' (it has no parameters)");
}

TEST(PolicySetErrors, name_a_value_and_its_range) {
  EXPECT_EQ(error_of("easy:depth=-1"),
            "parameter 'depth' has the value '-1' (expected an integer from 0 to 1e+09 (jobs))");
  for (const char* text :
       {"easy:depth=1000000001", "easy:depth=2.5", "easy:depth=", "easy:depth=3x",
        "easy:depth=99999999999999999999", "lowest_tier:weight=nan", "lowest_tier:weight=inf",
        "lowest_tier:weight=1001", "conservative:compress=yes"}) {
    EXPECT_NE(error_of(text).find("has the value"), std::string::npos) << text;
  }
}

TEST(PolicySetErrors, name_a_backfill_order_that_does_not_order) {
  EXPECT_EQ(error_of("easy:order=sfj"), "unknown backfill order 'sfj' (did you mean 'sjf'?)");
  EXPECT_NE(error_of("easy:order=none").find("unknown backfill order 'none'"), std::string::npos);
  EXPECT_NE(error_of("easy:order=").find("has the value"), std::string::npos);
}

TEST(PolicySetErrors, show_how_parameters_are_written) {
  EXPECT_EQ(error_of("easy:depth"),
            "policy 'easy' is followed by 'depth' (write parameters as name=value, separated by "
            "commas)");
}

TEST(Policies, have_unique_names_in_alphabetical_order) {
  const auto policies = all_policies();
  ASSERT_GE(policies.size(), 15U);
  for (std::size_t i = 1; i < policies.size(); ++i) {
    EXPECT_LT(policies[i - 1]->name, policies[i]->name);
  }
  EXPECT_EQ(find_policy("nobody"), nullptr);
}

}  // namespace
}  // namespace nexa::scheduler
