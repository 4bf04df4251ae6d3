#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {

/// The policies that an engine runs with. Immutable and shared, so that copies are cheap.
struct PolicySet {
  std::string text;  ///< canonical text form, which `parse_policy_set` reads back
  std::shared_ptr<const Policy> order;
  std::shared_ptr<const Policy> backfill;
  std::shared_ptr<const Policy> backfill_order;  ///< null: the order of the queue
  std::vector<std::shared_ptr<const Policy>> filters;
  std::vector<std::shared_ptr<const Policy>> scores;
};

/// Reads `sjf+easy:order=saf,depth=100+fastest_first`: components joined by `+`, each the name of
/// a policy with optional parameters. At most one order and one backfill policy; missing ones are
/// `fcfs`, `none` and, for the score, `lowest_tier`. Errors name the nearest known word.
core::Result<PolicySet> parse_policy_set(std::string_view text);

}  // namespace nexa::scheduler
