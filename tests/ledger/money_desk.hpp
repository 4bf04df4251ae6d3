#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/job_money.hpp"
#include "ledger/ledger_bank.hpp"
#include "tests/ledger/desk.hpp"

namespace nexa::test {

using ledger::JobMoney;
using ledger::JobTerms;
using ledger::ReplicaOutcome;
using ledger::ReplicaReport;
using ledger::Verdict;

/// Keeps what it is told.
class PaymentList final : public ledger::PaymentSink {
 public:
  void paid(const ledger::Payment& payment) override { list.push_back(payment); }
  [[nodiscard]] const ledger::Payment* last(ledger::Reason reason) const {
    for (std::size_t i = list.size(); i-- > 0;) {
      if (list[i].reason == reason) return &list[i];
    }
    return nullptr;
  }
  std::vector<ledger::Payment> list;
};

/// A bank that can be down, as a port of the real ledger.
class ShakyBank final : public ledger::Bank {
 public:
  explicit ShakyBank(ledger::Ledger& ledger) : bank_(ledger) {}
  core::Result<AccountId> open(std::string_view name, core::Time now) override {
    if (down) return unreachable();
    return bank_.open(name, now);
  }
  core::Result<void> book(std::span<const Transfer> chain, core::Time now) override {
    if (down) return unreachable();
    ++booked;
    last.assign(chain.begin(), chain.end());
    if (auto status = bank_.book(chain, now); !status) return status;
    ++accepted;
    // A message that arrives twice.
    if (repeat && !bank_.book(chain, now)) ADD_FAILURE() << "a repeated chain was refused";
    return {};
  }
  [[nodiscard]] Amount available(AccountId account) const override {
    return bank_.available(account);
  }

  bool down = false;
  bool repeat = true;
  std::size_t booked = 0;    ///< chains that were asked for
  std::size_t accepted = 0;  ///< and booked
  std::vector<Transfer> last;

 private:
  static core::Error unreachable() {
    return {core::ErrorCode::io, "the bank does not answer", "try again later", {}};
  }
  ledger::LedgerBank bank_;
};

/// A ledger with the money of jobs on it. Alice has a million micro-credits.
struct MoneyDesk : Desk {
  MoneyDesk() { grant(alice, 1'000'000); }

  AccountId account(std::string_view name) { return open(name); }
  Amount has(std::string_view name) { return ledger.account(open(name)).balance().magnitude; }
  Amount can_spend(std::string_view name) {
    return ledger.account(open(name)).available().magnitude;
  }
  void wait(core::Duration time) {
    now += time;
    const auto done = money.advance(now);
    EXPECT_TRUE(done) << done.error().message;
  }

  /// A job of two replicas at most 2000 micro-credits each, with a fee of 2.5 %, whose rewards vest
  /// after an hour. A second of a replica costs 10 micro-credits, at most 200 seconds.
  [[nodiscard]] JobTerms terms(std::uint32_t job,
                               std::string_view price = "posted_stream:rate=10") const {
    JobTerms terms;
    terms.user = core::UserId(1);
    terms.price = ledger::make_price_policy(price).value();
    terms.reward = ledger::make_reward_policy("as_priced").value();
    terms.about.job = core::JobId(job);
    ledger::PriceView limit;
    limit.usage.elapsed = seconds(200);
    limit.work = 2'000'000'000;
    terms.limits = {limit};
    terms.max_replicas = 2;
    terms.fee = 250;
    terms.vesting.dispute_window = seconds(3600);
    terms.purses = {alice};
    return terms;
  }

  static ReplicaReport report(std::uint32_t replica, ReplicaOutcome outcome,
                              std::int64_t elapsed_s = 200) {
    ReplicaReport report;
    report.replica = core::ReplicaId(replica);
    report.outcome = outcome;
    report.usage.elapsed = seconds(elapsed_s);
    return report;
  }
  static Verdict verdict(std::vector<ReplicaReport> reports, std::uint32_t canonical = 0) {
    Verdict verdict;
    verdict.reports = std::move(reports);
    if (canonical != 0) verdict.canonical = core::ReplicaId(canonical);
    return verdict;
  }

  void submit(const JobTerms& terms) { ok(money.submit(terms, now)); }
  void assign(std::uint32_t job, std::uint32_t replica, std::uint32_t on) {
    ok(money.assign(core::JobId(job), core::ReplicaId(replica), core::NodeId(on), now));
  }
  void settle(std::uint32_t job, const Verdict& verdict) {
    ok(money.settle(core::JobId(job), verdict, now));
  }
  static void ok(const core::Result<void>& result) {
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
  }
  static void refused(const core::Result<void>& result, core::ErrorCode code,
                      std::string_view says) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().message;
    EXPECT_NE(result.error().message.find(says), std::string::npos) << result.error().message;
    EXPECT_FALSE(result.error().hint.empty());
  }

  [[nodiscard]] ledger::JobTotals totals(std::uint32_t job) const {
    return money.totals(core::JobId(job)).value();
  }

  /// L13, and that the job's own figures are those of the ledger.
  void expect_closed(std::uint32_t job) {
    const ledger::JobTotals sums = totals(job);
    EXPECT_EQ(sums.held, sums.reward + sums.fee + sums.arbitration + sums.refund + sums.in_escrow);
    EXPECT_EQ(has("escrow:" + std::to_string(job)),
              sums.in_escrow + sums.pending + pending_bounty(job));
  }
  [[nodiscard]] Amount pending_bounty(std::uint32_t job) const {
    Amount sum = 0;
    for (const auto& bounty : money.find(core::JobId(job))->bounties) {
      sum += bounty.pending + bounty.in_escrow();
    }
    return sum;
  }

  ShakyBank bank{ledger};
  PaymentList payments;
  JobMoney money{bank, &payments};
};

}  // namespace nexa::test
