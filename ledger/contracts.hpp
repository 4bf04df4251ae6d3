#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>

#include "ledger/job_terms.hpp"

namespace nexa::ledger {

/// Keeps contracts for ever, most of them once: one is shared with the latest few that were asked
/// for. Jobs point to them.
class Contracts {
 public:
  const Contract* share(const Contract& contract) {
    const auto known = std::find_if(recent_.begin(), recent_.end(), [&](const Contract* each) {
      return each != nullptr && *each == contract;
    });
    const Contract* const kept = known == recent_.end() ? &all_.emplace_back(contract) : *known;
    // The latest comes first; of those that are full, the oldest falls off.
    const auto gap = known == recent_.end() ? known - 1 : known;
    std::move_backward(recent_.begin(), gap, gap + 1);
    recent_.front() = kept;
    return kept;
  }

 private:
  std::deque<Contract> all_;
  std::array<const Contract*, 16> recent_{};
};

}  // namespace nexa::ledger
