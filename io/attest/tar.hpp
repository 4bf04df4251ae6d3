#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "io/atomic_file.hpp"
#include "io/byte_source.hpp"

// Archives of the format of POSIX.1-2001, pax: `ustar` headers, with extended headers for long
// names and large files. Source: IEEE Std 1003.1, utility pax, "pax Interchange Format".

namespace nexa::io {

/// What a reader of an archive is told. After an error of one of the functions reading ends with
/// it.
struct TarVisitor {
  /// A regular file of so many bytes begins. Its name is a relative path without `./` before it.
  std::function<core::Result<void>(const std::string& name, std::uint64_t size)> begin;
  /// The next bytes of it.
  std::function<core::Result<void>(std::string_view bytes)> data;
  /// It is complete.
  std::function<core::Result<void>()> end;
};

/// Reads an archive from front to end and writes nothing to disk. Folders are passed over; long
/// names of GNU tar are understood.
///
/// Errors: those of the source; `corrupt` for a header with a wrong checksum, an archive that was
/// cut off, a name that leads out of the archive; `unsupported` for links, devices and sparse
/// files, which could mean different things to different readers.
core::Result<void> read_tar(ByteSource& source, const TarVisitor& visitor);

/// Writes an archive that depends on names and bytes alone: owner 0, mode 0644, time 0.
class TarWriter {
 public:
  /// `out` must outlive the writer.
  explicit TarWriter(AtomicFile& out) : out_(out) {}

  /// Begins a file; so many bytes must follow.
  core::Result<void> begin(const std::string& name, std::uint64_t size);
  core::Result<void> data(std::string_view bytes);
  /// After the last file: the two empty blocks that end an archive.
  core::Result<void> finish();

 private:
  core::Result<void> pad();

  AtomicFile& out_;
  std::uint64_t left_ = 0;     ///< bytes of the file that are to come
  std::uint64_t written_ = 0;  ///< bytes of the file so far
};

}  // namespace nexa::io
