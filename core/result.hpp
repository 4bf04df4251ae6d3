#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/assert.hpp"

namespace nexa::core {

enum class ErrorCode {
  invalid_argument,
  not_found,
  unsatisfiable,
  conflict,
  limit_exceeded,
  corrupt,
  io,
  unsupported,
  refused,
  internal,
};

/// A place in a file that a person wrote. Line and column count from 1; 0 means "unknown".
struct SourcePos {
  std::string file;
  int line = 0;
  int column = 0;
};

/// Why something could not be done, for a person. `message` starts in lower case and names the
/// value that was found; `hint` says what to do, and may be empty.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string hint;
  SourcePos where;
};

/// An error that no file is to blame for, unless `where` says so.
inline Error make_error(ErrorCode code, std::string message, std::string hint = {},
                        SourcePos where = {}) {
  return {.code = code,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = std::move(where)};
}

/// A value or an `Error`, with the member names of `std::expected`, which g++ 12 offers only in
/// C++23.
template <class T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a value is a result, as in std::expected.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): an error is a result, as in std::expected.
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return checked(), std::get<0>(state_); }
  const T& value() const& { return checked(), std::get<0>(state_); }
  T&& value() && { return checked(), std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const& {
    NEXA_ASSERT(!has_value(), "error() needs a failed result");
    return std::get<1>(state_);
  }
  [[nodiscard]] Error&& error() && {
    NEXA_ASSERT(!has_value(), "error() needs a failed result");
    return std::get<1>(std::move(state_));
  }

 private:
  void checked() const { NEXA_ASSERT(has_value(), "value() needs a successful result"); }
  std::variant<T, Error> state_;
};

/// Success without a value, or an `Error`.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): an error is a result, as in std::expected.
  Result(Error error) : error_(std::move(error)), failed_(true) {}

  [[nodiscard]] bool has_value() const { return !failed_; }
  explicit operator bool() const { return has_value(); }
  [[nodiscard]] const Error& error() const {
    NEXA_ASSERT(failed_, "error() needs a failed result");
    return error_;
  }

 private:
  Error error_;
  bool failed_ = false;
};

}  // namespace nexa::core
