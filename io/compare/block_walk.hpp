#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nexa::io::compare {

using Extent = std::vector<std::uint64_t>;

/// Walks an array of any number of dimensions in blocks: the blocks in row-major order of their
/// corners, and within a block its elements in row-major order. Counted in that order, each element
/// has an index.
class BlockWalk {
 public:
  /// `block` is not zero in any dimension, nor larger than `size` where that is not zero.
  BlockWalk(Extent size, Extent block);

  /// False once all blocks have been walked; the first one is there from the beginning, unless the
  /// array has no elements.
  [[nodiscard]] bool has_block() const { return has_block_; }
  void advance();

  [[nodiscard]] const Extent& start() const { return start_; }  ///< of the block
  [[nodiscard]] const Extent& count() const { return count_; }  ///< cut at the end of the array
  [[nodiscard]] std::uint64_t elements() const;                 ///< of the block

 private:
  void cut();

  Extent size_;
  Extent block_;
  Extent start_;
  Extent count_;
  bool has_block_ = true;
};

/// The coordinates of the element with an index. O(blocks).
Extent coordinates_at(const Extent& size, const Extent& block, std::uint64_t index);

/// `[3, 4]`; nothing for no dimensions.
std::string coordinates_text(const Extent& coordinates);

/// A block for reading two arrays of one size that may be stored in chunks. It is the same with the
/// two exchanged: whole chunks of both where those are not too large, and enough of them for
/// `most_bytes`; a `chunk` is empty where there are none.
Extent block_for(const Extent& size, const Extent& chunk_a, const Extent& chunk_b,
                 std::uint64_t element_bytes, std::uint64_t most_bytes);

}  // namespace nexa::io::compare
