// What trusted copies cost, and who pays for them: before the verdict and after it.
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

/// A job of two replicas on nodes 7 and 8 with a reserve of 1000.
struct ArbitrationDesk : MoneyDesk {
  ArbitrationDesk() {
    JobTerms terms = this->terms(1);
    terms.arbitration_reserve = 1000;
    submit(terms);
    assign(1, 1, 7);
    assign(1, 2, 8);
  }
  /// Node 8 loses this much of its stake.
  void slash(Amount amount) {
    ok(money.stake(NodeId(8), alice, amount, 1, now));
    ok(money.convict(NodeId(8), JobId(1), ReplicaId(2), basis_points, now));
  }
  void settle_with(std::vector<Arbitration> arbitrations) {
    Verdict decided =
        verdict({report(1, Outcome::valid, 100), report(2, Outcome::invalid, 100)}, 1);
    decided.arbitrations = std::move(arbitrations);
    settle(1, decided);
  }
  /// Of the job's payments with this reason, to a node.
  Amount told(std::uint32_t to) {
    Amount sum = 0;
    for (const Payment& each : payments.list) {
      if (each.reason != Reason::arbitration || each.node != NodeId(to)) continue;
      sum += each.amount;
      const auto known = ledger.find(each.id);
      EXPECT_TRUE(known.has_value() && known->status == Status::booked);
    }
    return sum;
  }
};

TEST(Arbitrations, are_paid_to_each_arbiter) {
  ArbitrationDesk desk;
  desk.settle_with({{.cost = 300, .arbiter = NodeId(90)},
                    {.cost = 250, .arbiter = NodeId(91)},
                    {.cost = 100, .arbiter = NodeId(90)},
                    {.cost = 0, .arbiter = NodeId(92)},
                    {.cost = 40, .arbiter = {}}});
  EXPECT_EQ(desk.has("node:90"), 400U);
  EXPECT_EQ(desk.has("node:91"), 250U);
  EXPECT_EQ(desk.has("node:92"), 0U);
  EXPECT_EQ(desk.has("arb:cost"), 40U);
  EXPECT_EQ(desk.totals(1).arbitration, 690U);
  for (const std::uint32_t node : {90U, 91U}) {
    EXPECT_EQ(desk.told(node), desk.has("node:" + std::to_string(node)));
  }
  EXPECT_EQ(desk.told(0), 40U);
  desk.expect_closed(1);
  desk.expect_sound();
}

TEST(Arbitrations, take_slashed_stakes_first_and_then_the_reserve_in_order) {
  ArbitrationDesk desk;
  desk.slash(500);
  const Amount before = desk.can_spend("user:alice");
  desk.settle_with({{.cost = 400, .arbiter = NodeId(90)},
                    {.cost = 600, .arbiter = NodeId(91)},
                    {.cost = 900, .arbiter = NodeId(92)},
                    {.cost = 900, .arbiter = NodeId(93)}});
  EXPECT_EQ(desk.has("node:90"), 400U) << "from the stake";
  EXPECT_EQ(desk.has("node:91"), 600U) << "100 from the stake, 500 from the reserve";
  EXPECT_EQ(desk.has("node:92"), 500U) << "the rest of the reserve";
  EXPECT_EQ(desk.has("node:93"), 0U);
  EXPECT_EQ(desk.has("slash:pool"), 0U);
  EXPECT_EQ(desk.totals(1).arbitration, 1000U);
  EXPECT_EQ(desk.can_spend("user:alice"), before + 5000 - 1000 - 1000);
  const Payment* const last = desk.payments.last(Reason::arbitration);
  ASSERT_NE(last, nullptr);
  const std::vector<Factor> factors{{"cost", 900, "micro-credits"},
                                    {"paid by slashed stakes", 0, "micro-credits"},
                                    {"paid from the reserve", 500, "micro-credits"}};
  EXPECT_EQ(last->factors, factors);
  desk.expect_closed(1);
  desk.expect_sound();
}

TEST(Arbitrations, of_any_cost_take_no_more_than_there_is) {
  ArbitrationDesk desk;
  desk.settle_with({{.cost = whole_amount, .arbiter = NodeId(90)},
                    {.cost = whole_amount, .arbiter = NodeId(91)}});
  EXPECT_EQ(desk.has("node:90"), 1000U);
  EXPECT_EQ(desk.has("node:91"), 0U);
  EXPECT_EQ(desk.totals(1).arbitration, 1000U);
  desk.expect_closed(1);
  desk.expect_sound();
}

