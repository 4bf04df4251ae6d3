#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>

#include "ledger/job_terms.hpp"

namespace nexa::ledger {

/// Keeps contracts for ever, most of them once: one is shared with the latest few that were asked
/// for. Jobs point to them, or know their numbers.
class Contracts {
 public:
  /// The number of a contract that is equal to this one.
  std::uint32_t share(const Contract& contract) {
    auto gap = std::find_if(recent_.begin(), recent_.end(), [&](std::uint32_t number) {
      return number != none && all_[number] == contract;
    });
    std::uint32_t number = none;
    if (gap == recent_.end()) {
      // It is a new one; the oldest falls off.
      number = static_cast<std::uint32_t>(all_.size());
      all_.push_back(contract);
      --gap;
    } else {
      number = *gap;
    }
    std::move_backward(recent_.begin(), gap, gap + 1);
    recent_.front() = number;
    return number;
  }
  [[nodiscard]] const Contract* at(std::uint32_t number) const { return &all_[number]; }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::array<std::uint32_t, 16> nothing = [] {
    std::array<std::uint32_t, 16> numbers{};
    numbers.fill(none);
    return numbers;
  }();
  std::deque<Contract> all_;
  std::array<std::uint32_t, 16> recent_ = nothing;
};

}  // namespace nexa::ledger
