#include "ledger/check.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "core/digest.hpp"

namespace nexa::ledger {

namespace {

constexpr std::string_view mint_name = "op:mint";
constexpr std::string_view burn_name = "op:burn";

// A sum of up to 2^64 amounts.
struct Sum {
  Amount low = 0;
  std::uint64_t high = 0;

  void add(Amount amount) { high += __builtin_add_overflow(low, amount, &low) ? 1 : 0; }
  friend bool operator==(const Sum&, const Sum&) = default;
  [[nodiscard]] Amount saturated() const { return high == 0 ? low : ~Amount{0}; }
};

core::Error broken(std::string what) {
  return {core::ErrorCode::internal, std::move(what), "the ledger must not be used any more", {}};
}

std::string sum_text(const Sum& sum) {
  return sum.high == 0 ? to_decimal(sum.low)
                       : std::to_string(sum.high) + " * 2^128 + " + to_decimal(sum.low);
}

class Recount {
 public:
  explicit Recount(const Ledger& ledger)
      : ledger_(ledger),
        books_(ledger.books()),
        pendings_(books_.pendings()),
        accounts_(ledger.names().size()) {}

  core::Result<void> run() {
    for (std::uint32_t i = 0; i < books_.size(); ++i) {
      if (const auto ok = count(i); !ok) return ok.error();
    }
    for (std::uint32_t i = 0; i < pendings_.size(); ++i) {
      if (const auto ok = count_pending(i); !ok) return ok.error();
    }
    if (const auto ok = compare_accounts(); !ok) return ok.error();
    if (const auto ok = check_lists(); !ok) return ok.error();
    return check_sums();
  }

 private:
  using Check = core::Result<void>;

  [[nodiscard]] std::string name_of(std::uint32_t record) const {
    return "transfer '" + to_hex(books_[record].id.value) + "'";
  }
  Account& account(AccountId id) { return accounts_[id.value - 1]; }

  void post(const Record& record, Amount amount) {
    account(record.debit).debits_posted += amount;
    account(record.credit).credits_posted += amount;
  }

  Check count(std::uint32_t place) {
    const Record& record = books_[place];
    if (books_.find(record.id) != place) {
      return broken("L6: the id of " + name_of(place) + " leads to another transfer");
    }
    if (record.time > ledger_.time() || (place > 0 && record.time < books_[place - 1].time)) {
      return broken(name_of(place) + " has a time out of order");
    }
    if (record.status != Status::booked) return {};
    if (record.kind == TransferKind::transfer) {
      post(record, record.amount);
    } else if (record.kind == TransferKind::pending) {
      if (pendings_[record.link].record != place) {
        return broken(name_of(place) + " has the pending part of another");
      }
    } else if (record.kind == TransferKind::post || record.kind == TransferKind::void_) {
      const Pending& pending = pendings_[record.link];
      if (pending.resolved_by != place) {
        return broken("L4: " + name_of(pending.record) + " was resolved by more than one transfer");
      }
      if (record.kind == TransferKind::void_) return {};
      if (record.amount > books_[pending.record].amount) {
        return broken("L5: " + name_of(place) + " posts more than was reserved");
      }
      post(record, record.amount);
    }
    return {};
  }

  Check count_pending(std::uint32_t place) {
    const Pending& pending = pendings_[place];
    const Record& record = books_[pending.record];
    switch (pending.state) {
      case PendingState::open:
        // At its very timeout it may be open: a journal can end between two expiries of an instant.
        if (pending.due < ledger_.time()) {
          return broken("L10: " + name_of(pending.record) + " is open after its timeout");
        }
        account(record.debit).debits_pending += record.amount;
        account(record.credit).credits_pending += record.amount;
        queued_ += pending.due != core::never ? 1 : 0;
        in_groups_ += pending.group != no_place ? 1 : 0;
        return check_resolver(pending, pending.resolved_by == no_place);
      case PendingState::expired:
        if (pending.due > ledger_.time()) {
          return broken("L10: " + name_of(pending.record) + " expired early");
        }
        return check_resolver(pending, pending.resolved_by == no_place);
      case PendingState::posted:
        if (is_resolved_by(pending, TransferKind::post)) return {};
        post(record, record.amount);
        return check_resolver(pending, is_resolved_by(pending, TransferKind::post_group));
      case PendingState::voided:
        return check_resolver(pending, is_resolved_by(pending, TransferKind::void_) ||
                                           is_resolved_by(pending, TransferKind::void_group));
    }
    return broken("L4: " + name_of(pending.record) + " has no state");
  }

  [[nodiscard]] bool is_resolved_by(const Pending& pending, TransferKind kind) const {
    return pending.resolved_by < books_.size() && books_[pending.resolved_by].kind == kind &&
           books_[pending.resolved_by].status == Status::booked;
  }

  [[nodiscard]] Check check_resolver(const Pending& pending, bool right) const {
    if (right) return {};
    return broken("L4: " + name_of(pending.record) + " is " + std::string(name(pending.state)) +
                  " by something else");
  }

  [[nodiscard]] Check compare_accounts() const {
    for (std::uint32_t i = 0; i < accounts_.size(); ++i) {
      const AccountId id{i + 1};
      const Account& kept = books_.account(id);
      const std::string name = "account '" + std::string(ledger_.names()[id]) + "'";
      if (kept != accounts_[i]) return broken("the sums of " + name + " are not its transfers'");
      Amount debits = 0;
      if (__builtin_add_overflow(kept.debits_posted, kept.debits_pending, &debits)) {
        return broken("L12: the debits of " + name + " overflow");
      }
      if (books_.is_limited(id) && debits > kept.credits_posted) {
        return broken("L3: " + name + " is overdrawn");
      }
      if (books_.is_closed(id) &&
          (kept.balance() != Balance{} || kept.debits_pending != 0 || kept.credits_pending != 0)) {
        return broken(name + " is closed, and not empty");
      }
    }
    return {};
  }

