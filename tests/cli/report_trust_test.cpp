#include "cli/report_trust.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace nexa::cli {
namespace {

using simulator::ReplicaFate;
using simulator::TrustSeries;

/// `jobs` jobs, one every second.
core::Workload workload(std::uint32_t jobs) {
  core::Workload workload;
  for (std::uint32_t i = 0; i < jobs; ++i) {
    core::WorkloadJob job;
    job.submit = core::at_seconds(i);
    workload.jobs.push_back(job);
  }
  return workload;
}

simulator::BehaviourFigures behaviour(const char* name, core::Intent intent) {
  simulator::BehaviourFigures figures{.name = name, .intent = intent, .nodes = 3};
  figures.identities = 4;
  figures.convicted = 2;
  for (std::size_t fate = 0; fate < simulator::replica_fates; ++fate) {
    figures.replicas[fate] = std::uint64_t{1} << fate;
  }
  return figures;
}

TEST(TrustOfAReport, DividesTheCountsOfEachPartByItsVerdicts) {
  TrustSeries series;
  for (std::size_t part = 0; part < TrustSeries::buckets; ++part) {
    series.verdicts[part] = 4;
    series.replicas[part] = 4 + part;
  }
  series.wrong[3] = 2;
  series.wrong_at_end[3] = 1;
  series.verdicts[50] = 0;
  const io::ReportTrust trust = report_trust({}, series, workload(1000));
  ASSERT_EQ(trust.time_s.size(), TrustSeries::buckets - 1) << "a part without verdicts is left out";
  EXPECT_EQ(trust.time_s[3], 30);
  EXPECT_EQ(trust.time_s[49], 490);
  EXPECT_EQ(trust.time_s[50], 510);
  EXPECT_EQ(trust.copies[0], 1);
  EXPECT_EQ(trust.copies[4], 2);
  EXPECT_EQ(trust.wrong_at_first_share[3], 0.5);
  EXPECT_EQ(trust.wrong_at_end_share[3], 0.25);
}

TEST(TrustOfAReport, BeginsAPartWithItsFirstJob) {
  TrustSeries series;
  series.verdicts.fill(1);
  // As the collector deals them: job * 100 / jobs.
  constexpr std::uint32_t jobs = 250;
  const io::ReportTrust trust = report_trust({}, series, workload(jobs));
  for (std::size_t part = 0; part < TrustSeries::buckets; ++part) {
    std::uint32_t first = 0;
    while (first * TrustSeries::buckets / jobs < part) ++first;
    EXPECT_EQ(trust.time_s[part], first) << part;
  }
}

TEST(TrustOfAReport, KnowsHostileReputationOnlyWhereNodesAreHostile) {
  TrustSeries series;
  series.reputation_at_s = {1, 2};
  series.reputation_honest = {0.5, 0.75};
  series.reputation_hostile = {0.25, 0.125};
  simulator::ValidationFigures figures;
  figures.behaviours = {behaviour("honest", core::Intent::honest),
                        behaviour("sdc", core::Intent::faulty)};
  EXPECT_TRUE(report_trust(figures, series, workload(10)).reputation_hostile.empty());
  figures.behaviours.push_back(behaviour("colluder", core::Intent::hostile));
  const io::ReportTrust trust = report_trust(figures, series, workload(10));
  EXPECT_EQ(trust.reputation_hostile, series.reputation_hostile);
  EXPECT_EQ(trust.reputation_honest, series.reputation_honest);
}

TEST(TrustOfAReport, SumsUpWhatReplicasCameTo) {
  simulator::ValidationFigures figures;
  figures.jobs_accepted = 7;
  figures.jobs_without_result = 2;
  figures.behaviours = {behaviour("colluder", core::Intent::hostile)};
  const io::ReportTrust trust = report_trust(figures, {}, workload(10));
  EXPECT_EQ(trust.jobs, 9U);
  ASSERT_EQ(trust.behaviours.size(), 1U);
  const io::ReportBehaviour& colluder = trust.behaviours[0];
  const auto bit = [](ReplicaFate fate) { return std::uint64_t{1} << static_cast<unsigned>(fate); };
  EXPECT_EQ(colluder.valid, bit(ReplicaFate::valid));
  EXPECT_EQ(colluder.invalid, bit(ReplicaFate::invalid));
  EXPECT_EQ(colluder.failed,
            bit(ReplicaFate::error) + bit(ReplicaFate::no_reply) + bit(ReplicaFate::too_late));
  EXPECT_EQ(colluder.identities, 4U);
  EXPECT_EQ(colluder.convicted, 2U);
}

TEST(MoneyOfAReport, TurnsFlowsThatCameBackRound) {
  simulator::CreditFigures figures;
  figures.gini = 0.5;
  figures.behaviours = {{.name = "lazy",
                         .nodes = 2,
                         .earned = core::Credits::whole(10),
                         .withheld = core::Credits::whole(3),
                         .slashed = core::Credits::whole(20),
                         .fees = core::Credits::whole(1),
                         .computing = core::Credits::whole(2),
                         .idling = core::Credits::whole(4)}};
  figures.flows = {{"users", "honest", core::Credits::whole(5)},
                   {"users", "lazy", core::Credits::whole(-7)},
                   {"users", "arbitration", core::Credits{}}};
  const io::ReportMoney money = report_money(figures);
  ASSERT_EQ(money.flows.size(), 2U);
  EXPECT_EQ(money.flows[0].from, "users");
  EXPECT_EQ(money.flows[1].from, "lazy");
  EXPECT_EQ(money.flows[1].to, "users");
  EXPECT_EQ(money.flows[1].amount, core::Credits::whole(7));
  ASSERT_EQ(money.earners.size(), 1U);
  EXPECT_EQ(money.earners[0].profit(), core::Credits::whole(10 - 20 - 1 - 2 - 4));
  EXPECT_EQ(money.earners[0].profit(), figures.behaviours[0].profit());
}

}  // namespace
}  // namespace nexa::cli
