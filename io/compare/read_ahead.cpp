#include "io/compare/read_ahead.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace nexa::io::compare {

ReadAhead::ReadAhead(ResultFile file) : file_(std::move(file)) {
  for (Buffer& buffer : buffers_)
    buffer.bytes = std::make_unique_for_overwrite<std::byte[]>(piece_bytes);
  ::posix_fadvise(file_.descriptor.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  if (file_.size <= piece_bytes) return;
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    // No thread is to be had, so the caller reads by itself.
  }
}

ReadAhead::~ReadAhead() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ReadAhead::fill(Buffer& buffer) const {
  buffer.size = 0;
  while (buffer.size < piece_bytes) {
    const ssize_t count =
        ::read(file_.descriptor.get(), buffer.bytes.get() + buffer.size, piece_bytes - buffer.size);
    if (count == 0) return;
    if (count > 0) {
      buffer.size += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      buffer.error = system_error("read", file_.path, errno);
      return;
    }
  }
}

void ReadAhead::run() {
  for (std::size_t index = 0;; index = 1 - index) {
    Buffer& buffer = buffers_[index];
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopped_ || !buffer.is_full; });
      if (stopped_) return;
    }
    fill(buffer);
    const bool is_last = buffer.error || buffer.size < piece_bytes;
    {
      const std::scoped_lock lock(mutex_);
      buffer.is_full = true;
    }
    changed_.notify_all();
    if (is_last) return;
  }
}

core::Result<std::span<const std::byte>> ReadAhead::next() {
  Buffer& last = buffers_[current_];
  // Behind a short piece there is nothing, and nobody who would read it.
  if (started_ && last.error) return *last.error;
  if (started_ && last.size < piece_bytes) return std::span<const std::byte>{};
  const bool gives_back = std::exchange(started_, true);
  current_ = 1 - current_;
  Buffer& buffer = buffers_[current_];
  if (thread_.joinable()) {
    std::unique_lock lock(mutex_);
    if (gives_back) last.is_full = false;
    changed_.notify_all();
    changed_.wait(lock, [&] { return buffer.is_full; });
  } else {
    fill(buffer);
  }
  if (buffer.error) return *buffer.error;
  return std::span<const std::byte>(buffer.bytes.get(), buffer.size);
}

}  // namespace nexa::io::compare
