#pragma once

#include <string>

#include "core/request.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace nexa::cli {

/// Whether a job that waits would start at once if it were changed: replays a log up to a time,
/// tells the engine of the change as a person would make it, and lets it step. Errors: as `replay`.
/// Cost: a replay.
core::Result<bool> would_start(const std::string& path, core::Time at, const core::Job& changed);

}  // namespace nexa::cli
