#pragma once

#include <cstddef>

namespace nexa::io {

/// So much of a file is read at a time: large enough for the cost of a call not to matter.
inline constexpr std::size_t chunk_bytes = std::size_t{64} << 10;

}  // namespace nexa::io
