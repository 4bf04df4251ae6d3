#pragma once

#include <cstdint>
#include <span>

namespace nexa::core {

/// Overwrites a secret that is not needed any more. The compiler may not leave it out, although
/// nothing reads the bytes afterwards.
inline void wipe(std::span<std::uint8_t> secret) {
  volatile std::uint8_t* byte = secret.data();
  for (std::size_t i = 0; i < secret.size(); ++i) byte[i] = 0;
}

}  // namespace nexa::core
