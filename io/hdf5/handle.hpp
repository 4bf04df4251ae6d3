#pragma once

#include <cstdint>
#include <utility>

namespace nexa::io::hdf5 {

/// The library's `hid_t`. Its header is left to the sources, so that who includes ours need not
/// know where HDF5 is installed.
using Id = std::int64_t;

/// Owns one reference to an object of the library: a file, group, dataset, type, ...
class Handle {
 public:
  Handle() = default;
  explicit Handle(Id id) : id_(id) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      close();
      id_ = std::exchange(other.id_, -1);
    }
    return *this;
  }
  ~Handle() { close(); }

  [[nodiscard]] Id get() const { return id_; }
  [[nodiscard]] bool is_valid() const { return id_ >= 0; }
  /// False where the library could not close the object, for example since the disk is full.
  bool close() noexcept;

 private:
  Id id_ = -1;
};

}  // namespace nexa::io::hdf5
