// Settlement: charges, rewards, fee, refund of one verdict, by hand.
#include <algorithm>

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

TEST(Settlement, moves_what_the_published_vector_moves) {
  // ledger.jsonl: of 6000 held 4000 are posted, 3900 go to node a, 100 are the fee.
  MoneyDesk desk;
  JobTerms terms = desk.terms(42, "work_unit:rate=2");
  terms.max_replicas = 1;
  terms.arbitration_reserve = 2000;
  desk.submit(terms);
  EXPECT_EQ(desk.can_spend("user:alice"), 994'000U);
  desk.assign(42, 1, 7);
  desk.settle(42, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid)}, 1));
  EXPECT_EQ(desk.has("user:alice"), 996'000U);
  EXPECT_EQ(desk.can_spend("user:alice"), 996'000U);
  EXPECT_EQ(desk.has("fee:platform"), 100U);
  EXPECT_EQ(desk.money.pending_rewards(NodeId(7)), 3900U);
  EXPECT_EQ(desk.has("node:7"), 0U) << "not before the dispute window is over";
  desk.expect_closed(42);
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:7"), 3900U);
  EXPECT_EQ(desk.has("escrow:42"), 0U);
  EXPECT_TRUE(desk.totals(42).resolved);
  desk.expect_sound();
}

TEST(Settlement, is_one_linked_group) {
  MoneyDesk desk;
  desk.submit(desk.terms(1));
  desk.assign(1, 1, 7);
  desk.assign(1, 2, 8);
  const std::size_t before = desk.bank.booked;
  desk.settle(1,
              MoneyDesk::verdict(
                  {MoneyDesk::report(1, Outcome::valid), MoneyDesk::report(2, Outcome::valid)}, 1));
  EXPECT_EQ(desk.bank.booked, before + 1);
  EXPECT_EQ(desk.bank.last.size(), 4U) << "post, two rewards, one fee";
  for (const Transfer& transfer : desk.bank.last) {
    EXPECT_EQ(transfer.linked, transfer.id != desk.bank.last.back().id);
  }
}

/// What a replica of each outcome costs the requester, of a price of 10 a second for 100 seconds.
struct MatrixRow {
  Outcome outcome;
  Amount charged;
};

class RefundMatrix : public testing::TestWithParam<MatrixRow> {};

TEST_P(RefundMatrix, charges_pays_and_refunds_as_documented) {
  MoneyDesk desk;
  JobTerms terms = desk.terms(1);
  terms.refunds = {.late = 2500, .not_needed = 5000, .inconclusive = 1000};
  desk.submit(terms);
  desk.assign(1, 1, 7);
  ReplicaReport report = MoneyDesk::report(1, GetParam().outcome, 100);
  report.progress = 300'000;
  desk.settle(1, MoneyDesk::verdict({report}));
  const JobTotals sums = desk.totals(1);
  const Amount charged = GetParam().charged;
  EXPECT_EQ(sums.fee, charged / 40);
  EXPECT_EQ(sums.reward, charged - charged / 40);
  EXPECT_EQ(sums.refund, 4000 - charged);
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000 - charged);
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:7"), sums.reward);
  EXPECT_TRUE(desk.totals(1).resolved);
  desk.expect_closed(1);
  desk.expect_sound();
}

INSTANTIATE_TEST_SUITE_P(
    rows, RefundMatrix,
    testing::Values(MatrixRow{Outcome::valid, 1000}, MatrixRow{Outcome::invalid, 0},
                    MatrixRow{Outcome::inconclusive, 100}, MatrixRow{Outcome::user_error, 1000},
                    MatrixRow{Outcome::node_error, 0}, MatrixRow{Outcome::no_reply, 0},
                    MatrixRow{Outcome::late, 250}, MatrixRow{Outcome::preempted, 300},
                    MatrixRow{Outcome::not_needed, 500}, MatrixRow{Outcome::cancelled, 1000}),
    [](const auto& test) { return std::string(name(test.param.outcome)); });

