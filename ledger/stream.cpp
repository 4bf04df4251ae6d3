#include "ledger/stream.hpp"

#include <algorithm>

namespace nexa::ledger {
namespace {

constexpr Amount microseconds_per_second = 1'000'000;

Amount unsigned_of(std::int64_t value) {
  NEXA_ASSERT(value >= 0, "a rate was checked");
  return static_cast<Amount>(value);
}

}  // namespace

core::Result<void> check(const StreamRate& rate) {
  if (rate.micro_credits >= 0 && rate.seconds >= 1) return {};
  return core::Error{.code = core::ErrorCode::invalid_argument,
                     .message = "a stream of " + std::to_string(rate.micro_credits) +
                                " micro-credits in " + std::to_string(rate.seconds) + " seconds",
                     .hint = "a rate is not negative and its time at least one second",
                     .where = {}};
}

Amount due(Amount most, const StreamRate& rate, core::Duration elapsed) {
  if (elapsed <= core::Duration{}) return 0;
  // Both factors are below 2^63, so the product and the divisor fit.
  const Amount earned = unsigned_of(rate.micro_credits) * unsigned_of(elapsed.count()) /
                        (unsigned_of(rate.seconds) * microseconds_per_second);
  return std::min(most, earned);
}

std::optional<core::Duration> time_until_due(Amount amount, const StreamRate& rate) {
  if (amount == 0) return core::Duration{};
  if (rate.micro_credits == 0) return std::nullopt;
  const Amount span = unsigned_of(rate.seconds) * microseconds_per_second;
  Amount product = 0;
  if (__builtin_mul_overflow(amount, span, &product)) return std::nullopt;
  const Amount micro = unsigned_of(rate.micro_credits);
  const Amount elapsed = product / micro + (product % micro == 0 ? 0 : 1);
  if (elapsed > static_cast<Amount>(INT64_MAX)) return std::nullopt;
  return core::Duration{static_cast<std::int64_t>(elapsed)};
}

void Stream::tick(std::uint64_t count, core::Time now) {
  const core::Duration passed = std::max(now - start_, core::Duration{});
  const auto seconds = static_cast<std::uint64_t>(passed.count()) /
                       static_cast<std::uint64_t>(microseconds_per_second);
  last_tick_ = std::max(last_tick_, std::min(count, seconds));
}

void Stream::close(core::Time now) {
  if (!end_.has_value()) end_ = std::max(now, start_);
}

core::Time Stream::accrues_until() const {
  const core::Time by_ticks =
      start_ + core::seconds(static_cast<std::int64_t>(last_tick_)) + terms_.grace;
  return end_.has_value() ? std::min(*end_, by_ticks) : by_ticks;
}

Amount Stream::due_at(core::Time now) const {
  return due(terms_.most, terms_.rate, std::min(now, accrues_until()) - start_);
}

}  // namespace nexa::ledger
