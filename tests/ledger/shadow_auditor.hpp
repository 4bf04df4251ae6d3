#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "ledger/status.hpp"
#include "ledger/transfer.hpp"

namespace nexa::test {

/// A second ledger, slow and plain, that predicts what the real one must answer. It shares the
/// records of a transfer and the words for outcomes with it, and not a line of code: everything is
/// in maps, groups and timeouts are found by looking at all transfers, and a chain is tried on a
/// copy of everything.
class ShadowAuditor {
 public:
  struct Purse {
    bool may_owe = false;
    bool closed = false;
    ledger::Amount debits_pending = 0;
    ledger::Amount debits_posted = 0;
    ledger::Amount credits_pending = 0;
    ledger::Amount credits_posted = 0;
  };
  /// What became of an id.
  struct Fate {
    bool failed = false;
    ledger::Status why{};
    ledger::Transfer booked;     // as it was asked for, its amount worked out
    core::Time time{};           // of booking or failure
    std::uint64_t sequence = 0;  // in the order of booking
    std::string state;           // of a pending: open, posted, voided, expired
  };
  struct Expiry {
    core::Time time;
    ledger::TransferId id;
    friend bool operator==(const Expiry&, const Expiry&) = default;
  };

  void open(ledger::AccountId account, bool may_owe, core::Time now);
  void close(ledger::AccountId account, core::Time now);

  std::vector<ledger::Status> book(const std::vector<ledger::Transfer>& batch, core::Time now);
  void expire(core::Time now);

  [[nodiscard]] std::optional<core::Time> next_expiry() const;
  [[nodiscard]] core::Time time() const { return books_.time; }
  [[nodiscard]] const std::map<std::uint32_t, Purse>& purses() const { return books_.purses; }
  [[nodiscard]] const std::map<ledger::TransferId, Fate>& fates() const { return books_.fates; }
  /// All that expired, in its order.
  [[nodiscard]] const std::vector<Expiry>& expiries() const { return expiries_; }

 private:
  struct Books {
    std::map<std::uint32_t, Purse> purses;
    std::map<ledger::TransferId, Fate> fates;
    core::Time time{};
    std::uint64_t sequence = 0;
  };

  ledger::Status judge(const ledger::Transfer& asked, core::Time now);
  ledger::Status judge_known(const ledger::Transfer& asked, const Fate& fate) const;
  static ledger::Status judge_form(const ledger::Transfer& asked);
  ledger::Status judge_move(const ledger::Transfer& asked, core::Time now) const;
  ledger::Status judge_resolution(const ledger::Transfer& asked) const;
  [[nodiscard]] std::vector<ledger::TransferId> open_of_group(ledger::GroupId group) const;
  void carry_out(const ledger::Transfer& asked, core::Time now);
  void release(ledger::TransferId pending, const char* state);
  void pay(const ledger::Transfer& from_to, ledger::Amount amount);
  void remember_failure(ledger::TransferId id, ledger::Status why, core::Time now);
  void book_chain(const std::vector<ledger::Transfer>& chain, core::Time now,
                  std::vector<ledger::Status>& answers);

  Books books_;
  std::vector<Expiry> expiries_;
};

}  // namespace nexa::test
