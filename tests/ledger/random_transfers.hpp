#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/rng.hpp"
#include "ledger/check.hpp"
#include "ledger/ledger.hpp"

namespace nexa::test {

/// A sequence of random numbers of one seed.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    return core::random_below({.seed = seed_, .entity = next_++}, bound);
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  /// True in this share of the draws, in percent.
  bool percent(std::uint64_t share) { return below(100) < share; }
  ledger::Amount amount() {
    const ledger::Amount high = core::random_bits({.seed = seed_, .entity = next_++});
    return high << 64 | core::random_bits({.seed = seed_, .entity = next_++});
  }

 private:
  std::uint64_t seed_;
  std::uint64_t next_ = 0;
};

/// What one run does how often: another mix for every seed, some of it not at all.
struct Mix {
  explicit Mix(Draws& draws) {
    for (std::uint64_t& weight : kinds) weight = draws.one_in(4) ? 0 : 1 + draws.below(10);
    kinds[0] += 1;  // something must move
    resend = share(draws, 40);
    alter = share(draws, 60);
    malform = share(draws, 5);
    chain = share(draws, 40);
    leave_open = share(draws, 20);
    huge = share(draws, 30);
    exact = share(draws, 30);
    stray = share(draws, 4);
    timeout = share(draws, 100);
    back = share(draws, 30);
    close = share(draws, 5);
    groups = 1 + draws.below(5);
    accounts = 3 + draws.below(8);
    batch = 1 + draws.below(40);
    step_us = std::uint64_t{1} << draws.below(24);
    dense_ids = draws.one_in(2);
  }

  std::array<std::uint64_t, 6> kinds{};  // weights of the kinds of transfer
  std::uint64_t resend, alter, malform, chain, leave_open, huge, exact, stray, timeout, back, close;
  std::uint64_t groups, accounts, batch, step_us;
  bool dense_ids;

 private:
  static std::uint64_t share(Draws& draws, std::uint64_t largest) {
    return draws.one_in(3) ? 0 : draws.below(largest + 1);
  }
};

/// Batches that a careless, unlucky or hostile crowd might send.
class RandomTransfers {
 public:
  RandomTransfers(std::uint64_t seed, const ledger::Ledger& ledger)
      : draws(seed), mix(draws), ledger_(ledger) {}

  std::vector<ledger::Transfer> batch() {
    std::vector<ledger::Transfer> made;
    const std::uint64_t size = 1 + draws.below(mix.batch);
    while (made.size() < size) {
      if (!sent_.empty() && draws.percent(mix.resend)) {
        again(made);
        continue;
      }
      ledger::Transfer transfer = fresh();
      transfer.linked = draws.percent(mix.chain);
      if (draws.percent(mix.malform)) damage(transfer);
      made.push_back(transfer);
    }
    if (!draws.percent(mix.leave_open)) made.back().linked = false;
    sent_.push_back(made);
    return made;
  }

  Draws draws;
  const Mix mix;

 private:
  using Transfer = ledger::Transfer;
  using TransferKind = ledger::TransferKind;

  /// A part of an earlier batch, often a whole chain of it, perhaps with a field changed.
  void again(std::vector<Transfer>& made) {
    const std::vector<Transfer>& old = sent_[draws.below(sent_.size())];
    std::size_t at = draws.below(old.size());
    while (at > 0 && old[at - 1].linked && !draws.one_in(4)) --at;
    do {
      made.push_back(old[at]);
      if (draws.percent(mix.alter)) damage(made.back());
    } while (old[at++].linked && at < old.size());
  }

  Transfer fresh() {
    Transfer transfer;
    transfer.id = new_id();
    transfer.kind = kind();
    const bool moves = transfer.kind <= TransferKind::pending;
    if (!moves && totals(ledger_).reserved == 0 && !draws.one_in(20)) {
      transfer.kind = TransferKind::pending;  // there is nothing to resolve yet
    }
    transfer.reason = static_cast<ledger::Reason>(draws.below(20));
    switch (transfer.kind) {
      case TransferKind::pending:
        if (draws.percent(mix.timeout)) transfer.timeout = timeout();
        transfer.group = ledger::GroupId{draws.below(mix.groups + 1)};
        pending_ids_.push_back(transfer.id);
        [[fallthrough]];
      case TransferKind::transfer:
        transfer.debit = account();
        do transfer.credit = account();
        while (transfer.credit == transfer.debit);
        transfer.amount = amount(transfer.debit);
        break;
      case TransferKind::post:
      case TransferKind::void_:
        transfer.pending = known_pending();
        transfer.amount = part_of(transfer.pending);
        break;
      case TransferKind::post_group:
      case TransferKind::void_group:
        transfer.group = ledger::GroupId{1 + draws.below(mix.groups)};
        if (const auto group = group_of(known_pending()); group.value != 0) transfer.group = group;
        break;
    }
    return transfer;
  }

