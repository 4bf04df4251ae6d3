// What a report says of redundancy and money.
#include "io/report_trust.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "io/report.hpp"
#include "io/report_column.hpp"
#include "io/report_trust_json.hpp"

namespace nexa::io {
namespace {

using report::column;

ReportTrust trust() {
  ReportTrust trust;
  trust.jobs = 10;
  trust.wrong = 1;
  trust.wrong_at_first = 2;
  trust.without_result = 3;
  trust.copies_per_job = 2.5;
  trust.copies_per_job_steady = 2.25;
  trust.honest_identities = 4;
  trust.honest_convicted = 5;
  trust.undetected = 6;
  trust.time_s = {0, 10, 20};
  trust.copies = {3, 2.5, 2};
  trust.wrong_at_first_share = {0.5, 0.25, 0};
  trust.wrong_at_end_share = {0.25, 0, 0};
  trust.reputation_at_s = {5, 15};
  trust.reputation_honest = {0.5, 0.75};
  trust.reputation_hostile = {0.5, 0.25};
  trust.behaviours = {{.name = "colluder",
                       .intent = core::Intent::hostile,
                       .nodes = 1,
                       .identities = 2,
                       .convicted = 3,
                       .valid = 4,
                       .invalid = 5,
                       .failed = 6}};
  return trust;
}

ReportMoney money() {
  ReportMoney money;
  money.cost_per_valid_result = core::Credits::from_micro(1'250'000);
  money.gini = 0.5;
  money.earners = {{.name = "lazy",
                    .intent = core::Intent::hostile,
                    .nodes = 2,
                    .earned = core::Credits::whole(100),
                    .computing = core::Credits::whole(1),
                    .idling = core::Credits::whole(20),
                    .slashed = core::Credits::whole(300),
                    .fees = core::Credits::whole(4)}};
  money.flows = {{"users", "lazy", core::Credits::whole(100)}};
  return money;
}

TEST(ReportOfTrust, SaysWhatWasFoundAndWhen) {
  const nlohmann::json json = trust_json(trust());
  EXPECT_EQ(json["jobs"], 10);
  EXPECT_EQ(json["wrong"], 1);
  EXPECT_EQ(json["wrong_at_first"], 2);
  EXPECT_EQ(json["without_result"], 3);
  EXPECT_EQ(json["copies_per_job"], 2.5);
  EXPECT_EQ(json["copies_per_job_steady"], 2.25);
  EXPECT_EQ(json["honest_identities"], 4);
  EXPECT_EQ(json["honest_convicted"], 5);
  EXPECT_EQ(json["undetected"], 6);
  EXPECT_EQ(json["time_s"], column<double>(trust().time_s));
  EXPECT_EQ(json["copies"], column<float>(trust().copies));
  EXPECT_EQ(json["wrong_at_first_share"], column<float>(trust().wrong_at_first_share));
  EXPECT_EQ(json["wrong_at_end_share"], column<float>(trust().wrong_at_end_share));
  EXPECT_EQ(json["reputation_at_s"], column<double>(trust().reputation_at_s));
  EXPECT_EQ(json["reputation_honest"], column<float>(trust().reputation_honest));
  EXPECT_EQ(json["reputation_hostile"], column<float>(trust().reputation_hostile));
  EXPECT_EQ(json["behaviours"], nlohmann::json::parse(R"([{"name": "colluder",
      "intent": "hostile", "nodes": 1, "identities": 2, "convicted": 3, "valid": 4, "invalid": 5,
      "failed": 6}])"));
}

TEST(ReportOfMoney, SaysWhoMadeWhatAndWhoPaidWhom) {
  const nlohmann::json json = money_json(money());
  EXPECT_EQ(json, nlohmann::json::parse(R"({"cost_per_valid_result": 1.25, "gini": 0.5,
      "earners": [{"name": "lazy", "intent": "hostile", "nodes": 2, "earned": 100.0,
                   "computing": 1.0, "idling": 20.0, "slashed": 300.0, "fees": 4.0,
                   "profit": -225.0}],
      "flows": [{"from": "users", "to": "lazy", "amount": 100.0}]})"));
}

TEST(ReportOfTrust, IsThereOnlyOfRunsThatHaveIt) {
  const std::string plain = render_report(ReportData{}).value();
  EXPECT_EQ(plain.find("\"trust\":"), std::string::npos);
  EXPECT_EQ(plain.find("\"money\":"), std::string::npos);
  EXPECT_EQ(plain.find("\"fate\":"), std::string::npos);
  ReportData data;
  data.trust = trust();
  data.money = money();
  const std::string page = render_report(data).value();
  EXPECT_NE(page.find("\"trust\":{\"jobs\":10"), std::string::npos);
  EXPECT_NE(page.find("\"money\":{\"cost_per_valid_result\":1.25"), std::string::npos);
}

TEST(ReportOfTrust, RefusesColumnsOfDifferentLengths) {
  const auto refused = [](std::vector<double> ReportTrust::*column) {
    ReportData data;
    data.trust = trust();
    ((*data.trust).*column).push_back(1);
    const auto page = render_report(data);
    return !page && page.error().code == core::ErrorCode::invalid_argument;
  };
  EXPECT_TRUE(refused(&ReportTrust::time_s));
  EXPECT_TRUE(refused(&ReportTrust::copies));
  EXPECT_TRUE(refused(&ReportTrust::wrong_at_end_share));
  EXPECT_TRUE(refused(&ReportTrust::wrong_at_first_share));
  EXPECT_TRUE(refused(&ReportTrust::reputation_honest));
  EXPECT_TRUE(refused(&ReportTrust::reputation_hostile));
  ReportData data;
  data.trust = trust();
  data.trust->reputation_hostile.clear();
  EXPECT_TRUE(render_report(data)) << "no node is hostile";
}

TEST(ReportOfTrust, RefusesReplicasOfSomeBarsOnly) {
  ReportData data;
  data.tiers = {{"cpu", 4}};
  data.load.busy_cores = {{}};
  data.lanes = {{"desk", 0, 4}};
  data.bars = {.lane = {0, 0},
               .job = {1, 1},
               .cores = {1, 1},
               .start_s = {0, 0},
               .end_s = {1, 1},
               .wait_s = {0, 0},
               .state = {core::JobState::completed, core::JobState::completed},
               .replica = {1, 2},
               .fate = {BarFate::valid, BarFate::invalid}};
  ASSERT_TRUE(render_report(data));
  data.bars.fate.pop_back();
  EXPECT_EQ(render_report(data).error().message, "report: bars.fate has 1 entries, expected 2");
  data.bars.replica.pop_back();
  EXPECT_EQ(render_report(data).error().message, "report: bars.replica has 1 entries, expected 2");
}

}  // namespace
}  // namespace nexa::io
