#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <vector>

namespace nexa::core {

/// A sequence that asks for memory only when it gets longer than `few`. For values that are cheap
/// to move.
template <class T, std::size_t few>
class ShortList {
 public:
  void push_back(const T& item) { grow() = item; }
  /// An item more, at the end: a fresh one, or what was left there by `clear`, which may own memory
  /// that is worth to be used again.
  T& grow() {
    if (size_ >= few) {
      if (size_ == few) {
        many_.assign(std::make_move_iterator(few_.begin()), std::make_move_iterator(few_.end()));
      }
      many_.emplace_back();
    }
    return data()[size_++];
  }
  void clear() {
    size_ = 0;
    many_.clear();
  }
  /// Removes the items of which the condition holds. The others keep their order.
  template <class Condition>
  void erase_if(Condition condition) {
    size_ = static_cast<std::size_t>(std::remove_if(begin(), end(), condition) - begin());
    if (many_.empty()) return;
    many_.resize(size_);
    if (size_ > few) return;
    std::move(many_.begin(), many_.end(), few_.begin());
    many_.clear();
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T* data() { return many_.empty() ? few_.data() : many_.data(); }
  [[nodiscard]] const T* data() const { return many_.empty() ? few_.data() : many_.data(); }
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

}  // namespace nexa::core
