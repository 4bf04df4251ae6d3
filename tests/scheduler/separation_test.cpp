// Jobs that have to keep away from fault domains, on clusters small enough to check by hand.
#include <gtest/gtest.h>

#include "tests/scheduler/desk.hpp"

namespace nexa::scheduler {
namespace {

using core::FaultDomain;
using core::NodeId;
using core::OwnerId;
using core::RackId;
using core::SiteId;
using test::Desk;
using Texts = std::vector<std::string>;
using Ids = std::vector<std::uint32_t>;

FaultDomain owner(std::uint32_t id) {
  return FaultDomain::of(OwnerId{id});
}
FaultDomain node(std::uint32_t id) {
  return FaultDomain::of(NodeId{id});
}

core::NodeSpec spec_of(std::uint32_t owner, std::uint32_t cores = 1, std::uint32_t site = 0,
                       std::uint32_t rack = 0) {
  core::NodeSpec spec;
  spec.capacity.cores = cores;
  spec.owner = OwnerId{owner};
  spec.site = SiteId{site};
  spec.rack = RackId{rack};
  return spec;
}

void submit(Desk& desk, std::uint32_t id, std::uint32_t slots, std::int64_t limit_seconds,
            const std::vector<FaultDomain>& avoid, std::uint64_t place = 0) {
  core::Job job{
      .id = core::JobId{id}, .submit = desk.now, .time_limit = core::seconds(limit_seconds)};
  job.request.slots = slots;
  desk.tell(JobSubmitted{job, place, avoid});
}

class Separation : public testing::TestWithParam<std::string> {
 protected:
  Separation() : desk(GetParam()) {}
  Desk desk;
};

TEST_P(Separation, keeps_a_job_from_owners_sites_racks_and_nodes) {
  desk.add_nodes(0, 1, spec_of(1, 1, 1, 1));
  desk.add_nodes(1, 1, spec_of(2, 1, 1, 2));
  desk.add_nodes(2, 1, spec_of(3, 1, 2, 3));
  desk.add_nodes(3, 1, spec_of(4, 1, 2, 4));
  submit(desk, 1, 1, 60, {owner(1)});
  submit(desk, 2, 1, 60, {FaultDomain::of(SiteId{1})});
  submit(desk, 3, 1, 60, {FaultDomain::of(RackId{4}), owner(9)});
  submit(desk, 4, 1, 60, {node(0), node(77)});
  EXPECT_EQ(desk.step(),
            (Texts{"start 1.1 on 1", "start 2.1 on 2", "start 3.1 on 0", "start 4.1 on 3"}));
}

TEST_P(Separation, leaves_out_single_nodes_of_a_class) {
  desk.add_nodes(0, 6, spec_of(0));
  submit(desk, 1, 3, 60, {node(0), node(2), node(3)});
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 1 4-5"});
  submit(desk, 2, 3, 60, {node(9)});
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 0 2-3"});
}

TEST_P(Separation, leaves_out_single_nodes_that_others_share) {
  desk.add_nodes(0, 3, spec_of(0, 4));
  submit(desk, 1, 2, 60, {});
  submit(desk, 2, 5, 60, {node(0)});
  EXPECT_EQ(desk.step(), (Texts{"start 1.1 on 0x2", "start 2.1 on 1x4 2"}));
}

TEST_P(Separation, of_a_waiting_job_is_given_as_its_reason) {
  desk.add_nodes(0, 1, spec_of(1));
  desk.add_nodes(1, 1, spec_of(2));
  submit(desk, 1, 1, 60, {owner(1)});
  desk.step();
  submit(desk, 2, 1, 60, {owner(1)});
  EXPECT_EQ(desk.step(), Texts{});
  const Explanation why = desk.explain(2);
  EXPECT_EQ(why.decisive, RejectCode::separation);
  EXPECT_EQ(why.nodes_suitable, 1U);
  EXPECT_EQ(why.slots_available, 0U);
  ASSERT_EQ(why.nodes.size(), 2U);
  EXPECT_EQ(why.nodes[0].code, RejectCode::cores_busy);
  EXPECT_EQ(why.nodes[1].code, RejectCode::kept_apart);
  const std::string text = to_text(why, desk.now);
  EXPECT_NE(text.find("belongs to fault domains that the job has to avoid"), std::string::npos);
  EXPECT_NE(text.find("hint: "), std::string::npos) << text;
  desk.at(10);
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 1"});
}

TEST_P(Separation, is_not_blamed_where_nothing_is_free_at_all) {
  desk.add_nodes(0, 1, spec_of(1));
  desk.add_nodes(1, 1, spec_of(2));
  submit(desk, 1, 2, 60, {});
  submit(desk, 2, 1, 60, {owner(1)});
  desk.step();
  EXPECT_EQ(desk.explain(2).decisive, RejectCode::cores_busy);
}

TEST_P(Separation, from_free_nodes_of_a_class_is_told_from_busy_ones) {
  desk.add_nodes(0, 2, spec_of(1));
  submit(desk, 1, 1, 60, {node(0)});
  desk.step();
  submit(desk, 2, 1, 60, {node(0)});
  desk.step();
  const Explanation why = desk.explain(2);
  EXPECT_EQ(why.decisive, RejectCode::separation);
  ASSERT_EQ(why.nodes.size(), 2U);
  EXPECT_EQ(why.nodes[0].code, RejectCode::kept_apart);
  EXPECT_EQ(why.nodes[1].code, RejectCode::separation);
}

TEST_P(Separation, that_leaves_no_nodes_is_told_from_a_cluster_that_is_too_small) {
  desk.add_nodes(0, 2, spec_of(1));
  desk.add_nodes(2, 1, spec_of(2));
  submit(desk, 1, 1, 60, {owner(1), owner(2)});
  submit(desk, 2, 2, 60, {owner(1)});
  submit(desk, 3, 2, 60, {node(0), node(1)});
  submit(desk, 4, 4, 60, {owner(1)});
  EXPECT_EQ(desk.step(), (Texts{"reject 1 too_few_domains", "reject 2 too_few_domains",
                                "reject 3 too_few_domains", "reject 4 cluster_too_small"}));
  EXPECT_FALSE(info(RejectCode::too_few_domains).hint.empty());
}

TEST_P(Separation, stays_with_a_job_that_changes_or_comes_back) {
  desk.add_nodes(0, 2, spec_of(1));
  desk.add_nodes(2, 2, spec_of(2));
  submit(desk, 1, 4, 60, {});
  submit(desk, 2, 1, 60, {owner(1)});
  desk.step();
  desk.change(2, 2, 60);
  desk.at(10);
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 2-3"});
  desk.end(2, 1, ReplicaEnd::node_failed);
  EXPECT_EQ(desk.step(), Texts{"start 2.2 on 2-3"});
  desk.end(2, 2, ReplicaEnd::node_failed);
  desk.change(2, 3, 60);
  EXPECT_EQ(desk.step(), Texts{"reject 2 too_few_domains"});
}

TEST_P(Separation, counts_nodes_that_come_later) {
  desk.add_nodes(0, 2, spec_of(1));
  submit(desk, 1, 2, 60, {});
  submit(desk, 2, 1, 60, {node(0), owner(7), node(4)});
  desk.step();
  desk.add_nodes(2, 2, spec_of(7));
  EXPECT_EQ(desk.step(), Texts{});
  desk.add_nodes(4, 3, spec_of(1));
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 5"});
}

TEST_P(Separation, asks_for_host_class_and_trust_by_the_request) {
  core::NodeSpec spec = spec_of(1);
  desk.add_nodes(0, 1, spec);
  spec.host_class = core::HostClassId{4};
  desk.add_nodes(1, 1, spec);
  spec.trust_bucket = 2;
  desk.add_nodes(2, 1, spec);
  core::Job job{.id = core::JobId{1}, .submit = desk.now, .time_limit = core::seconds(60)};
  job.request.min_trust = 2;
  desk.tell(JobSubmitted{job});
  job.id = core::JobId{2};
  desk.tell(JobSubmitted{job});
  job.id = core::JobId{3};
  job.request.min_trust = 0;
  job.request.host_class = core::HostClassId{4};
  desk.tell(JobSubmitted{job});
  job.id = core::JobId{4};
  job.request.host_class = core::HostClassId{5};
  desk.tell(JobSubmitted{job});
  Texts commands = desk.step();
  EXPECT_EQ(commands[0], "reject 4 cluster_too_small");
  EXPECT_EQ(commands[1], "start 1.1 on 2");
  const Explanation why = desk.explain(2);
  EXPECT_EQ(why.decisive, RejectCode::cores_busy);
  ASSERT_EQ(why.nodes.size(), 2U);
  EXPECT_EQ(why.nodes[1].code, RejectCode::too_little_trust);
  EXPECT_EQ(why.nodes[1].nodes, 2U);
}

INSTANTIATE_TEST_SUITE_P(policies, Separation, testing::Values("fcfs", "easy", "conservative"));

TEST(SeparationOnItsOwn, OfTheHeadIsReckonedWithInItsReservation) {
  Desk desk("easy");
  desk.add_nodes(0, 3, spec_of(0));
  submit(desk, 1, 1, 100, {});        // on node 0
  submit(desk, 2, 1, 200, {});        // on node 1
  submit(desk, 3, 2, 50, {node(0)});  // needs nodes 1 and 2, so waits until 200
  submit(desk, 4, 1, 150, {});        // node 2, over before 200
  submit(desk, 5, 1, 500, {});        // would keep one of them beyond 200
  EXPECT_EQ(desk.step(), (Texts{"start 1.1 on 0", "start 2.1 on 1", "start 4.1 on 2"}));
  EXPECT_EQ(desk.explain(3).start_estimate, core::at_seconds(200));
  desk.at(100);
  desk.end(1);
  // Node 0 is of no use to the head.
  EXPECT_EQ(desk.step(), Texts{"start 5.1 on 0"});
}

TEST(SeparationOnItsOwn, HoldsOneNodeMoreInAPlanByCountUntilTheStart) {
  Desk desk("conservative");
  desk.add_nodes(0, 3, spec_of(0));
  submit(desk, 1, 3, 100, {});
  submit(desk, 2, 1, 100, {node(0)});
  submit(desk, 3, 2, 100, {});
  EXPECT_EQ(desk.step(), Texts{"start 1.1 on 0-2"});
  // Job 2 has one node and one beside it from 100 on, so that two are not promised before 200.
  EXPECT_EQ(desk.explain(2).start_estimate, core::at_seconds(100));
  EXPECT_EQ(desk.explain(3).start_estimate, core::at_seconds(200));
  desk.at(100);
  desk.end(1);
  EXPECT_EQ(desk.step(), Texts{"start 2.1 on 1"});
  // The next end lets job 3 move to where the node beside was.
  desk.at(150);
  desk.end(2);
  EXPECT_EQ(desk.step(), Texts{"start 3.1 on 0-1"});
}

TEST(SeparationOnItsOwn, FromMoreDomainsThanAreKeptInMemoryWorks) {
  Desk desk("easy");
  for (std::uint32_t id = 0; id < 3000; ++id) desk.add_nodes(id, 1, spec_of(id));
  for (std::uint32_t id = 0; id < 3000; ++id) {
    submit(desk, id, 1, 60, {owner(id == 0 ? 2999 : id - 1), owner(id)});
  }
  // Each gets the lowest node that is free and not its own or the one before.
  const Texts commands = desk.step();
  ASSERT_EQ(commands.size(), 3000U);
  EXPECT_EQ(commands[0], "start 0.1 on 1");
  EXPECT_EQ(commands[1], "start 1.1 on 2");
  EXPECT_EQ(commands[2], "start 2.1 on 0");
  for (std::uint32_t id = 0; id < 3000; ++id) desk.end(id);
  for (std::uint32_t id = 3000; id < 6000; ++id) submit(desk, id, 1, 60, {owner(id - 3000)});
  EXPECT_EQ(desk.step().size(), 3000U);
}

}  // namespace
}  // namespace nexa::scheduler
