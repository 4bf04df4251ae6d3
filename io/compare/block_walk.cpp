#include "io/compare/block_walk.hpp"

#include <algorithm>
#include <utility>

namespace nexa::io::compare {

namespace {

/// The product, or `most` where it is larger.
std::uint64_t product_up_to(const Extent& factors, std::uint64_t most) {
  std::uint64_t product = 1;
  for (const std::uint64_t factor : factors) {
    if (factor != 0 && product > most / factor) return most;
    product *= factor;
  }
  return product;
}

}  // namespace

BlockWalk::BlockWalk(Extent size, Extent block)
    : size_(std::move(size)), block_(std::move(block)), start_(size_.size(), 0) {
  has_block_ = std::find(size_.begin(), size_.end(), 0U) == size_.end();
  cut();
}

void BlockWalk::cut() {
  count_.resize(size_.size());
  for (std::size_t d = 0; d < size_.size(); ++d) {
    count_[d] = std::min(block_[d], size_[d] - start_[d]);
  }
}

void BlockWalk::advance() {
  for (std::size_t d = size_.size(); d > 0; --d) {
    start_[d - 1] += block_[d - 1];
    if (start_[d - 1] < size_[d - 1]) {
      cut();
      return;
    }
    start_[d - 1] = 0;
  }
  has_block_ = false;
}

std::uint64_t BlockWalk::elements() const {
  std::uint64_t product = 1;
  for (const std::uint64_t count : count_) product *= count;
  return product;
}

Extent coordinates_at(const Extent& size, const Extent& block, std::uint64_t index) {
  BlockWalk walk(size, block);
  while (walk.has_block() && index >= walk.elements()) {
    index -= walk.elements();
    walk.advance();
  }
  Extent coordinates = walk.start();
  for (std::size_t d = coordinates.size(); d > 0; --d) {
    coordinates[d - 1] += index % walk.count()[d - 1];
    index /= walk.count()[d - 1];
  }
  return coordinates;
}

std::string coordinates_text(const Extent& coordinates) {
  if (coordinates.empty()) return {};
  std::string text = "[";
  for (std::size_t d = 0; d < coordinates.size(); ++d) {
    text += (d == 0 ? "" : ", ") + std::to_string(coordinates[d]);
  }
  return text + ']';
}

Extent block_for(const Extent& size, const Extent& chunk_a, const Extent& chunk_b,
                 std::uint64_t element_bytes, std::uint64_t most_bytes) {
  const std::uint64_t most = std::max<std::uint64_t>(1, most_bytes / element_bytes);
  Extent block(size.size(), 1);
  for (std::size_t d = 0; d < size.size(); ++d) {
    if (!chunk_a.empty()) block[d] = std::max(block[d], chunk_a[d]);
    if (!chunk_b.empty()) block[d] = std::max(block[d], chunk_b[d]);
    block[d] = std::min(block[d], std::max<std::uint64_t>(1, size[d]));
  }
  // Chunks that are too large, or lie across each other, are read in slices.
  for (std::size_t d = 0; d < size.size() && product_up_to(block, most + 1) > most; ++d) {
    Extent others = block;
    others[d] = 1;
    block[d] = std::max<std::uint64_t>(1, most / product_up_to(others, most));
  }
  // The innermost dimensions grow first, so that a block is one stretch of the file if it can be.
  for (std::size_t d = size.size(); d > 0; --d) {
    const std::uint64_t factor = most / product_up_to(block, most);
    const std::uint64_t whole = std::max<std::uint64_t>(1, size[d - 1]);
    if (factor < 2) break;
    block[d - 1] = block[d - 1] > whole / factor ? whole : block[d - 1] * factor;
    if (block[d - 1] < whole) break;
  }
  return block;
}

}  // namespace nexa::io::compare
