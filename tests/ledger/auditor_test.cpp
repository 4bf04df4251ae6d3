// Random batches against a second, naive ledger that predicts every answer and every balance.
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "ledger/statement.hpp"
#include "tests/ledger/desk.hpp"
#include "tests/ledger/random_transfers.hpp"
#include "tests/ledger/shadow_auditor.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::test {
namespace {

using ledger::Entry;
using ledger::Ledger;
using ledger::PendingState;
using ledger::StatusClass;

constexpr core::Time begin = at_seconds(1000);

class Life {
 public:
  explicit Life(std::uint64_t seed)
      : table_key_(seed * 77), ledger_(table_key_), random_(seed, ledger_) {
    ledger_.attach(&journal_);
    open("op:mint");
    open("op:burn");
    for (std::uint64_t i = 2; i < random_.mix.accounts; ++i) open("user:" + std::to_string(i));
  }

  /// Anything goes.
  void safety_phase(int batches) {
    for (int i = 0; i < batches && !testing::Test::HasFailure(); ++i) {
      tick();
      if (random_.draws.percent(random_.mix.close)) close_one();
      if (random_.draws.one_in(10)) open("escrow:" + std::to_string(i));
      if (random_.draws.one_in(10)) expire();
      book(random_.batch());
      compare();
    }
  }

  /// Nobody disturbs any more: whatever is open must come to an end, each in one step.
  void liveness_phase() {
    for (const auto& [id, fate] : std::map(auditor_.fates())) {
      if (ledger_.find(id)->status != Status::booked) continue;
      if (ledger_.find(id)->transfer.kind != TransferKind::pending) continue;
      if (ledger_.find(id)->state != PendingState::open) continue;
      if (fate.booked.timeout.count() != 0 && random_.draws.one_in(2)) continue;
      const TransferId fresh{~id.value};
      const bool post = random_.draws.one_in(2);
      Transfer resolve =
          post ? Desk::post(fresh.value, id.value) : Desk::void_(fresh.value, id.value);
      const auto answers = book({resolve});
      const PendingState expected = post ? PendingState::posted : PendingState::voided;
      if (ledger_.find(id)->state == PendingState::expired) continue;
      EXPECT_EQ(answers, std::vector{Status::booked});
      EXPECT_EQ(ledger_.find(id)->state, expected);
    }
    while (ledger_.next_expiry() != core::never && !testing::Test::HasFailure()) {
      const std::size_t before = auditor_.expiries().size();
      now_ = ledger_.next_expiry() - core::Duration{1};
      expire();
      EXPECT_EQ(auditor_.expiries().size(), before) << "early";
      now_ += core::Duration{1};
      expire();
      EXPECT_GT(auditor_.expiries().size(), before) << "late";
    }
    compare();
    EXPECT_EQ(totals(ledger_).reserved, Amount{0});
  }

  /// L9, and that every id is known as it was booked.
  void compare_replay() const {
    Ledger other(table_key_ + 1);
    for (const Entry& entry : journal_.entries) {
      const auto done = other.replay(entry);
      ASSERT_TRUE(done) << done.error().message;
    }
    EXPECT_EQ(state_hash(other), state_hash(ledger_));
    for (const auto& [id, fate] : auditor_.fates()) {
      const auto known = other.find(id);
      ASSERT_TRUE(known.has_value());
      EXPECT_EQ(known, ledger_.find(id));
      EXPECT_EQ(known->time, fate.time);
      EXPECT_EQ(known->status, fate.failed ? fate.why : Status::booked);
      if (fate.failed) continue;
      EXPECT_EQ(known->transfer, fate.booked);
      EXPECT_EQ(name(known->state), fate.state.empty() ? "open" : fate.state);
    }
  }

  /// A statement explains each sum of an account, from any time on.
  void compare_statements() const {
    const core::Time middle = begin + (ledger_.time() - begin) / 2;
    for (std::uint32_t i = 1; i <= ledger_.names().size(); ++i) {
      const auto all = statement(ledger_, AccountId{i}, core::Time{}, core::never);
      const auto early = statement(ledger_, AccountId{i}, core::Time{}, middle);
      const auto late = statement(ledger_, AccountId{i}, middle, core::never);
      EXPECT_EQ(all.opening, ledger::Account{});
      EXPECT_EQ(all.closing, ledger_.account(AccountId{i}));
      EXPECT_EQ(early.closing, late.opening);
      EXPECT_EQ(late.closing, all.closing);
      EXPECT_EQ(early.lines.size() + late.lines.size(), all.lines.size());
      for (std::size_t at = 1; at < all.lines.size(); ++at) {
        EXPECT_LE(all.lines[at - 1].time, all.lines[at].time);
      }
    }
  }

