#include "io/read_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "io/chunk_bytes.hpp"
#include "io/posix_file.hpp"

namespace nexa::io {
namespace {}  // namespace

core::Result<std::string> read_file(const std::string& path, std::size_t most_bytes) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return system_error("open", path, errno);
  std::string bytes;
  while (bytes.size() <= most_bytes) {
    const std::size_t at = bytes.size();
    const std::size_t wanted = std::min(chunk_bytes, most_bytes + 1 - at);
    bytes.resize(at + wanted);
    const ssize_t count = ::read(file.get(), bytes.data() + at, wanted);
    if (count < 0 && errno != EINTR) return system_error("read", path, errno);
    bytes.resize(at + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return bytes;
  }
  return core::Error{
      .code = core::ErrorCode::limit_exceeded,
      .message = "'" + path + "' is larger than " + std::to_string(most_bytes) + " bytes",
      .hint = "is this the right file?",
      .where = {.file = path, .line = 0, .column = 0}};
}

}  // namespace nexa::io
