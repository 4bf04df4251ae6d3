#pragma once

namespace nexa::cli {

/// From now on a broken invariant is reported on standard error and ends the process: with exit
/// code 70, or in debug builds with a core dump.
void install_assert_handler();

/// The same report for an exception that nobody expected. Returns the exit code.
int report_internal_error(const char* what);

/// A broken invariant as an exception, where it can be blamed on input.
struct BrokenInvariant {
  const char* condition;
  const char* why;
};

/// While it lives, a broken invariant throws `BrokenInvariant`. What was being called when that
/// happened must not be used any more.
class ThrowingAsserts {
 public:
  ThrowingAsserts();
  ThrowingAsserts(const ThrowingAsserts&) = delete;
  ThrowingAsserts& operator=(const ThrowingAsserts&) = delete;
  ~ThrowingAsserts();
};

}  // namespace nexa::cli