struct CompensationDesk : ArbitrationDesk {
  Amount compensate(std::uint32_t replica, std::uint32_t to, Amount amount) {
    const auto paid = money.compensate(JobId(1), ReplicaId(replica), NodeId(to), amount, now);
    EXPECT_TRUE(paid) << (paid ? "" : paid.error().message);
    return paid ? *paid : 0;
  }
};

TEST(Compensation, is_paid_from_slashed_stakes_and_then_from_fees) {
  CompensationDesk desk;
  desk.slash(500);
  desk.settle_with({});
  EXPECT_EQ(desk.has("fee:platform"), 25U);
  const JobTotals before = desk.totals(1);
  const std::size_t booked = desk.bank.booked;
  EXPECT_EQ(desk.compensate(5, 90, 200), 200U);
  EXPECT_EQ(desk.has("slash:pool"), 300U);
  EXPECT_EQ(desk.compensate(6, 90, 310), 310U);
  EXPECT_EQ(desk.bank.booked, booked + 2) << "one group each";
  EXPECT_EQ(desk.has("slash:pool"), 0U);
  EXPECT_EQ(desk.has("fee:platform"), 15U);
  EXPECT_EQ(desk.compensate(7, 91, 100), 15U) << "as far as there is something";
  EXPECT_EQ(desk.compensate(8, 92, 100), 0U);
  EXPECT_EQ(desk.has("node:90"), 510U);
  EXPECT_EQ(desk.has("node:91"), 15U);
  EXPECT_EQ(desk.told(90), 510U);
  EXPECT_EQ(desk.told(91), 15U);
  const JobTotals after = desk.totals(1);
  EXPECT_EQ(after.arbitration, before.arbitration);
  EXPECT_EQ(after.held, before.held);
  EXPECT_EQ(after.refund, before.refund);
  desk.expect_closed(1);
  desk.expect_sound();
}

TEST(Compensation, is_paid_once_for_a_replica) {
  CompensationDesk desk;
  desk.slash(500);
  desk.settle_with({});
  EXPECT_EQ(desk.compensate(5, 90, 200), 200U);
  const std::size_t booked = desk.bank.booked;
  EXPECT_EQ(desk.compensate(5, 90, 200), 200U);
  EXPECT_EQ(desk.compensate(5, 91, 300), 200U) << "whatever is asked for";
  EXPECT_EQ(desk.bank.booked, booked);
  EXPECT_EQ(desk.has("node:90"), 200U);
  const auto unknown = desk.money.compensate(JobId(2), ReplicaId(1), NodeId(9), 1, desk.now);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::not_found);
}

TEST(Compensation, is_tried_again_after_the_bank_was_down) {
  CompensationDesk desk;
  desk.slash(500);
  desk.settle_with({});
  EXPECT_EQ(desk.compensate(4, 90, 0), 0U);
  desk.bank.down = true;
  EXPECT_FALSE(desk.money.compensate(JobId(1), ReplicaId(5), NodeId(90), 200, desk.now));
  desk.bank.down = false;
  EXPECT_EQ(desk.compensate(5, 90, 200), 200U);
  desk.expect_sound();
}

TEST(PriceOf, is_that_of_the_usage_and_at_most_what_is_held) {
  ArbitrationDesk desk;
  const auto price = [&](std::uint32_t job, std::int64_t elapsed) {
    return desk.money.price_of(JobId(job), MoneyDesk::report(3, Outcome::valid, elapsed));
  };
  EXPECT_EQ(price(1, 0), 0U);
  EXPECT_EQ(price(1, 150), 1500U);
  EXPECT_EQ(price(1, 5000), 2000U);
  EXPECT_EQ(price(1, -1), 0U);
  EXPECT_EQ(price(2, 150), 0U);
  desk.submit(desk.terms(3, "linear:per_second=10,fixed=5"));
  EXPECT_EQ(price(3, 10), 105U);
  EXPECT_EQ(price(3, -1), 0U);
}

}  // namespace
}  // namespace nexa::ledger
