#include "io/compare/result_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace nexa::io::compare {

core::Result<ResultFile> open_result_file(const std::string& path, Links links) {
  const int follow = links == Links::follow ? 0 : O_NOFOLLOW;
  ResultFile file;
  file.path = path;
  file.descriptor.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | follow));
  if (!file.descriptor.is_open()) return system_error("open", path, errno);
  struct stat status {};
  if (::fstat(file.descriptor.get(), &status) != 0) return system_error("read", path, errno);
  if (!S_ISREG(status.st_mode)) {
    return core::Error{.code = core::ErrorCode::unsupported,
                       .message = "'" + path + "' is not a regular file",
                       .hint = "results are files, or folders of files",
                       .where = {.file = path, .line = 0, .column = 0}};
  }
  file.size = static_cast<std::uint64_t>(status.st_size);
  return file;
}

}  // namespace nexa::io::compare
