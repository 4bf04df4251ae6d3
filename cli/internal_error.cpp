#include "cli/internal_error.hpp"

#include <cstdio>
#include <cstdlib>

#include "cli/exit_code.hpp"
#include "core/assert.hpp"

namespace nexa::cli {

namespace {

constexpr const char* please_report =
    "     = help: please report this with the command line and the input files\n";

/// Nothing is unwound, since the state is not to be trusted; files under their final names are
/// whole at all times.
void end_process(const char* condition, const char* why, const char* file, int line) {
  std::fprintf(stderr, "nexa: internal error: %s\n     = %s:%d: '%s' does not hold\n%s", why, file,
               line, condition, please_report);
#ifdef NDEBUG
  std::_Exit(exit_internal);
#else
  std::abort();
#endif
}

void throw_broken(const char* condition, const char* why, const char* /*file*/, int /*line*/) {
  throw BrokenInvariant{condition, why};
}

}  // namespace

void install_assert_handler() {
  core::set_assert_handler(end_process);
}

int report_internal_error(const char* what) {
  std::fprintf(stderr, "nexa: internal error: %s\n%s", what, please_report);
  return exit_internal;
}

ThrowingAsserts::ThrowingAsserts() {
  core::set_assert_handler(throw_broken);
}
ThrowingAsserts::~ThrowingAsserts() {
  install_assert_handler();
}

}  // namespace nexa::cli
