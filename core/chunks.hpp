#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/assert.hpp"

namespace nexa::core {

/// An array that grows and shrinks at its end and never moves what it holds: it takes memory for
/// 4096 records at a time, unless told otherwise, so that gigabytes of records are never copied.
template <class Record, std::uint32_t in_chunk = 4096>
class Chunks {
 public:
  [[nodiscard]] std::uint32_t size() const { return size_; }

  Record& operator[](std::uint32_t place) { return chunks_[place / in_chunk][place % in_chunk]; }
  const Record& operator[](std::uint32_t place) const {
    return chunks_[place / in_chunk][place % in_chunk];
  }
  [[nodiscard]] const Record& back() const { return (*this)[size_ - 1]; }

  void push_back(const Record& record) { grow() = record; }
  Record& push_back(Record&& record) { return grow() = std::move(record); }
  void pop_back() { --size_; }
  /// A record more, at the end: a fresh one, or what was left there by `pop_back`.
  Record& grow() {
    NEXA_ASSERT(size_ < UINT32_MAX - 1, "there are less than 2^32 records");
    if (size_ / in_chunk == chunks_.size()) {
      chunks_.push_back(std::make_unique_for_overwrite<Record[]>(in_chunk));
    }
    return (*this)[size_++];
  }

 private:
  std::vector<std::unique_ptr<Record[]>> chunks_;
  std::uint32_t size_ = 0;
};

}  // namespace nexa::core
