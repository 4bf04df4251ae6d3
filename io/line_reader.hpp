#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "io/byte_source.hpp"

namespace nexa::io {

/// Splits a stream of bytes into lines.
class LineReader {
 public:
  /// Longer lines than `most_bytes` are an error.
  LineReader(std::unique_ptr<ByteSource> source, std::size_t most_bytes);

  /// Puts the next line, without its line break, into `line`; false at the end. Errors: those of
  /// the source, and `limit_exceeded`, with the line's number.
  core::Result<bool> next(std::string& line);

  /// The number of the line that `next` gave last, from 1.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  /// Whether that line had a line break; false only for the last line of a stream.
  [[nodiscard]] bool line_was_ended() const { return line_was_ended_; }

 private:
  core::Result<bool> fill();

  std::unique_ptr<ByteSource> source_;
  std::size_t most_bytes_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t number_ = 0;
  bool line_was_ended_ = true;
};

}  // namespace nexa::io
