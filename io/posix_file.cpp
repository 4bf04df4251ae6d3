#include "io/posix_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace nexa::io {
namespace {

const char* hint_for(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return "free some space or write to another place";
    case EACCES:
    case EPERM:
      return "check the permissions of the file and of its folder";
    case EROFS:
      return "the file system is mounted read-only; write to another place";
    case ENOENT:
      return "check the path; folders are not created";
    default:
      return "";
  }
}

}  // namespace

void FileDescriptor::reset(int fd) noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

core::Error system_error(const std::string& action, const std::string& path, int error_number) {
  // std::generic_category is used because strerror may share its buffer between threads.
  const std::string reason = std::generic_category().message(error_number);
  return core::Error{
      .code = error_number == ENOENT ? core::ErrorCode::not_found : core::ErrorCode::io,
      .message = "cannot " + action + " '" + path + "': " + reason,
      .hint = hint_for(error_number),
      .where = {.file = path, .line = 0, .column = 0}};
}

}  // namespace nexa::io