TEST(RefundMatrix, has_a_row_for_each_outcome_in_order) {
  for (std::size_t i = 0; i < outcome_count; ++i) {
    EXPECT_EQ(refund_matrix[i].outcome, static_cast<Outcome>(i));
    EXPECT_FALSE(refund_matrix[i].why.empty());
  }
}

TEST(Settlement, Vg_pays_nothing_for_what_is_invalid_failed_or_late_unless_agreed) {
  MoneyDesk desk;
  JobTerms terms = desk.terms(1);
  terms.max_replicas = 5;
  desk.submit(terms);
  const std::vector<Outcome> unpaid{Outcome::invalid, Outcome::node_error, Outcome::no_reply,
                                    Outcome::late, Outcome::inconclusive};
  std::vector<ReplicaReport> reports;
  for (std::uint32_t i = 1; i <= unpaid.size(); ++i) {
    desk.assign(1, i, i);
    reports.push_back(MoneyDesk::report(i, unpaid[i - 1]));
  }
  desk.settle(1, MoneyDesk::verdict(reports));
  EXPECT_EQ(desk.totals(1).reward, 0U);
  EXPECT_EQ(desk.totals(1).refund, 10'000U);
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U);
}

TEST(Settlement, L15_the_remainder_of_the_fee_is_the_nodes) {
  for (std::uint32_t fee : {0U, 1U, 250U, 333U, 9'999U, 10'000U}) {
    for (std::int64_t elapsed = 1; elapsed <= 40; elapsed += 13) {
      MoneyDesk desk;
      JobTerms terms = desk.terms(1, "posted_stream:rate=1");
      terms.fee = fee;
      desk.submit(terms);
      desk.assign(1, 1, 7);
      desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid, elapsed)}, 1));
      const auto charge = static_cast<Amount>(elapsed);
      EXPECT_EQ(desk.totals(1).fee, charge * fee / 10'000);
      EXPECT_EQ(desk.totals(1).reward, charge - charge * fee / 10'000);
      desk.expect_closed(1);
    }
  }
}

TEST(Settlement, never_charges_more_than_is_held) {
  MoneyDesk desk;
  desk.submit(desk.terms(1));
  desk.assign(1, 1, 7);
  desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid, 100'000)}, 1));
  EXPECT_EQ(desk.totals(1).reward + desk.totals(1).fee, 2000U) << "the price at the limit";
}

TEST(Settlement, does_not_depend_on_the_order_of_reports) {
  std::vector<ReplicaReport> reports{MoneyDesk::report(1, Outcome::valid, 50),
                                     MoneyDesk::report(2, Outcome::user_error, 60),
                                     MoneyDesk::report(3, Outcome::valid, 70)};
  std::vector<std::uint64_t> hashes;
  do {
    MoneyDesk desk;
    JobTerms terms = desk.terms(1);
    terms.max_replicas = 3;
    desk.submit(terms);
    for (std::uint32_t i = 1; i <= 3; ++i) desk.assign(1, i, i + 10);
    desk.settle(1, MoneyDesk::verdict(reports, 1));
    hashes.push_back(state_hash(desk.ledger));
  } while (std::next_permutation(reports.begin(), reports.end(), [](const auto& a, const auto& b) {
    return a.replica < b.replica;
  }));
  EXPECT_EQ(hashes.size(), 6U);
  EXPECT_EQ(std::count(hashes.begin(), hashes.end(), hashes.front()), 6);
}

TEST(Settlement, is_booked_once_however_often_it_is_reported) {
  MoneyDesk desk;
  desk.submit(desk.terms(1));
  desk.assign(1, 1, 7);
  const Verdict verdict = MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid)}, 1);
  desk.settle(1, verdict);
  const std::size_t booked = desk.bank.booked;
  desk.settle(1, verdict);
  EXPECT_EQ(desk.bank.booked, booked);
  Verdict other = verdict;
  other.reports[0].outcome = Outcome::invalid;
  other.canonical.reset();
  desk.refused(desk.money.settle(JobId(1), other, desk.now), ErrorCode::conflict, "has a verdict");
  desk.expect_sound();
}

