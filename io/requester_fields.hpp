#pragma once

#include <vector>

#include "core/requester.hpp"
#include "io/yaml/codec.hpp"

namespace nexa::io {

/// `requesters` of a scenario: a list of groups of users, each with a name of its own.
Codec<std::vector<core::RequesterGroup>> requesters_codec();

}  // namespace nexa::io
