#pragma once

#include "ledger/ledger_bank.hpp"

namespace nexa::simulator {

/// A31: a bank that can be away. It answers nothing then.
class SwitchedBank final : public ledger::Bank {
 public:
  explicit SwitchedBank(ledger::Ledger& ledger) : bank_(ledger) {}

  void set_up(bool up) { up_ = up; }
  [[nodiscard]] bool is_up() const { return up_; }

  core::Result<ledger::AccountId> open(std::string_view name, core::Time now) override {
    if (!up_) return away();
    return bank_.open(name, now);
  }
  core::Result<void> book(std::span<const ledger::Transfer> chain, core::Time now) override {
    if (!up_) return away();
    return bank_.book(chain, now);
  }
  [[nodiscard]] ledger::Amount available(ledger::AccountId account) const override {
    return bank_.available(account);
  }

 private:
  static core::Error away() {
    return {.code = core::ErrorCode::io,
            .message = "the ledger does not answer",
            .hint = "try again when it is back",
            .where = {}};
  }
  ledger::LedgerBank bank_;
  bool up_ = true;
};

}  // namespace nexa::simulator