TEST(Settlement, refuses_reports_that_do_not_fit_the_job) {
  MoneyDesk desk;
  desk.submit(desk.terms(1));
  desk.assign(1, 1, 7);
  const auto refuses = [&](const Verdict& verdict, std::string_view says) {
    desk.refused(desk.money.settle(JobId(1), verdict, desk.now), ErrorCode::invalid_argument, says);
  };
  const ReplicaReport good = MoneyDesk::report(1, Outcome::valid);
  refuses(MoneyDesk::verdict({MoneyDesk::report(2, Outcome::valid)}),
          "no replica that was assigned");
  refuses(MoneyDesk::verdict({good, good}), "comes twice");
  refuses(MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid, -1)}), "negative usage");
  refuses(MoneyDesk::verdict({MoneyDesk::report(1, Outcome::late)}, 1), "not among the valid");
  refuses(MoneyDesk::verdict({good}, 2), "not among the valid");
  desk.refused(desk.money.settle(JobId(9), {}, desk.now), ErrorCode::not_found, "job 9");
  EXPECT_FALSE(desk.money.find(JobId(1))->verdict.has_value());
}

TEST(Settlement, keeps_back_what_open_replicas_may_cost) {
  MoneyDesk desk;
  JobTerms terms = desk.terms(1);
  terms.max_replicas = 4;
  desk.submit(terms);
  for (std::uint32_t i = 1; i <= 3; ++i) desk.assign(1, i, i + 6);
  desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid, 100)}, 1));
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U - 1000U - 2 * 2000U);
  EXPECT_FALSE(desk.totals(1).resolved);
  const ReplicaReport second = MoneyDesk::report(2, Outcome::not_needed, 20);
  MoneyDesk::ok(desk.money.finish(JobId(1), second, desk.now));
  MoneyDesk::ok(desk.money.finish(JobId(1), second, desk.now));
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U - 1000U - 200U - 2000U);
  MoneyDesk::ok(desk.money.finish(JobId(1), MoneyDesk::report(3, Outcome::late, 90), desk.now));
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U - 1200U);
  desk.refused(desk.money.finish(JobId(1), MoneyDesk::report(3, Outcome::valid), desk.now),
               ErrorCode::conflict, "was reported as late");
  desk.expect_closed(1);
  desk.wait(seconds(3600));
  EXPECT_TRUE(desk.totals(1).resolved);
  EXPECT_EQ(desk.has("node:7") + desk.has("node:8") + desk.has("fee:platform"), 1200U);
  desk.expect_sound();
}

TEST(Settlement, pays_a_bounty_for_the_canonical_result_with_the_reward) {
  MoneyDesk desk;
  const AccountId pot = desk.account("bounty:1");
  const AccountId friends = desk.account("bounty:friends");
  desk.grant(pot, 300);
  desk.grant(friends, 40);
  JobTerms terms = desk.terms(1);
  terms.bounties = {{pot, 300}, {friends, 40}};
  desk.submit(terms);
  desk.assign(1, 1, 7);
  desk.assign(1, 2, 8);
  const std::size_t before = desk.bank.booked;
  desk.settle(1,
              MoneyDesk::verdict(
                  {MoneyDesk::report(1, Outcome::valid), MoneyDesk::report(2, Outcome::valid)}, 2));
  EXPECT_EQ(desk.bank.booked, before + 1) << "in the same group";
  EXPECT_EQ(desk.money.pending_rewards(NodeId(7)), 1950U);
  EXPECT_EQ(desk.money.pending_rewards(NodeId(8)), 1950U + 340U) << "without a fee";
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:8"), 2290U);
  EXPECT_EQ(desk.totals(1).bounty_paid, 340U);
  EXPECT_TRUE(desk.totals(1).resolved);
  desk.expect_closed(1);
}

TEST(Settlement, returns_a_bounty_that_nobody_has_won) {
  MoneyDesk desk;
  const AccountId pot = desk.account("bounty:1");
  desk.grant(pot, 300);
  JobTerms terms = desk.terms(1);
  terms.bounties = {{pot, 300}};
  desk.submit(terms);
  desk.assign(1, 1, 7);
  desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::inconclusive)}));
  EXPECT_EQ(desk.can_spend("bounty:1"), 300U);
  EXPECT_EQ(desk.totals(1).bounty_returned, 300U);
  EXPECT_TRUE(desk.totals(1).resolved);
}

