// Rewards that vest by the validator's word.
#include "tests/ledger/money_desk.hpp"

namespace nexa::ledger {
namespace {

using core::ErrorCode;
using core::JobId;
using core::NodeId;
using core::ReplicaId;
using test::MoneyDesk;
using test::seconds;
using Outcome = ReplicaOutcome;

/// Jobs of two replicas on nodes 7 and 8 whose rewards of 975 wait for a word and a window of an
/// hour.
struct WordDesk : MoneyDesk {
  [[nodiscard]] JobTerms by_word(std::uint32_t job, std::int64_t longest_s = 0) const {
    JobTerms terms = this->terms(job);
    terms.vesting.by_word = true;
    terms.vesting.longest = seconds(longest_s);
    return terms;
  }
  void run(const JobTerms& terms) {
    submit(terms);
    const std::uint32_t job = terms.about.job.value;
    assign(job, 1, 7);
    assign(job, 2, 8);
    settle(job, both_valid());
  }
  [[nodiscard]] static Verdict both_valid() {
    return verdict({report(1, Outcome::valid, 100), report(2, Outcome::valid, 100)}, 1);
  }
  void vest(std::uint32_t job, std::uint32_t replica) {
    ok(money.vest(JobId(job), ReplicaId(replica), now));
  }
};

TEST(VestByWord, waits_for_the_word_and_for_the_window) {
  WordDesk desk;
  desk.run(desk.by_word(1));
  desk.vest(1, 1);
  desk.wait(seconds(3599));
  EXPECT_EQ(desk.has("node:7"), 0U) << "the window is open";
  EXPECT_EQ(desk.money.next_event(), desk.now + seconds(1));
  desk.wait(seconds(1));
  EXPECT_EQ(desk.has("node:7"), 975U);
  EXPECT_EQ(desk.has("node:8"), 0U) << "no word";
  EXPECT_EQ(desk.money.next_event(), core::never) << "nothing happens by itself";
  desk.wait(seconds(100'000'000));
  EXPECT_EQ(desk.has("node:8"), 0U);
  EXPECT_FALSE(desk.totals(1).resolved);
  desk.vest(1, 2);
  EXPECT_EQ(desk.money.next_event(), core::Time{}) << "at once";
  desk.wait(seconds(0));
  EXPECT_EQ(desk.has("node:8"), 975U);
  EXPECT_TRUE(desk.totals(1).resolved);
  desk.expect_closed(1);
  desk.expect_sound();
}

TEST(VestByWord, may_come_before_the_verdict_or_the_report) {
  WordDesk desk;
  desk.submit(desk.by_word(1));
  desk.assign(1, 1, 7);
  desk.assign(1, 2, 8);
  desk.vest(1, 1);
  desk.vest(1, 2);
  desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid, 100)}, 1));
  MoneyDesk::ok(desk.money.finish(JobId(1), MoneyDesk::report(2, Outcome::valid, 100), desk.now));
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:7"), 975U);
  EXPECT_EQ(desk.has("node:8"), 975U);
  EXPECT_TRUE(desk.totals(1).resolved);
}

TEST(VestByWord, is_heard_once_and_only_about_what_is_known) {
  WordDesk desk;
  desk.run(desk.by_word(1));
  const std::size_t booked = desk.bank.booked;
  desk.vest(1, 1);
  desk.vest(1, 1);
  EXPECT_EQ(desk.bank.booked, booked) << "a word moves nothing";
  desk.refused(desk.money.vest(JobId(2), ReplicaId(1), desk.now), ErrorCode::not_found, "job 2");
  desk.refused(desk.money.vest(JobId(1), ReplicaId(3), desk.now), ErrorCode::not_found,
               "replica 3 of job 1");
  desk.wait(seconds(3600));
  desk.vest(1, 1);
  desk.wait(seconds(0));
  EXPECT_EQ(desk.has("node:7"), 975U);
}

