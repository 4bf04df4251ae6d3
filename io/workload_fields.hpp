#pragma once

#include <string>

#include "core/workload_model.hpp"
#include "io/yaml/codec.hpp"

namespace nexa::io {

/// `synthetic` of a workload: a model, and the tier that it is for.
struct SyntheticSource {
  core::WorkloadModel model;  ///< its tiers follow from `tier`
  Located<std::string> tier;  ///< empty: all
};

Codec<SyntheticSource> synthetic_codec();

}  // namespace nexa::io
