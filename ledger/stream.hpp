#pragma once

#include <cstdint>
#include <optional>

#include "core/result.hpp"
#include "core/time.hpp"
#include "ledger/amount.hpp"

namespace nexa::ledger {

/// What a stream earns: `micro_credits` in each `seconds` seconds. A pair, so that a rate such as
/// one micro-credit in three seconds is exact.
struct StreamRate {
  std::int64_t micro_credits = 0;
  std::int64_t seconds = 1;
  friend constexpr auto operator<=>(const StreamRate&, const StreamRate&) = default;
};

/// Errors: `invalid_argument` for a negative rate or a span of no seconds.
core::Result<void> check(const StreamRate& rate);

/// min(most, floor(micro_credits elapsed / (seconds 10^6))), `elapsed` in microseconds; zero for
/// time before the start. Exact in 128 bits, and always from the start of the stream, so the amount
/// does not depend on how often or when it was asked for; it never falls as time goes on.
/// Source of the law: Superfluid, `SemanticMoney.sol`: settled value + rate x time since.
Amount due(Amount most, const StreamRate& rate, core::Duration elapsed);

/// The smallest elapsed time at which at least `amount` is due; none for a rate of zero, unless
/// nothing is asked for, and none beyond the range of time. "How long will this last?"
std::optional<core::Duration> time_until_due(Amount amount, const StreamRate& rate);

/// What a stream owes at any instant, by evidence only: the clock of the ledger, the last tick that
/// a node disclosed and the last receipt that it signed. Neither side can move `due` by what it
/// says about time: a node that stops ticking stops earning a grace period later, a payer can close
/// but not take back what is due.
/// A tick is one second (see the hash chain of ticks, whose verification is not done here).
class Stream {
 public:
  struct Terms {
    StreamRate rate;
    Amount most = 0;         ///< what is held for it; `due` never exceeds it
    core::Duration grace{};  ///< after the last valid tick, accrual goes on this long
  };

  Stream(const Terms& terms, core::Time start) : terms_(terms), start_(start) {}

  /// Tick `count` was found valid at `now`; ticks may be reported late, twice or out of order, and
  /// count for no more than the time that has passed.
  void tick(std::uint64_t count, core::Time now);

  /// No accrual after `now`, nor after the last tick and its grace. The first close counts.
  void close(core::Time now);

  /// What is owed by evidence until `now`.
  [[nodiscard]] Amount due_at(core::Time now) const;

  /// The instant at which accrual stops by what is known.
  [[nodiscard]] core::Time accrues_until() const;

  [[nodiscard]] const Terms& terms() const { return terms_; }
  [[nodiscard]] core::Time start() const { return start_; }
  [[nodiscard]] std::uint64_t last_tick() const { return last_tick_; }
  [[nodiscard]] bool closed() const { return end_.has_value(); }

 private:
  Terms terms_;
  core::Time start_;
  std::uint64_t last_tick_ = 0;
  std::optional<core::Time> end_;
};

}  // namespace nexa::ledger