  [[nodiscard]] Check check_lists() const {
    if (pendings_.queued() != queued_) {
      return broken("L10: " + std::to_string(pendings_.queued()) + " of " +
                    std::to_string(queued_) + " open timeouts are watched");
    }
    std::size_t listed = 0;
    for (std::uint32_t group = 0; group < pendings_.group_count(); ++group) {
      std::uint32_t previous = no_place;
      for (std::uint32_t at = pendings_.group(group).first; at != no_place;
           at = pendings_[at].next) {
        const Pending& pending = pendings_[at];
        if (pending.group != group || pending.state != PendingState::open ||
            pending.previous != previous || (previous != no_place && previous >= at)) {
          return broken("L8: a group lists " + name_of(pending.record) + " wrongly");
        }
        previous = at;
        ++listed;
      }
    }
    if (listed != in_groups_) return broken("L8: a group misses an open pending transfer");
    return {};
  }

  [[nodiscard]] Check check_sums() const {
    Sum debits_posted;
    Sum credits_posted;
    Sum debits_pending;
    Sum credits_pending;
    Sum held_or_gone;
    Sum made;
    for (std::uint32_t i = 1; i <= accounts_.size(); ++i) {
      const Account& account = books_.account(AccountId{i});
      debits_posted.add(account.debits_posted);
      credits_posted.add(account.credits_posted);
      debits_pending.add(account.debits_pending);
      credits_pending.add(account.credits_pending);
      const Balance balance = account.balance();
      (balance.negative ? made : held_or_gone).add(balance.magnitude);
    }
    if (debits_posted != credits_posted) {
      return broken("L1: debits of " + sum_text(debits_posted) + " and credits of " +
                    sum_text(credits_posted) + " are posted");
    }
    if (debits_pending != credits_pending) {
      return broken("L2: debits of " + sum_text(debits_pending) + " and credits of " +
                    sum_text(credits_pending) + " are pending");
    }
    if (made != held_or_gone) {
      return broken("L11: " + sum_text(made) + " were made, and " + sum_text(held_or_gone) +
                    " are held or burned");
    }
    return {};
  }

  const Ledger& ledger_;
  const Books& books_;
  const PendingBook& pendings_;
  std::vector<Account> accounts_;
  std::size_t queued_ = 0;     // open pendings with a timeout
  std::size_t in_groups_ = 0;  // open pendings with a group
};

void add(core::StreamHash& hash, Amount amount) {
  hash.add(static_cast<std::uint64_t>(amount));
  hash.add(static_cast<std::uint64_t>(amount >> 64));
}

void add(core::StreamHash& hash, const Transfer& transfer) {
  add(hash, transfer.id.value);
  add(hash, transfer.amount);
  add(hash, transfer.pending.value);
  add(hash, transfer.group.value);
  hash.add(std::uint64_t{transfer.debit.value} << 32 | transfer.credit.value);
  hash.add(static_cast<std::uint64_t>(transfer.timeout.count()));
  hash.add(static_cast<std::uint64_t>(transfer.kind) << 16 |
           static_cast<std::uint64_t>(transfer.reason) << 8 | (transfer.linked ? 1 : 0));
}

}  // namespace

Totals totals(const Ledger& ledger) {
  Totals totals;
  Sum held;
  Sum reserved;
  for (std::uint32_t i = 1; i <= ledger.names().size(); ++i) {
    const AccountId id{i};
    const Account& account = ledger.account(id);
    reserved.add(account.debits_pending);
    if (ledger.books().is_limited(id)) held.add(account.balance().magnitude);
    if (ledger.names()[id] == mint_name) {
      totals.minted = balance_of(account.debits_posted, account.credits_posted);
    }
    if (ledger.names()[id] == burn_name) totals.burned = account.balance();
  }
  totals.held = held.saturated();
  totals.reserved = reserved.saturated();
  return totals;
}

core::Result<void> check(const Ledger& ledger) {
  return Recount(ledger).run();
}

std::uint64_t state_hash(const Ledger& ledger) {
  core::StreamHash hash;
  const Books& books = ledger.books();
  hash.add(static_cast<std::uint64_t>(ledger.time().time_since_epoch().count()));
  for (std::uint32_t i = 1; i <= ledger.names().size(); ++i) {
    for (const char c : ledger.names()[AccountId{i}]) hash.add(static_cast<unsigned char>(c));
    const Account& account = books.account(AccountId{i});
    add(hash, account.debits_pending);
    add(hash, account.debits_posted);
    add(hash, account.credits_pending);
    add(hash, account.credits_posted);
    hash.add(books.is_closed(AccountId{i}) ? 1 : 0);
  }
  for (std::uint32_t i = 0; i < books.size(); ++i) {
    add(hash, books.transfer(i));
    hash.add(static_cast<std::uint64_t>(books[i].time.time_since_epoch().count()));
    hash.add(static_cast<std::uint64_t>(books[i].status));
  }
  const PendingBook& pendings = books.pendings();
  for (std::uint32_t i = 0; i < pendings.size(); ++i) {
    hash.add(std::uint64_t{pendings[i].resolved_by} << 8 |
             static_cast<std::uint64_t>(pendings[i].state));
  }
  return hash.value();
}

}  // namespace nexa::ledger