TEST(Settlement, books_arbitration_on_its_account_and_pays_the_arbiter) {
  MoneyDesk desk;
  JobTerms terms = desk.terms(1);
  terms.arbitration_reserve = 700;
  desk.submit(terms);
  desk.assign(1, 1, 7);
  Verdict verdict = MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid, 100)}, 1);
  verdict.arbitrations = {{.cost = 600, .arbiter = NodeId(99)}};
  desk.settle(1, verdict);
  EXPECT_EQ(desk.totals(1).arbitration, 600U);
  EXPECT_EQ(desk.has("node:99"), 600U);
  EXPECT_EQ(desk.has("arb:cost"), 0U);
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U - 1600U);
  desk.expect_closed(1);

  terms = desk.terms(2);
  terms.arbitration_reserve = 700;
  desk.submit(terms);
  desk.assign(2, 1, 7);
  verdict.arbitrations = {{.cost = 5000, .arbiter = {}}};
  desk.settle(2, verdict);
  EXPECT_EQ(desk.totals(2).arbitration, 700U) << "the reserve is the most that a requester pays";
  EXPECT_EQ(desk.has("arb:cost"), 700U);
  desk.expect_closed(2);
}

TEST(Settlement, explains_each_payment_by_its_factors) {
  MoneyDesk desk;
  JobTerms terms =
      desk.terms(1, "linear:per_second=2.5,per_core_second=0,per_gpu_second=0,fixed=7");
  terms.reward = make_reward_policy("quality_weighted:floor=5000,cap=10000").value();
  desk.submit(terms);
  desk.assign(1, 1, 7);
  ReplicaReport report = MoneyDesk::report(1, Outcome::valid, 101);
  report.quality = 8000;
  desk.settle(1, MoneyDesk::verdict({report}, 1));
  const Payment* const why = desk.payments.last(Reason::reward);
  ASSERT_NE(why, nullptr);
  EXPECT_EQ(why->policy, "quality_weighted");
  EXPECT_EQ(why->node, NodeId(7));
  // 2.5 x 101 + 7 = 259 (rounded down), x 0.9 = 233, fee 5.825 -> 5, reward 228.
  const std::vector<Factor> expected{
      {"elapsed", 101'000'000, "millionths of a second"},
      {"coefficient", 2'500'000, "millionths of a micro-credit per second"},
      {"fixed", 7, "micro-credits"},
      {"price", 259, "micro-credits"},
      {"quality", 8000, "basis points"},
      {"weight", 9000, "basis points of the price"},
      {"charge", 233, "micro-credits"},
      {"fee rate", 250, "basis points"},
      {"fee, rounded down", 5, "micro-credits"}};
  EXPECT_EQ(why->factors, expected);
  EXPECT_EQ(why->amount, 228U);
  EXPECT_EQ(desk.payments.last(Reason::fee)->amount, 5U);
  const auto known = desk.ledger.find(why->id);
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->transfer.amount, why->amount) << "it is the transfer of that id";
}

TEST(Settlement, A20_inflated_usage_gains_less_than_a_twentieth_with_the_median_of_peers) {
  const auto paid_to_the_liar = [](std::string_view reward) {
    MoneyDesk desk;
    JobTerms terms = desk.terms(1);
    terms.reward = make_reward_policy(reward).value();
    terms.max_replicas = 3;
    desk.submit(terms);
    for (std::uint32_t i = 1; i <= 3; ++i) desk.assign(1, i, i);
    desk.settle(1, MoneyDesk::verdict({MoneyDesk::report(1, Outcome::valid, 100),
                                       MoneyDesk::report(2, Outcome::valid, 150),
                                       MoneyDesk::report(3, Outcome::valid, 102)},
                                      1));
    return desk.money.pending_rewards(NodeId(2));
  };
  EXPECT_EQ(paid_to_the_liar("as_priced"), 1463U) << "without the defence it pays";
  EXPECT_EQ(paid_to_the_liar("peer_median"), 995U);
}

}  // namespace
}  // namespace nexa::ledger
