#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>

#include "core/result.hpp"
#include "io/compare/result_file.hpp"

namespace nexa::io::compare {

/// Reads a file from front to end in pieces of a fixed size. While the caller works on one piece, a
/// thread reads the next; small files are read without one.
class ReadAhead {
 public:
  /// Large enough that handing over a piece costs nothing beside reading it.
  static constexpr std::size_t piece_bytes = std::size_t{1} << 20;

  explicit ReadAhead(ResultFile file);
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  ~ReadAhead();

  /// The next piece, valid until the next call. All but the last have `piece_bytes`; an empty one
  /// is the end. It is aligned for any number.
  core::Result<std::span<const std::byte>> next();

 private:
  struct Buffer {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
    std::optional<core::Error> error;
    bool is_full = false;  ///< guarded by `mutex_`
  };
  void fill(Buffer& buffer) const;
  void run();

  ResultFile file_;
  std::array<Buffer, 2> buffers_;
  std::size_t current_ = 1;  ///< what the caller looks at
  bool started_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;  ///< guarded by `mutex_`
  std::thread thread_;
};

}  // namespace nexa::io::compare
