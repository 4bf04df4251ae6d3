// The policies that look at buckets of trust, on clusters small enough to check by hand.
#include <gtest/gtest.h>

#include "tests/scheduler/desk.hpp"

namespace nexa::scheduler {
namespace {

using test::Desk;
using Texts = std::vector<std::string>;

core::NodeSpec trusted(std::uint8_t bucket) {
  core::NodeSpec spec;
  spec.trust_bucket = bucket;
  return spec;
}

void add_nodes_of_three_buckets(Desk& desk) {
  desk.add_nodes(0, 1, trusted(0));
  desk.add_nodes(1, 1, trusted(2));
  desk.add_nodes(2, 1, trusted(1));
}

TEST(TrustedFirst, FillsTheBestBucketFirst) {
  Desk desk("easy+trusted_first");
  add_nodes_of_three_buckets(desk);
  for (std::uint32_t id = 1; id <= 3; ++id) desk.submit(id, 1, 60);
  EXPECT_EQ(desk.step(), (Texts{"start 1.1 on 1", "start 2.1 on 2", "start 3.1 on 0"}));
}

TEST(TrustedFirst, IsWeighedAgainstOtherScores) {
  core::NodeSpec high = trusted(0);
  high.tier = core::TierId{3};
  for (const auto& [set, first] :
       {std::pair{"easy+lowest_tier+trusted_first", "start 1.1 on 0"},
        std::pair{"easy+lowest_tier+trusted_first:weight=4", "start 1.1 on 1"}}) {
    Desk desk(set);
    desk.add_nodes(0, 1, trusted(0));
    core::NodeSpec spec = high;
    spec.trust_bucket = 1;
    desk.add_nodes(1, 1, spec);
    desk.submit(1, 1, 60);
    EXPECT_EQ(desk.step(), Texts{first}) << set;
  }
}

TEST(MinTrust, LeavesNodesInLowerBucketsIdle) {
  Desk desk("easy+min_trust:bucket=2");
  add_nodes_of_three_buckets(desk);
  desk.submit(1, 1, 60);
  desk.submit(2, 1, 60);
  desk.submit(3, 2, 60);
  EXPECT_EQ(desk.step(), (Texts{"reject 3 cluster_too_small", "start 1.1 on 1"}));
  EXPECT_EQ(desk.explain(2).nodes_suitable, 1U);
  ASSERT_FALSE(desk.explain(2).nodes.empty());
  EXPECT_EQ(desk.explain(2).nodes.front().code, RejectCode::excluded_by_policy);
}

TEST(MinTrust, FollowsANodeThatGainsTrust) {
  Desk desk("easy+min_trust");
  add_nodes_of_three_buckets(desk);
  for (std::uint32_t id = 1; id <= 3; ++id) desk.submit(id, 1, 60);
  EXPECT_EQ(desk.step(), (Texts{"start 1.1 on 2", "start 2.1 on 1"}));
  desk.at(10);
  desk.tell(NodeChanged{core::NodeId{0}, trusted(1)});
  EXPECT_EQ(desk.step(), Texts{"start 3.1 on 0"});
}

}  // namespace
}  // namespace nexa::scheduler
