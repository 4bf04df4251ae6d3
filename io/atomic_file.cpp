#include "io/atomic_file.hpp"

#include <fcntl.h>
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

constexpr int most_attempts = 100;

/// Locks the file, which must be open for writing, until what was opened is closed. File systems
/// without locks say neither yes nor no, and then nobody is assumed to write. This is not flock(),
/// which HDF5 uses on its files if a variable of its environment says so.
bool is_locked_by_another(const FileDescriptor& file) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(file.get(), F_OFD_SETLK, &whole) != 0 && (errno == EAGAIN || errno == EACCES);
}

/// Whether the path itself, and no link there, still is the open file.
bool leads_to(const std::string& path, const FileDescriptor& file) noexcept {
  struct stat there {};
  struct stat here {};
  return ::lstat(path.c_str(), &there) == 0 && ::fstat(file.get(), &here) == 0 &&
         there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

Error being_written(const std::string& path) {
  return {.code = ErrorCode::conflict,
          .message = "another process is writing '" + path + "'",
          .hint = "wait for it, or choose another name",
          .where = {.file = path, .line = 0, .column = 0}};
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
      lock_(std::move(other.lock_)) {}

PartialPath& PartialPath::operator=(PartialPath&& other) noexcept {
  if (this == &other) return *this;
  discard();
  path_ = std::move(other.path_);
  target_ = std::move(other.target_);
  partial_ = std::move(other.partial_);
  direct_ = other.direct_;
  lock_ = std::move(other.lock_);
  return *this;
}

Result<FileDescriptor> PartialPath::open() {
  FileDescriptor file;
  if (direct_) {
    file.reset(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.is_open()) return system_error("write", path_, errno);
    return file;
  }
  // A second try is needed only where another process comes or goes at the same moment.
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    Result<bool> done = make(file);
    if (done && *done) return file;
    if (done) done = clear_away();
    if (!done) return std::move(done).error();
  }
  return being_written(path_);
}

/// Makes the file, which must not exist yet, and locks it. False if it did, or was taken away.
Result<bool> PartialPath::make(FileDescriptor& file) {
  // O_EXCL makes a file or fails; it follows no link.
  file.reset(::open(partial_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.is_open()) {
    if (errno == EEXIST) return false;
    return system_error("write", path_, errno);
  }
  if (is_locked_by_another(file)) return being_written(path_);
  if (!leads_to(partial_, file)) return false;
  // The lock belongs to what both descriptors share. The second one keeps it until the file has
  // its name, after the first was closed.
  lock_.reset(::fcntl(file.get(), F_DUPFD_CLOEXEC, 0));
  if (lock_.is_open()) return true;
  const int reason = errno;
  ::unlink(partial_.c_str());
  return system_error("write", path_, reason);
}

/// Removes what a killed process left. False if it went away by itself.
Result<bool> PartialPath::clear_away() {
  const Error in_the_way{.code = ErrorCode::io,
                         .message = "cannot write '" + path_ + "': '" + partial_ +
                                    "' is in the way, and is no ordinary file",
                         .hint = "remove it, or choose another name",
                         .where = {.file = path_, .line = 0, .column = 0}};
  struct stat status {};
  if (::lstat(partial_.c_str(), &status) != 0) {
    if (errno == ENOENT) return false;
    return system_error("write", path_, errno);
  }
  if (!S_ISREG(status.st_mode)) return in_the_way;
  const FileDescriptor rest(
      ::open(partial_.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!rest.is_open() && errno == ELOOP) return in_the_way;
  // A file that may not be written cannot be asked for its lock; whether it may be removed is up to
  // the folder.
  if (rest.is_open()) {
    if (is_locked_by_another(rest)) return being_written(path_);
    if (!leads_to(partial_, rest)) return false;
  }
  if (::unlink(partial_.c_str()) == 0 || errno == ENOENT) return true;
  return system_error("replace", partial_, errno);
}

Result<void> PartialPath::commit() {
  if (!lock_.is_open()) return {};
  if (!leads_to(partial_, lock_)) {
    lock_.reset(-1);
    return being_written(path_);
  }
  if (std::rename(partial_.c_str(), target_.c_str()) != 0) {
    const int reason = errno;
    discard();
    return system_error("write", path_, reason);
  }
  lock_.reset(-1);
  sync_folder(folder_of(target_));
  return {};
}

void PartialPath::discard() noexcept {
  if (lock_.is_open() && leads_to(partial_, lock_)) ::unlink(partial_.c_str());
  lock_.reset(-1);
}

Result<AtomicFile> AtomicFile::create(const std::string& path) {
  Result<PartialPath> partial = PartialPath::choose(path);
  if (!partial) return std::move(partial).error();
  Result<FileDescriptor> file = partial->open();
  if (!file) return std::move(file).error();
  return AtomicFile(std::move(*partial), std::move(*file));
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
  Result<void> committed = partial_.commit();
  if (!committed) failure_ = committed.error();
  return committed;
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  Result<AtomicFile> file = AtomicFile::create(path);
  if (!file) return std::move(file).error();
  if (Result<void> written = file->write(bytes); !written) return written;
  return file->commit();
}

}  // namespace nexa::io
