#pragma once

#include <cstdint>

namespace nexa::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

/// Builds that are many times slower try fewer random cases.
constexpr std::uint64_t fewer_if_slow(std::uint64_t cases) {
  return sanitized ? cases / 10 + 1 : cases;
}

}  // namespace nexa::test
