#pragma once

#include <cstdint>
#include <string_view>

#include "tier/catalog.hpp"
#include "tier/profile.hpp"

namespace nexa::tier {

enum class GpuClass : std::uint8_t { unknown, datacenter, consumer, display_only };

/// `unknown`, `datacenter` …
const char* to_string(GpuClass gpu_class);

/// Whether `pattern` (see `GpuModels`) is found in `name`.
bool matches_model(std::string_view pattern, std::string_view name);

/// What the catalogue makes of a GPU's vendor and model.
GpuClass gpu_class(const GpuModels& models, const Gpu& gpu);

}  // namespace nexa::tier
