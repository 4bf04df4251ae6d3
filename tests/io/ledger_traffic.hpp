#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/rng.hpp"
#include "ledger/ledger.hpp"

namespace nexa::io::testing {

/// Random business of a ledger: every kind of entry, with failures, chains and expiries.
class LedgerTraffic {
 public:
  LedgerTraffic(ledger::Ledger& ledger, std::uint64_t seed) : ledger_(&ledger), seed_(seed) {
    now_ = ledger.time();
  }

  /// The first entry and some accounts with money.
  void begin(const std::string& origin) {
    static_cast<void>(ledger_->found({origin, "ucr"}, now_));
    for (int i = 0; i < 4; ++i) grant("user:u" + std::to_string(i));
  }

  /// One call of the ledger.
  void step() {
    now_ += core::Duration{static_cast<std::int64_t>(draw(3'000'000))};
    switch (draw(12)) {
      case 0:
        ledger_->note({"verdict", R"("job":")" + std::to_string(draw(100)) + R"(","valid":["1"])"},
                      now_);
        return;
      case 1:
        grant("user:u" + std::to_string(draw(6)));
        return;
      case 2:
        ledger_->expire(now_);
        return;
      default:
        book();
    }
  }

 private:
  std::uint64_t draw(std::uint64_t bound) {
    return core::random_below({.seed = seed_, .entity = draws_++}, bound);
  }
  ledger::AccountId open(const std::string& name) { return ledger_->open(name, now_).value(); }
  ledger::AccountId some_account() {
    static const std::vector<std::string> kinds{"user:u", "escrow:", "node:n", "vest:n"};
    return open(kinds[draw(kinds.size())] + std::to_string(draw(6)));
  }
  ledger::TransferId next_id() {
    // Some ids have as many digits as there can be.
    const ledger::Amount high = draw(8) == 0 ? ledger::Amount{draw(UINT64_MAX)} << 64 : 0;
    return ledger::TransferId{high | (seed_ << 32 | ++ids_)};
  }

  void grant(const std::string& name) {
    ledger::Transfer transfer;
    transfer.id = next_id();
    transfer.debit = open("op:mint");
    transfer.credit = open(name);
    transfer.amount = 1000 + draw(1'000'000);
    transfer.reason = ledger::Reason::grant;
    ledger_->book(transfer, now_);
  }

  ledger::Transfer some_transfer() {
    ledger::Transfer transfer;
    transfer.id = next_id();
    transfer.reason = static_cast<ledger::Reason>(draw(20));
    const std::uint64_t kind = pending_.empty() ? draw(2) : draw(6);
    transfer.kind = static_cast<ledger::TransferKind>(kind);
    if (kind < 2) {
      transfer.debit = some_account();
      transfer.credit = some_account();
      transfer.amount = draw(20'000);
    }
    if (transfer.kind == ledger::TransferKind::pending) {
      if (draw(2) == 0) transfer.group = ledger::GroupId{1 + draw(20)};
      transfer.timeout = core::Duration{static_cast<std::int64_t>(draw(3) * 2'500'000)};
      pending_.push_back(transfer.id);
    }
    if (kind == 2 || kind == 3) transfer.pending = pending_[draw(pending_.size())];
    if (kind == 2) transfer.amount = draw(2) == 0 ? ledger::whole_amount : draw(30'000);
    if (kind > 3) transfer.group = ledger::GroupId{1 + draw(20)};
    return transfer;
  }

  void book() {
    std::vector<ledger::Transfer> batch(1 + draw(4));
    for (ledger::Transfer& transfer : batch) {
      transfer = some_transfer();
      transfer.linked = draw(4) == 0;
    }
    batch.back().linked = false;
    ledger_->book(batch, now_);
  }

  ledger::Ledger* ledger_;
  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  std::uint64_t ids_ = 0;
  core::Time now_{};
  std::vector<ledger::TransferId> pending_;
};

}  // namespace nexa::io::testing
