#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Follows links; a path that does not exist stays as it is.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  return real != nullptr ? std::string(real.get()) : path;
}

/// A rename is on disk only when its folder is. Some file systems cannot do this for folders, and
/// then there is nothing more that could be done.
void sync_folder(const std::string& folder) {
  const FileDescriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.is_open()) ::fsync(opened.get());
}

}  // namespace

Result<PartialPath> PartialPath::choose(const std::string& path) {
  PartialPath chosen;
  chosen.path_ = path;
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) return system_error("write", path, errno);
  if (exists && S_ISDIR(status.st_mode)) return system_error("write", path, EISDIR);
  if (path.empty()) return system_error("write", path, ENOENT);
  if (exists && !S_ISREG(status.st_mode)) {
    chosen.direct_ = true;
    return chosen;
  }
  chosen.target_ = resolved(path);
  chosen.partial_ = chosen.target_ + ".partial";
  return chosen;
}

PartialPath::PartialPath(PartialPath&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      partial_(std::move(other.partial_)),
      direct_(other.direct_),
      owned_(std::exchange(other.owned_, false)) {}

PartialPath& PartialPath::operator=(PartialPath&& other) noexcept {
  if (this == &other) return *this;
  discard();
  path_ = std::move(other.path_);
  target_ = std::move(other.target_);
  partial_ = std::move(other.partial_);
  direct_ = other.direct_;
  owned_ = std::exchange(other.owned_, false);
  return *this;
}

Result<void> PartialPath::commit() {
  if (!owned_) return {};
  if (std::rename(partial_.c_str(), target_.c_str()) != 0) {
    const int reason = errno;
    discard();
    return system_error("write", path_, reason);
  }
  owned_ = false;
  sync_folder(folder_of(target_));
  return {};
}

void PartialPath::discard() noexcept {
  if (owned_) ::unlink(partial_.c_str());
  owned_ = false;
}

Result<AtomicFile> AtomicFile::create(const std::string& path) {
  Result<PartialPath> partial = PartialPath::choose(path);
  if (!partial) return std::move(partial).error();
  // Truncation waits until the lock is held, because the file may be another process's.
  const int flags = O_WRONLY | O_CLOEXEC | (partial->is_direct() ? 0 : O_CREAT);
  FileDescriptor file(::open(partial->writable().c_str(), flags, 0666));
  if (!file.is_open()) return system_error("write", path, errno);
  if (partial->is_direct()) return AtomicFile(std::move(*partial), std::move(file));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return Error{.code = ErrorCode::conflict,
                 .message = "another process is writing '" + path + "'",
                 .hint = "wait for it, or choose another name",
                 .where = {.file = path, .line = 0, .column = 0}};
  }
  partial->own();
  if (::ftruncate(file.get(), 0) != 0) return system_error("write", path, errno);
  return AtomicFile(std::move(*partial), std::move(file));
}

Error AtomicFile::fail(const std::string& action, int error_number) {
  file_.reset(-1);
  partial_.discard();
  failure_ = system_error(action, partial_.path(), error_number);
  return *failure_;
}

Result<void> AtomicFile::write(std::string_view bytes) {
  if (failure_) return *failure_;
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return fail("write", errno);
    }
  }
  return {};
}

Result<void> AtomicFile::commit() {
  if (failure_) return *failure_;
  // Devices and pipes cannot be synchronised.
  if (!partial_.is_direct() && ::fsync(file_.get()) != 0) return fail("write", errno);
  // A full quota may show itself only when the file is closed, as it does with NFS.
  if (::close(file_.release()) != 0) return fail("close", errno);
  return partial_.commit();
}

}  // namespace nexa::io