TEST(VestByWord, has_a_latest_time_if_it_is_agreed_on) {
  WordDesk desk;
  desk.run(desk.by_word(1, 10'000));
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.money.next_event(), desk.now + seconds(6400));
  desk.wait(seconds(6400));
  EXPECT_EQ(desk.has("node:7") + desk.has("node:8"), 2 * 975U);
  EXPECT_TRUE(desk.totals(1).resolved);
}

TEST(VestByWord, means_nothing_for_other_jobs) {
  WordDesk desk;
  desk.run(desk.terms(1));
  desk.vest(1, 1);
  desk.wait(seconds(3599));
  EXPECT_EQ(desk.has("node:7"), 0U);
  desk.wait(seconds(1));
  EXPECT_EQ(desk.has("node:7") + desk.has("node:8"), 2 * 975U);
}

TEST(VestByWord, frees_the_bounties_with_the_winner) {
  WordDesk desk;
  const AccountId pot = desk.account("bounty:1");
  desk.grant(pot, 300);
  for (const std::uint32_t job : {1U, 2U}) {
    JobTerms terms = desk.by_word(job);
    terms.bounties = {{pot, 100}, {pot, 50}};
    if (job == 1) {
      desk.run(terms);
      desk.vest(1, 2);
      desk.wait(seconds(3600));
      EXPECT_EQ(desk.has("node:7") + desk.has("node:8"), 975U) << "the other replica's word";
      desk.vest(1, 1);
    } else {
      desk.submit(terms);
      desk.assign(2, 1, 7);
      desk.vest(2, 1);
      desk.settle(2, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid, 100)}, 1));
      desk.wait(seconds(3600));
    }
    desk.wait(seconds(0));
    EXPECT_EQ(desk.has("node:7"), job * (975U + 150U));
    EXPECT_TRUE(desk.totals(job).resolved);
  }
  desk.expect_sound();
}

TEST(VestByWord, holds_for_what_a_revised_verdict_pays) {
  WordDesk desk;
  JobTerms terms = desk.by_word(1);
  desk.grant(desk.account("bounty:1"), 100);
  terms.bounties = {{desk.account("bounty:1"), 100}};
  terms.max_replicas = 3;
  desk.submit(terms);
  desk.assign(1, 1, 7);
  desk.assign(1, 2, 7);
  desk.assign(1, 3, 8);
  const auto verdict = [](Outcome first, Outcome second, std::uint32_t canonical) {
    return MoneyDesk::verdict({MoneyDesk::report(1, first, 100), MoneyDesk::report(2, second, 100),
                               MoneyDesk::report(3, Outcome::invalid, 100)},
                              canonical);
  };
  desk.settle(1, verdict(Outcome::valid, Outcome::invalid, 1));
  // The word for the replica that turns out to be right comes first, and its node keeps the bounty.
  desk.vest(1, 2);
  MoneyDesk::ok(
      desk.money.revise(JobId(1), verdict(Outcome::invalid, Outcome::valid, 2), desk.now));
  EXPECT_EQ(desk.money.pending_rewards(NodeId(7)), 975U + 100U);
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:7"), 975U + 100U);
  EXPECT_TRUE(desk.totals(1).resolved);
  desk.expect_closed(1);
  desk.expect_sound();
}

TEST(VestByWord, does_not_protect_from_a_conviction_or_a_dispute) {
  WordDesk desk;
  desk.run(desk.by_word(1));
  desk.vest(1, 1);
  desk.vest(1, 2);
  desk.now += seconds(3000);
  MoneyDesk::ok(desk.money.dispute(JobId(1), desk.alice, desk.now));
  MoneyDesk::ok(desk.money.convict(NodeId(7), JobId(1), ReplicaId(1), 0, desk.now));
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:7") + desk.has("node:8"), 0U);
  desk.wait(seconds(std::int64_t{7} * 86'400));
  EXPECT_EQ(desk.has("node:7"), 0U);
  EXPECT_EQ(desk.has("node:8"), 975U);
  EXPECT_TRUE(desk.totals(1).resolved);
}

TEST(VestByWord, is_not_combined_with_later_results) {
  WordDesk desk;
  JobTerms terms = desk.by_word(1);
  terms.vesting.vest_jobs = 2;
  desk.refused(desk.money.submit(terms, desk.now), ErrorCode::invalid_argument,
               "2 further results");
}

}  // namespace
}  // namespace nexa::ledger
