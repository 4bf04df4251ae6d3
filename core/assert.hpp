#pragma once

namespace nexa::core {

/// What a host does with a broken invariant. The simulator aborts, a plugin degrades by throwing
/// to its C boundary. A handler must not return.
using AssertHandler = void (*)(const char* condition, const char* why, const char* file, int line);

void set_assert_handler(AssertHandler handler) noexcept;
[[noreturn]] void assert_failed(const char* condition, const char* why, const char* file, int line);

}  // namespace nexa::core

/// Checks an invariant in every build. `why` says what the caller relied on.
#define NEXA_ASSERT(condition, why) \
  (static_cast<bool>(condition)     \
       ? static_cast<void>(0)       \
       : ::nexa::core::assert_failed(#condition, why, __FILE__, __LINE__))
