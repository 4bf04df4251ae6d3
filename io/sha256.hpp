#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/result.hpp"

namespace nexa::io {

/// SHA-256 of a file's bytes as they are stored (a `.gz` is not inflated). Errors: `not_found`,
/// `io`; `unsupported` for a pipe or device, whose bytes can be read only once.
core::Result<core::Digest> sha256_file(const std::string& path);

/// SHA-256 of some bytes.
core::Digest sha256(std::string_view bytes);

/// SHA-256 of the concatenation of the parts: the `core::Sha256` that hosts hand to pure modules.
core::Digest sha256_of_parts(std::span<const core::Bytes> parts);

/// The same for parts that are secret: no state of the hash is left in memory.
core::Digest sha256_of_secrets(std::span<const core::Bytes> parts);

/// SHA-256 of bytes that come piece by piece.
class Sha256Stream {
 public:
  Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  ~Sha256Stream();

  void add(std::string_view bytes);
  /// The digest of all bytes since the beginning or the last call.
  core::Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Computes `sha256_file` in a thread of its own, while the caller reads and uses the same file.
class BackgroundDigest {
 public:
  explicit BackgroundDigest(std::string path);
  BackgroundDigest(const BackgroundDigest&) = delete;
  BackgroundDigest& operator=(const BackgroundDigest&) = delete;
  /// Waits for the thread.
  ~BackgroundDigest();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Waits for the thread on the first call.
  const core::Result<core::Digest>& value();

 private:
  std::string path_;
  std::optional<core::Result<core::Digest>> result_;  ///< written by the thread, read after join
  std::thread thread_;
};

}  // namespace nexa::io
