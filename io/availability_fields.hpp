#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/availability.hpp"
#include "io/yaml/codec.hpp"

namespace nexa::io {

/// One entry of `availability` of a scenario: a model, or a trace in its place.
struct AvailabilitySource {
  core::NodeAvailabilityModel model;  ///< its group is that of `group`
  Located<std::string> group;         ///< empty: every group without an entry of its own
  Located<std::string> trace;         ///< a file; empty: the model
  std::uint32_t system = 0;           ///< of a trace of several systems; 0: the first
};

Codec<std::vector<AvailabilitySource>> availability_codec();

}  // namespace nexa::io
