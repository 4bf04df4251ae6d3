#include "validator/lean.hpp"

#include <algorithm>
#include <cstdlib>

namespace nexa::validator {

bool LeanTest::was_lately(std::uint32_t other) {
  if (std::find(lately_.begin(), lately_.end(), other + 1) != lately_.end()) return true;
  lately_[oldest_] = other + 1;
  oldest_ = (oldest_ + 1) % others_between;
  return false;
}

bool LeanTest::add(std::int32_t permille, std::uint32_t other) {
  if (was_lately(other)) return false;
  const std::int64_t bounded = std::clamp<std::int64_t>(permille, -1000, 1000);
  if (count_ == remembered) {
    count_ /= 2;
    sum_ /= 2;
    squares_ /= 2;
  }
  ++count_;
  sum_ += bounded;
  squares_ += bounded * bounded;
  const bool before = leans_;
  leans_ = leans_ ? std::abs(sum_) >= harmless_permille * count_ : is_significant();
  return leans_ != before;
}

// |mean| - harmless >= z * sqrt(variance / n), multiplied by n and squared. The variance is that of
// the sample, (n * squares - sum^2) / (n * (n - 1)); halving may have rounded it below zero.
bool LeanTest::is_significant() const {
  if (count_ < fewest) return false;
  const std::int64_t beyond = std::abs(sum_) - harmless_permille * count_;
  if (beyond < 0) return false;
  const std::int64_t spread = std::max<std::int64_t>(count_ * squares_ - sum_ * sum_, 0);
  return beyond * beyond * (count_ - 1) >= standard_errors * standard_errors * spread;
}

std::int32_t LeanTest::mean_permille() const {
  return count_ == 0 ? 0 : static_cast<std::int32_t>(sum_ / count_);
}

}  // namespace nexa::validator
