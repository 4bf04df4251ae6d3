#include "core/assert.hpp"

#include <atomic>
#include <cstdlib>

namespace nexa::core {
namespace {

std::atomic<AssertHandler> handler_in_force{nullptr};

}  // namespace

void set_assert_handler(AssertHandler handler) noexcept {
  handler_in_force = handler;
}

void assert_failed(const char* condition, const char* why, const char* file, int line) {
  if (const AssertHandler handler = handler_in_force) handler(condition, why, file, line);
  std::abort();
}

}  // namespace nexa::core
