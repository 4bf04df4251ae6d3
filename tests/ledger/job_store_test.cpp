// Records of jobs that are resolved are packed, and nobody can tell.
#include <map>

#include "ledger/packed_job.hpp"
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
using State = JobRecord::State;

constexpr core::Duration longest{INT64_MAX};

ReplicaReport extreme_report(std::uint32_t replica) {
  return {.replica = ReplicaId(replica),
          .outcome = Outcome::cancelled,
          .tier = core::TierId(31),
          .usage = {.elapsed = longest,
                    .core_time = core::Duration{1},
                    .gpu_time = core::Duration{0},
                    .gib_seconds = INT64_MAX},
          .progress = UINT32_MAX,
          .quality = 127,
          .version = 128,
          .on_gpu = true,
          .claimed_flops = UINT64_MAX,
          .valid_in_a_row = 16'384};
}

/// A resolved record with numbers of all sizes. What it has held has been given back.
JobRecord extreme_record() {
  JobRecord job;
  job.about = {.job = JobId(UINT32_MAX),
               .application = 7,
               .estimated_flop = UINT64_MAX,
               .bound_flop = std::uint64_t{1} << 63U};
  job.user = core::UserId(UINT32_MAX);
  job.escrow = AccountId(300);
  job.arbitration_reserve = price_limit - 1;
  job.quote = {.replica = 1, .most = whole_amount, .job = Amount{1} << 64U};
  job.limits = {{.tier = core::TierId(2), .work = -1, .usage = {.elapsed = longest}},
                {.tier = core::TierId(3), .work = INT64_MIN, .usage = {}}};
  job.state = State::settled;
  job.funded = true;
  job.round = UINT32_MAX;
  job.settled_at = core::Time{core::Duration{-5}};
  job.purses.add(
      {.account = AccountId(1), .hold = {}, .held = 900, .posted = 800, .returned = 100});
  job.purses.add({.account = AccountId(2), .hold = {}, .held = whole_amount / 4});
  for (const std::uint32_t replica : {0U, 200U, bounty_bit - 1}) {
    ReplicaMoney& money = job.replicas[ReplicaId(replica)];
    money.node = NodeId(replica);
    money.vouched = replica == 200;
    money.in_verdict = replica != 200;
    money.report = extreme_report(replica);
  }
  job.replicas.at(ReplicaId(200)).paid = 600;
  job.replicas.at(ReplicaId(200)).fee = 100;
  job.verdict.emplace().canonical = ReplicaId(0);
  return job;
}

void expect_equal(const JobRecord& a, const JobRecord& b) {
  EXPECT_EQ(a.about, b.about);
  EXPECT_EQ(a.user, b.user);
  EXPECT_EQ(a.escrow, b.escrow);
  EXPECT_EQ(a.arbitration_reserve, b.arbitration_reserve);
  EXPECT_EQ(a.quote, b.quote);
  EXPECT_EQ(a.limits, b.limits);
  EXPECT_EQ(a.state, b.state);
  EXPECT_EQ(a.funded, b.funded);
  EXPECT_EQ(a.round, b.round);
  EXPECT_EQ(a.hold_end, b.hold_end);
  EXPECT_EQ(a.settled_at, b.settled_at);
  EXPECT_EQ(a.arbitration, b.arbitration);
  ASSERT_EQ(a.purses.shares().size(), b.purses.shares().size());
  for (std::size_t i = 0; i < a.purses.shares().size(); ++i) {
    const PurseShare& left = a.purses.shares()[i];
    const PurseShare& right = b.purses.shares()[i];
    EXPECT_EQ(std::tie(left.account, left.held, left.posted, left.returned),
              std::tie(right.account, right.held, right.posted, right.returned));
  }
  ASSERT_EQ(a.replicas.size(), b.replicas.size());
  for (const auto& [replica, left] : a.replicas) {
    const ReplicaMoney& right = b.replicas.at(replica);
    EXPECT_EQ(std::tie(left.node, left.vouched, left.in_verdict, left.pending, left.paid, left.fee),
              std::tie(right.node, right.vouched, right.in_verdict, right.pending, right.paid,
                       right.fee));
    EXPECT_EQ(left.report, right.report);
  }
  ASSERT_EQ(a.verdict.has_value(), b.verdict.has_value());
  if (a.verdict.has_value()) {
    EXPECT_EQ(a.verdict->canonical, b.verdict->canonical);
  }
}

TEST(PackedJob, holds_numbers_of_all_sizes) {
  Contracts contracts;
  JobRecord job = extreme_record();
  job.contract = contracts.share({});
  job.terms = contracts.at(job.contract);
  ASSERT_TRUE(can_pack(job));
  std::vector<std::uint8_t> bytes{1, 2, 3};
  pack(job, bytes);
  const JobRecord again = unpack(bytes.data() + 3, contracts);
  expect_equal(job, again);
  EXPECT_EQ(again.terms, job.terms);
}

TEST(PackedJob, is_one_that_rests_and_had_nothing_special) {
  const auto refuses = [](auto change) {
    JobRecord job = extreme_record();
    change(job);
    EXPECT_FALSE(can_pack(job));
  };
  ASSERT_TRUE(can_pack(extreme_record()));
  refuses([](JobRecord& job) { job.state = State::running; });
  refuses([](JobRecord& job) { job.dispute.emplace(); });
  refuses([](JobRecord& job) { job.bounties.emplace_back(); });
  refuses([](JobRecord& job) { job.verdict->more.emplace(); });
  refuses([](JobRecord& job) { job.replicas.at(ReplicaId(0)).report.reset(); });
  refuses([](JobRecord& job) { job.replicas.at(ReplicaId(0)).forfeited = true; });
  refuses([](JobRecord& job) { job.purses.shares()[0].returned = 50; });
  refuses([](JobRecord& job) {
    job.replicas.at(ReplicaId(0)).stream.emplace(Stream::Terms{}, core::Time{});
  });
  refuses([](JobRecord& job) {
    job.replicas.at(ReplicaId(200)).pending = 1;
    job.replicas.at(ReplicaId(200)).paid = 599;
  });
}

TEST(Contracts, keep_one_of_those_that_are_equal) {
  Contracts contracts;
  Contract contract;
  const auto share = [&](std::uint32_t fee) {
    contract.fee = fee;
    return contracts.share(contract);
  };
  for (std::uint32_t fee = 0; fee < 16; ++fee) EXPECT_EQ(share(fee), fee);
  for (std::uint32_t fee = 0; fee < 16; ++fee) EXPECT_EQ(share(fee), fee);
  EXPECT_EQ(share(16), 16U) << "0 falls off, which was not asked for as long as no other";
  EXPECT_EQ(share(1), 1U);
  EXPECT_EQ(share(0), 17U);
  for (std::uint32_t number = 0; number < 18; ++number) {
    EXPECT_EQ(contracts.at(number)->fee, number % 17);
  }
}

TEST(JobStore, packs_and_unpacks_and_lets_no_record_touch_another) {
  JobStore store;
  JobRecord record = extreme_record();
  std::map<std::uint32_t, JobRecord> expected;
  for (std::uint32_t job = 1; job <= 1500; ++job) {
    record.about.job = JobId(job);
    record.replicas.at(ReplicaId(200)).node = NodeId(job);
    expected[job] = record;
    store.add(JobRecord(record), Contract{});
    store.note_resolved(JobId(job));
  }
  EXPECT_EQ(store.unpacked(), 1500U);
  store.tidy();
  EXPECT_EQ(store.unpacked(), 0U);
  for (std::uint32_t job = 1; job <= 1500; job += 3) {
    // Some grow, some shrink, of some nothing changes.
    JobRecord& found = store.at(JobId(job));
    found.settled_at = job % 2 == 0 ? core::Time{} : core::Time{longest};
    found.round = job % 5 == 0 ? 0 : UINT32_MAX;
    expected[job] = found;
  }
  EXPECT_EQ(store.unpacked(), 500U);
  store.tidy();
  EXPECT_EQ(store.unpacked(), 0U);
  for (const auto& [job, known] : expected) {
    expect_equal(*store.peek(JobId(job)), known);
    if (testing::Test::HasFailure()) FAIL() << "job " << job;
  }
  EXPECT_EQ(store.unpacked(), 0U) << "a look unpacks nothing";
  EXPECT_EQ(store.find(JobId(0)), nullptr);
  EXPECT_EQ(store.peek(JobId(1501)), nullptr);
}

/// A job with three replicas that was paid for and packed.
struct PackedDesk : MoneyDesk {
  PackedDesk() {
    terms_ = this->terms(9);
    terms_.max_replicas = 3;
    submit(terms_);
    for (std::uint32_t i = 1; i <= 3; ++i) assign(9, i, i + 6);
    settle(9, decided());
    ok(money.finish(JobId(9), report(3, Outcome::late, 70), now));
    wait(seconds(3600));
    EXPECT_TRUE(totals(9).resolved);
    EXPECT_EQ(money.unpacked_jobs(), 0U);
  }
  [[nodiscard]] static Verdict decided() {
    return verdict({report(1, Outcome::valid, 100), report(2, Outcome::invalid, 80)}, 1);
  }
  JobTerms terms_;
};

TEST(JobStore, hears_again_what_was_said_before_a_job_was_packed) {
  PackedDesk desk;
  const std::size_t booked = desk.bank.booked;
  desk.submit(desk.terms_);
  desk.assign(9, 2, 8);
  desk.settle(9, PackedDesk::decided());
  Verdict turned = PackedDesk::decided();
  std::swap(turned.reports[0], turned.reports[1]);
  desk.settle(9, turned);
  MoneyDesk::ok(desk.money.finish(JobId(9), MoneyDesk::report(3, Outcome::late, 70), desk.now));
  MoneyDesk::ok(desk.money.vest(JobId(9), ReplicaId(1), desk.now));
  desk.wait(seconds(1));
  EXPECT_EQ(desk.bank.booked, booked);
  JobTerms other = desk.terms_;
  other.limits[0].usage.elapsed += seconds(1);
  desk.refused(desk.money.submit(other, desk.now), ErrorCode::conflict, "other terms");
  other = desk.terms_;
  other.fee = 1;
  desk.refused(desk.money.submit(other, desk.now), ErrorCode::conflict, "other terms");
  desk.refused(desk.money.settle(JobId(9), {}, desk.now), ErrorCode::conflict, "has a verdict");
  Verdict longer = PackedDesk::decided();
  longer.reports.push_back(MoneyDesk::report(3, Outcome::late, 70));
  desk.refused(desk.money.settle(JobId(9), longer, desk.now), ErrorCode::conflict, "has a verdict");
  EXPECT_TRUE(desk.money.find(JobId(9))->replicas.at(ReplicaId(1)).vouched) << "is remembered";
  desk.expect_closed(9);
  desk.expect_sound();
}

TEST(JobStore, shows_the_same_record_again_and_again) {
  PackedDesk desk;
  const JobRecord before = *desk.money.find(JobId(9));
  EXPECT_EQ(before.replicas.at(ReplicaId(1)).paid, 975U);
  for (int i = 0; i < 3; ++i) {
    expect_equal(*desk.money.find(JobId(9)), before);
    expect_equal(*desk.money.find(JobId(9)), before);
    desk.wait(seconds(1));
  }
  EXPECT_EQ(desk.money.price_of(JobId(9), MoneyDesk::report(5, Outcome::valid, 20)), 200U);
}

TEST(JobStore, revises_a_job_that_was_packed) {
  PackedDesk desk;
  const Verdict reversed = MoneyDesk::verdict(
      {MoneyDesk::report(1, Outcome::invalid, 100), MoneyDesk::report(2, Outcome::valid, 80),
       MoneyDesk::report(3, Outcome::late, 70)},
      2);
  MoneyDesk::ok(desk.money.revise(JobId(9), reversed, desk.now));
  EXPECT_EQ(desk.money.pending_rewards(NodeId(8)), 780U);
  EXPECT_EQ(desk.has("node:7"), 0U) << "clawed back";
  EXPECT_EQ(desk.can_spend("user:alice"), 1'000'000U - 800U);
  desk.wait(seconds(3600));
  EXPECT_EQ(desk.has("node:8"), 780U);
  MoneyDesk::ok(desk.money.revise(JobId(9), reversed, desk.now));
  EXPECT_TRUE(desk.totals(9).resolved);
  desk.expect_closed(9);
  desk.expect_sound();
}

TEST(JobStore, keeps_jobs_of_any_number_apart) {
  MoneyDesk desk;
  const std::vector<std::uint32_t> numbers{0, 1, UINT32_MAX, UINT32_MAX - 1, 1U << 31U, 1U << 16U};
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (round == 0) {
        desk.submit(desk.terms(numbers[i]));
        desk.assign(numbers[i], 1, 7);
        const auto elapsed = static_cast<std::int64_t>(i + 1);
        desk.settle(numbers[i],
                    MoneyDesk::verdict({MoneyDesk::report(1, Outcome::user_error, elapsed)}));
        desk.wait(seconds(700));
      } else {
        const JobTotals sums = desk.totals(numbers[i]);
        EXPECT_EQ(sums.reward + sums.fee, (i + 1) * 10);
        EXPECT_EQ(desk.money.find(JobId(numbers[i]))->id(), JobId(numbers[i]));
      }
    }
  }
  EXPECT_EQ(desk.money.find(JobId(2)), nullptr);
  EXPECT_FALSE(desk.money.totals(JobId(2)).has_value());
}

}  // namespace
}  // namespace nexa::ledger
