#pragma once

#include "core/economy.hpp"
#include "io/yaml/codec.hpp"

namespace nexa::io {

/// `economy` of a scenario: what providers reckon with.
Codec<core::Economy> economy_codec();

}  // namespace nexa::io
