#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace nexa::io {

/// A stream of bytes that is read once, from front to end.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Puts the next bytes at the front of `buffer` and returns how many; 0 means the end. A short
  /// count before the end is possible. After an error the stream must not be read again.
  virtual core::Result<std::size_t> read(std::span<char> buffer) = 0;

  /// What to call the stream in messages: the path of a file.
  [[nodiscard]] virtual const std::string& name() const = 0;

  /// A guess of the whole length in bytes, for reserving memory; 0 where nothing is known.
  [[nodiscard]] virtual std::uint64_t size_hint() const = 0;
};

/// Opens a file, a pipe or a device. Data that start with gzip's magic bytes are inflated while
/// they are read (all members of a multi-member file), whatever the file is called. Errors carry
/// the path: `not_found`, `io` with the system's reason, or `corrupt` with the offset in the
/// compressed data.
core::Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path);

/// Bytes in memory, which must outlive the source. They are taken as they are, gzip or not.
std::unique_ptr<ByteSource> memory_bytes(std::string_view bytes, std::string name);

/// Inflates the gzip data that `compressed` yields.
std::unique_ptr<ByteSource> inflate_gzip(std::unique_ptr<ByteSource> compressed);

}  // namespace nexa::io
