#pragma once

#include <cstdint>
#include <span>

#include "core/platform.hpp"
#include "core/workload.hpp"
#include "io/scenario_file.hpp"

namespace nexa::cli {

/// Gives the jobs of a workload the tiers and per-slot needs that the rules say. The first rule
/// that takes a job decides; a job that no rule takes keeps its request.
///
/// A rule with a share takes a job if a draw below 10^6, made from the seed, the job's number (its
/// position where the trace gives it none) and the position of the rule, is smaller than the
/// share. Draws do not depend on each other, so that a new rule at the end moves no other job.
///
/// The rules must have passed `io::check_rules`.
void apply_tier_rules(std::span<const io::TierRule> rules, const core::Platform& platform,
                      std::uint64_t seed, core::Workload& workload);

}  // namespace nexa::cli
