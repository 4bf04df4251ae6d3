#pragma once

#include <memory>
#include <utility>

#include "core/assert.hpp"

namespace nexa::ledger {

/// An optional value that few records have: it takes the room of a pointer where there is none.
/// A copy copies the value.
template <class T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(const Boxed& other) : value_(other.has_value() ? std::make_unique<T>(*other) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(const Boxed& other) {
    if (this == &other) return *this;
    if (has_value() && other.has_value()) {
      *value_ = *other;
    } else {
      value_ = other.has_value() ? std::make_unique<T>(*other) : nullptr;
    }
    return *this;
  }
  Boxed& operator=(Boxed&&) noexcept = default;
  ~Boxed() = default;

  [[nodiscard]] bool has_value() const { return value_ != nullptr; }
  T& operator*() { return checked(); }
  const T& operator*() const { return checked(); }
  T* operator->() { return &checked(); }
  const T* operator->() const { return &checked(); }

  template <class... Args>
  T& emplace(Args&&... args) {
    value_ = std::make_unique<T>(T{std::forward<Args>(args)...});
    return *value_;
  }
  void reset() { value_.reset(); }

 private:
  [[nodiscard]] T& checked() const {
    NEXA_ASSERT(has_value(), "there is a value");
    return *value_;
  }
  std::unique_ptr<T> value_;
};

}  // namespace nexa::ledger