  [[nodiscard]] const std::array<std::uint64_t, ledger::status_count>& seen() const {
    return seen_;
  }

 private:
  void open(const std::string& account) {
    const AccountId id = ledger_.open(account, now_).value();
    auditor_.open(id, account.substr(0, 3) == "op:", now_);
  }

  void close_one() {
    const std::uint64_t all = ledger_.names().size();
    const AccountId id{1 + static_cast<std::uint32_t>(random_.draws.below(all))};
    const auto done = ledger_.close(id, now_);
    auditor_.close(id, now_);
    EXPECT_EQ(done.has_value(), auditor_.purses().at(id.value).closed);
  }

  void tick() {
    const auto step = static_cast<std::int64_t>(random_.draws.below(random_.mix.step_us));
    now_ += core::Duration{random_.draws.percent(random_.mix.back) ? -3 * step : step};
  }

  void expire() {
    const std::size_t before = auditor_.expiries().size();
    auditor_.expire(now_);
    EXPECT_EQ(ledger_.expire(now_), auditor_.expiries().size() - before);
  }

  std::vector<Status> book(const std::vector<Transfer>& batch) {
    const std::vector<Status> expected = auditor_.book(batch, now_);
    const auto answers = ledger_.book(batch, now_);
    EXPECT_EQ(answers.size(), batch.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
      EXPECT_EQ(answers[i], expected[i]) << "transfer " << i << " of " << batch.size();
      ++seen_[static_cast<std::size_t>(answers[i])];
      remember(batch[i].id, answers[i]);
    }
    return expected;
  }

  /// L6 and L7, as they are written: once booked an id is never booked again, nor does one come
  /// back that failed.
  void remember(TransferId id, Status status) {
    const auto first = outcomes_.find(id);
    if (first == outcomes_.end()) {
      const StatusClass what = info(status).status_class;
      if (what == StatusClass::failed || status == Status::booked) outcomes_[id] = status;
      return;
    }
    EXPECT_NE(status, Status::booked);
    EXPECT_FALSE(is_sticky(status)) << "an id fails once";
    const bool failed = first->second != Status::booked;
    EXPECT_NE(status, failed ? Status::exists : Status::id_already_failed);
  }

  void compare() {
    const auto sound = check(ledger_);
    EXPECT_TRUE(sound) << sound.error().message;
    EXPECT_EQ(ledger_.time(), auditor_.time());
    EXPECT_EQ(ledger_.next_expiry(), auditor_.next_expiry().value_or(core::never));
    ASSERT_EQ(ledger_.names().size(), auditor_.purses().size());
    for (const auto& [id, purse] : auditor_.purses()) {
      const ledger::Account& account = ledger_.account(AccountId{id});
      EXPECT_EQ(account.debits_pending, purse.debits_pending) << id;
      EXPECT_EQ(account.debits_posted, purse.debits_posted) << id;
      EXPECT_EQ(account.credits_pending, purse.credits_pending) << id;
      EXPECT_EQ(account.credits_posted, purse.credits_posted) << id;
      EXPECT_EQ(ledger_.is_closed(AccountId{id}), purse.closed) << id;
    }
    std::vector<ShadowAuditor::Expiry> expiries;
    for (const Entry& entry : journal_.entries) {
      const auto* const expired = std::get_if<ledger::PendingExpired>(&entry.body);
      if (expired != nullptr) expiries.push_back({entry.time, expired->pending});
    }
    EXPECT_EQ(expiries, auditor_.expiries());
  }

  std::uint64_t table_key_;
  Recorder journal_;
  Ledger ledger_;
  ShadowAuditor auditor_;
  RandomTransfers random_;
  core::Time now_ = begin;
  std::map<TransferId, Status> outcomes_;
  std::array<std::uint64_t, ledger::status_count> seen_{};
};

TEST(ShadowAuditor, PredictsEveryAnswerOfTheLedgerL1ToL12) {
  const std::uint64_t seeds = fewer_if_slow(600);
  std::array<std::uint64_t, ledger::status_count> seen{};
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Life life(seed);
    life.safety_phase(30);
    life.compare_replay();
    life.liveness_phase();
    life.compare_replay();
    life.compare_statements();
    for (std::size_t i = 0; i < seen.size(); ++i) seen[i] += life.seen()[i];
    if (HasFailure()) {
      std::cout << "the first seed that fails is " << seed << "\n";
      return;
    }
  }
  // The crowd must have met every answer, or this test does not try what it says.
  for (std::size_t i = 0; i < seen.size() && !sanitized; ++i) {
    const auto status = static_cast<Status>(i);
    EXPECT_EQ(seen[i] == 0, status == Status::batch_too_large) << name(status);
  }
}

}  // namespace
}  // namespace nexa::test
