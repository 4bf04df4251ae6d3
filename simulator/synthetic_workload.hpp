#pragma once

#include <cstdint>

#include "core/platform.hpp"
#include "core/workload.hpp"
#include "core/workload_model.hpp"

namespace nexa::simulator {

/// Draws the jobs of a model for a platform, of which some node has one of the model's tiers. The
/// n-th job depends on the seed and on n alone, but for its time of submission, which is the sum of
/// the gaps before it. The first is submitted at time 0.
core::Workload draw_workload(const core::WorkloadModel& model, const core::Platform& platform,
                             std::uint64_t seed);

}  // namespace nexa::simulator