  ledger::TransferId new_id() {
    return ledger::TransferId{mix.dense_ids ? ledger::Amount{++last_id_} : draws.amount() | 1};
  }

  TransferKind kind() {
    std::uint64_t all = 0;
    for (const std::uint64_t weight : mix.kinds) all += weight;
    std::uint64_t draw = draws.below(all);
    std::size_t kind = 0;
    while (draw >= mix.kinds[kind]) draw -= mix.kinds[kind++];
    return static_cast<TransferKind>(kind);
  }

  ledger::AccountId account() {
    const std::uint32_t known = ledger_.names().size();
    if (draws.percent(mix.stray)) return ledger::AccountId{draws.one_in(2) ? 0 : known + 1};
    // The first is the operator's, from which money comes.
    if (draws.one_in(4)) return ledger::AccountId{1};
    return ledger::AccountId{1 + static_cast<std::uint32_t>(draws.below(known))};
  }

  ledger::Amount amount(ledger::AccountId debit) {
    if (draws.percent(mix.huge)) {
      const std::array<ledger::Amount, 4> huge{~ledger::Amount{0}, ~ledger::Amount{0} - 1,
                                               ledger::Amount{1} << 127, draws.amount()};
      return huge[draws.below(4)];
    }
    if (draws.percent(mix.exact) && ledger_.names().contains(debit)) {
      return ledger_.account(debit).available().magnitude + draws.below(3) - 1;
    }
    return draws.below(100);
  }

  core::Duration timeout() {
    if (draws.percent(mix.stray)) return core::never.time_since_epoch() - core::Duration{1000};
    return core::Duration{static_cast<std::int64_t>(1 + draws.below(mix.step_us * 10))};
  }

  ledger::TransferId known_pending() {
    if (pending_ids_.empty() || draws.percent(mix.stray)) {
      return sent_.empty() ? ledger::TransferId{7} : sent_.back().front().id;
    }
    // Rather one of the last, which may be open still; rather one that was booked.
    ledger::TransferId id;
    for (int tries = 0; tries < 2 + static_cast<int>(draws.below(8)); ++tries) {
      const std::uint64_t behind = draws.below(1 + draws.below(pending_ids_.size()));
      id = pending_ids_[pending_ids_.size() - 1 - behind];
      const auto known = ledger_.find(id);
      if (known && known->state == ledger::PendingState::open) break;
    }
    return id;
  }

  ledger::GroupId group_of(ledger::TransferId pending) const {
    const auto known = ledger_.find(pending);
    return known ? known->transfer.group : ledger::GroupId{1};
  }

  ledger::Amount part_of(ledger::TransferId pending) {
    if (draws.one_in(3)) return ledger::whole_amount;
    const auto known = ledger_.find(pending);
    return known ? known->transfer.amount + 1 - draws.below(3) : draws.below(100);
  }

  /// Changes one field to what it should not be, or to what it was.
  void damage(Transfer& transfer) {
    switch (draws.below(10)) {
      case 0:
        transfer.id = ledger::TransferId{};
        break;
      case 1:
        transfer.kind = static_cast<TransferKind>(draws.below(7));
        break;
      case 2:
        transfer.debit = account();
        break;
      case 3:
        transfer.credit = transfer.debit;
        break;
      case 4:
        transfer.amount += draws.below(3) - 1;
        break;
      case 5:
        transfer.pending = draws.one_in(2) ? transfer.id : known_pending();
        break;
      case 6:
        transfer.group = ledger::GroupId{draws.below(mix.groups + 1)};
        break;
      case 7:
        transfer.timeout = core::Duration{static_cast<std::int64_t>(draws.below(3)) - 1};
        break;
      case 8:
        transfer.reason = static_cast<ledger::Reason>(draws.below(20));
        break;
      default:
        transfer.linked = !transfer.linked;
    }
  }

  const ledger::Ledger& ledger_;
  std::uint64_t last_id_ = 0;
  std::vector<std::vector<Transfer>> sent_;
  std::vector<ledger::TransferId> pending_ids_;
};

}  // namespace nexa::test
