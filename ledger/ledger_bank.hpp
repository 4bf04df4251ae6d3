#pragma once

#include "ledger/bank.hpp"
#include "ledger/ledger.hpp"

namespace nexa::ledger {

/// The ledger in memory as a bank. An error names the transfer of the chain that was refused, with
/// the ledger's own word for why.
class LedgerBank final : public Bank {
 public:
  explicit LedgerBank(Ledger& ledger) : ledger_(ledger) {}

  core::Result<AccountId> open(std::string_view name, core::Time now) override {
    return ledger_.open(name, now);
  }
  core::Result<void> book(std::span<const Transfer> chain, core::Time now) override;
  [[nodiscard]] Amount available(AccountId account) const override;

 private:
  Ledger& ledger_;
};

}  // namespace nexa::ledger
