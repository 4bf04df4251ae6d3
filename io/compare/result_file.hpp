#pragma once

#include <cstdint>
#include <string>

#include "core/result.hpp"
#include "io/posix_file.hpp"

namespace nexa::io::compare {

/// A file of a result, open for reading.
struct ResultFile {
  std::string path;
  FileDescriptor descriptor;
  std::uint64_t size = 0;
};

/// Whether the last name of a path may be a symbolic link. Those in a folder of results may not:
/// they could lead out of it.
enum class Links : std::uint8_t { follow, refuse };

/// Opens a regular file. Errors: `not_found`, `io`; `unsupported` for anything but a regular file,
/// without waiting for the other end of a pipe.
core::Result<ResultFile> open_result_file(const std::string& path, Links links);

}  // namespace nexa::io::compare
