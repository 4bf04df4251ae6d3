#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace nexa::validator {

/// A sequence that asks for memory only when it gets longer than `few`. For small values that are
/// cheap to copy.
template <class T, std::size_t few>
class ShortList {
 public:
  void push_back(const T& item) {
    if (size_ < few) {
      few_[size_] = item;
    } else {
      if (size_ == few) many_.assign(few_.begin(), few_.end());
      many_.push_back(item);
    }
    ++size_;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T* data() { return size_ <= few ? few_.data() : many_.data(); }
  [[nodiscard]] const T* data() const { return size_ <= few ? few_.data() : many_.data(); }
  T& operator[](std::size_t index) { return data()[index]; }
  const T& operator[](std::size_t index) const { return data()[index]; }
  [[nodiscard]] T* begin() { return data(); }
  [[nodiscard]] T* end() { return data() + size_; }
  [[nodiscard]] const T* begin() const { return data(); }
  [[nodiscard]] const T* end() const { return data() + size_; }

 private:
  std::size_t size_ = 0;
  std::array<T, few> few_{};
  std::vector<T> many_;  ///< all of them, once they are more than few
};

}  // namespace nexa::validator
