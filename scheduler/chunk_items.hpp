#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include "core/assert.hpp"

namespace nexa::scheduler {

/// A sequence of at most `capacity` elements in one piece of memory. The room that is left may be
/// in front as well as behind, so that taking the first element moves nothing, and any other
/// removal moves the shorter side. An insertion moves what is behind it.
template <class T, std::size_t capacity>
class ChunkItems {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  ChunkItems() = default;
  ChunkItems(const ChunkItems&) = delete;
  ChunkItems& operator=(const ChunkItems&) = delete;

  [[nodiscard]] const T* begin() const { return first_; }
  [[nodiscard]] const T* end() const { return past_; }
  [[nodiscard]] const T* data() const { return first_; }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(past_ - first_); }
  [[nodiscard]] bool empty() const { return first_ == past_; }
  [[nodiscard]] bool full() const { return size() == capacity; }
  [[nodiscard]] const T& front() const { return *first_; }
  [[nodiscard]] const T& back() const { return past_[-1]; }

  /// Whether an element can be appended without moving more than half a chunk.
  [[nodiscard]] bool can_append_cheaply() const {
    return past_ != storage_.data() + capacity || size() <= capacity / 2;
  }

  void push_back(const T& item) {
    make_room_behind(1);
    *past_++ = item;
  }

  void append(const T* first, const T* last) {
    make_room_behind(last - first);
    past_ = std::copy(first, last, past_);
  }

  void insert(const T* before, const T& item) {
    const std::ptrdiff_t index = before - first_;
    make_room_behind(1);
    T* const place = first_ + index;
    std::move_backward(place, past_, past_ + 1);
    *place = item;
    ++past_;
  }

  void erase(const T* item) {
    T* const place = first_ + (item - first_);
    if (place - first_ < past_ - place) {
      std::move_backward(first_, place, place + 1);
      ++first_;
    } else {
      std::move(place + 1, past_, place);
      --past_;
    }
  }

  void pop_front() { ++first_; }

  /// Keeps the first `count` elements.
  void truncate(std::size_t count) { past_ = first_ + count; }
  void clear() { first_ = past_ = storage_.data(); }

 private:
  void make_room_behind(std::ptrdiff_t count) {
    if (storage_.data() + capacity - past_ >= count) return;
    NEXA_ASSERT(size() + static_cast<std::size_t>(count) <= capacity, "a chunk has no room left");
    past_ = std::move(first_, past_, storage_.data());
    first_ = storage_.data();
  }

  std::array<T, capacity> storage_{};
  T* first_ = storage_.data();
  T* past_ = storage_.data();
};

}  // namespace nexa::scheduler
