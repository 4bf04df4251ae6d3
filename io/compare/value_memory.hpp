#pragma once

#include <cstddef>

#include "io/hdf5/handle.hpp"

namespace nexa::io::compare {

/// Memory for what values refer to: strings and sequences of any length. A file of a few bytes can
/// ask for any amount of it, by referring to one long string again and again, so there is only so
/// much; a read that wants more fails.
class ValueMemory {
 public:
  /// For the values of one block.
  static constexpr std::size_t most_bytes = std::size_t{64} << 20;

  ValueMemory();
  ValueMemory(const ValueMemory&) = delete;
  ValueMemory& operator=(const ValueMemory&) = delete;
  ~ValueMemory() { clear(); }

  /// The properties for H5Dread that make the library use this memory.
  [[nodiscard]] const hdf5::Handle& transfer() const { return transfer_; }
  /// True where a read wanted more than there is.
  [[nodiscard]] bool is_exhausted() const { return is_exhausted_; }
  /// Frees all of it.
  void clear();

 private:
  struct Piece;
  static void* allocate(std::size_t size, void* memory);

  hdf5::Handle transfer_;
  Piece* last_ = nullptr;
  std::size_t used_ = 0;
  bool is_exhausted_ = false;
};

}  // namespace nexa::io::compare
