#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace nexa::validator {

/// Keeps copies of short sequences at addresses that do not move until `clear`.
template <class T>
class SpanArena {
 public:
  std::span<T> copy(std::span<const T> items) {
    if (items.empty()) return {};
    if (chunk_ == chunks_.size() || used_ + items.size() > chunks_[chunk_].size) {
      next_chunk(items.size());
    }
    T* const begin = chunks_[chunk_].items.get() + used_;
    std::copy(items.begin(), items.end(), begin);
    used_ += items.size();
    return {begin, items.size()};
  }
  void clear() {
    chunk_ = 0;
    used_ = 0;
  }

 private:
  struct Chunk {
    std::unique_ptr<T[]> items;
    std::size_t size = 0;
  };

  void next_chunk(std::size_t least) {
    constexpr std::size_t usual = 1024;
    if (chunk_ < chunks_.size()) ++chunk_;
    while (chunk_ < chunks_.size() && chunks_[chunk_].size < least) ++chunk_;
    if (chunk_ == chunks_.size()) {
      const std::size_t size = std::max(usual, least);
      chunks_.push_back({std::make_unique<T[]>(size), size});
    }
    used_ = 0;
  }

  std::vector<Chunk> chunks_;
  std::size_t chunk_ = 0;
  std::size_t used_ = 0;
};

}  // namespace nexa::validator
