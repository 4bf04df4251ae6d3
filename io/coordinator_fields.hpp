#pragma once

#include <string>

#include "core/coordinator.hpp"
#include "core/defences.hpp"
#include "io/yaml/codec.hpp"

namespace nexa::io {

/// `defences` of a scenario: which of them are on.
Codec<core::Defences> defences_codec();

/// `coordinator` of a scenario.
struct CoordinatorSource {
  core::CoordinatorFaults faults;       ///< its group is that of `favoured_group`
  Located<std::string> favoured_group;  ///< empty: all
};

Codec<CoordinatorSource> coordinator_codec();

}  // namespace nexa::io
