#include "io/compare/value_memory.hpp"

#include <hdf5.h>

#include <cstdlib>
#include <new>

namespace nexa::io::compare {

/// What stands before each piece of memory that was given away.
struct alignas(std::max_align_t) ValueMemory::Piece {
  Piece* before = nullptr;
};

ValueMemory::ValueMemory() : transfer_(H5Pcreate(H5P_DATASET_XFER)) {
  // Nothing is freed alone, all of it in clear().
  const auto keep = [](void*, void*) {};
  H5Pset_vlen_mem_manager(transfer_.get(), allocate, this, keep, nullptr);
}

void* ValueMemory::allocate(std::size_t size, void* memory) {
  auto& self = *static_cast<ValueMemory*>(memory);
  if (size > most_bytes - self.used_) {
    self.is_exhausted_ = true;
    return nullptr;
  }
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc): no exception may pass through the library.
  void* const bytes = std::malloc(sizeof(Piece) + size);
  if (bytes == nullptr) return nullptr;
  self.used_ += size;
  self.last_ = new (bytes) Piece{self.last_};
  return self.last_ + 1;
}

void ValueMemory::clear() {
  while (last_ != nullptr) {
    Piece* const before = last_->before;
    std::free(last_);
    last_ = before;
  }
  used_ = 0;
  is_exhausted_ = false;
}

}  // namespace nexa::io::compare
