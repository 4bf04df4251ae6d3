#pragma once

#include <string>

#include "core/result.hpp"

namespace nexa::io {

/// An open file descriptor that closes itself.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~FileDescriptor() { reset(-1); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  /// Closes what is open, ignores failure, and takes over `fd`.
  void reset(int fd) noexcept;
  int release() noexcept {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_ = -1;
};

/// An `Error` for a failed system call: `cannot <action> '<path>': <reason>`. The code is
/// `not_found` for ENOENT, otherwise `io`; the hint fits the reason.
core::Error system_error(const std::string& action, const std::string& path, int error_number);

}  // namespace nexa::io
