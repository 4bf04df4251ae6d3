#pragma once

#include <cstddef>
#include <string>

#include "core/result.hpp"

namespace nexa::io {

/// All bytes of a file, as they are stored. Errors: `not_found`, `io`, and `limit_exceeded` for a
/// file of more than `most_bytes`, of which no more than that and one byte are read.
core::Result<std::string> read_file(const std::string& path, std::size_t most_bytes);

}  // namespace nexa::io
