#pragma once

#include <span>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

/// The ledger as the money of jobs needs it; a port, so that a bank that is down can be tried.
/// An error of any call means that it booked nothing.
class Bank {
 public:
  Bank() = default;
  Bank(const Bank&) = delete;
  Bank& operator=(const Bank&) = delete;
  virtual ~Bank() = default;

  /// The account of that name, `kind:name`, which begins to exist if it does not.
  virtual core::Result<AccountId> open(std::string_view name, core::Time now) = 0;

  /// Books all transfers or none; the same chain again is the same success. Errors: `refused` where
  /// the books forbid it, for ever under these ids, and others where the bank cannot say.
  virtual core::Result<void> book(std::span<const Transfer> chain, core::Time now) = 0;

  /// What can be spent of an account, holds deducted.
  [[nodiscard]] virtual Amount available(AccountId account) const = 0;
};

}  // namespace nexa::ledger
