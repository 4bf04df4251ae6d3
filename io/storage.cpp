#include "io/storage.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

namespace nexa::io {
namespace {

using core::Error;
using core::Result;

constexpr mode_t file_mode = 0640;

class PosixStorageFile final : public StorageFile {
 public:
  PosixStorageFile(std::string path, FileDescriptor file, bool writable)
      : path_(std::move(path)), file_(std::move(file)), writable_(writable) {}

  Result<std::size_t> read(std::uint64_t offset, std::span<char> buffer) override {
    while (true) {
      const ssize_t count =
          ::pread(file_.get(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) return system_error("read", path_, errno);
    }
  }

  Result<std::size_t> write(std::uint64_t offset, std::string_view bytes) override {
    while (true) {
      const ssize_t count =
          ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (count > 0) return static_cast<std::size_t>(count);
      if (count == 0) return system_error("write", path_, EIO);
      if (errno != EINTR) return system_error("write", path_, errno);
    }
  }

  Result<void> truncate(std::uint64_t size) override {
    if (::ftruncate(file_.get(), static_cast<off_t>(size)) == 0) return {};
    return system_error("shorten", path_, errno);
  }

  void reserve(std::uint64_t until) override {
    static_cast<void>(::fallocate(file_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(until)));
  }

  void start_writing(std::uint64_t offset, std::uint64_t bytes) override {
    static_cast<void>(::sync_file_range(file_.get(), static_cast<off_t>(offset),
                                        static_cast<off_t>(bytes), SYNC_FILE_RANGE_WRITE));
  }

  Result<void> sync() override {
    // The size is flushed with the bytes, since they could not be read without it.
    if (::fdatasync(file_.get()) == 0) return {};
    return system_error("sync", path_, errno);
  }

  Result<void> lock() override {
    struct flock whole {};
    whole.l_type = static_cast<short>(writable_ ? F_WRLCK : F_RDLCK);
    whole.l_whence = SEEK_SET;
    if (::fcntl(file_.get(), F_OFD_SETLK, &whole) == 0) return {};
    if (errno != EAGAIN && errno != EACCES) return system_error("lock", path_, errno);
    return Error{.code = core::ErrorCode::conflict,
                 .message = "another process has '" + path_ + "' open for writing",
                 .hint = "stop it, or wait for it",
                 .where = {.file = path_, .line = 0, .column = 0}};
  }

 private:
  std::string path_;
  FileDescriptor file_;
  bool writable_;
};

class PosixStorage final : public Storage {
 public:
  Result<std::unique_ptr<StorageFile>> open(const std::string& path, Mode mode) override {
    const int flags = mode == Mode::read     ? O_RDONLY
                      : mode == Mode::update ? O_RDWR | O_CREAT
                                             : O_WRONLY | O_CREAT | O_TRUNC;
    FileDescriptor file(::open(path.c_str(), flags | O_CLOEXEC, file_mode));
    if (!file.is_open()) return system_error("open", path, errno);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return system_error("read", path, errno);
    if (S_ISDIR(status.st_mode)) return system_error("read", path, EISDIR);
    return std::unique_ptr<StorageFile>(
        std::make_unique<PosixStorageFile>(path, std::move(file), mode != Mode::read));
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (std::rename(from.c_str(), to.c_str()) == 0) return {};
    return system_error("write", to, errno);
  }

  Result<void> sync_folder_of(const std::string& path) override {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "."
                               : slash == 0               ? "/"
                                                          : path.substr(0, slash);
    const FileDescriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.is_open()) return system_error("open", folder, errno);
    // Some file systems have nothing to sync for a folder.
    if (::fsync(opened.get()) == 0 || errno == EINVAL) return {};
    return system_error("sync", folder, errno);
  }
};

}  // namespace

Storage& posix_storage() {
  static PosixStorage storage;
  return storage;
}

std::unique_ptr<StorageFile> as_storage_file(std::string path, FileDescriptor file) {
  return std::make_unique<PosixStorageFile>(std::move(path), std::move(file), true);
}

Result<void> write_all(StorageFile& file, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const Result<std::size_t> count = file.write(offset, bytes);
    if (!count) return count.error();
    bytes.remove_prefix(*count);
    offset += *count;
  }
  return {};
}

Result<void> replace_file(Storage& storage, const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".new";
  auto file = storage.open(temporary, Storage::Mode::empty);
  if (!file) return std::move(file).error();
  if (const auto written = write_all(**file, 0, bytes); !written) return written.error();
  if (const auto synced = (*file)->sync(); !synced) return synced.error();
  if (const auto renamed = storage.rename(temporary, path); !renamed) return renamed.error();
  return storage.sync_folder_of(path);
}

Result<std::string> read_all(Storage& storage, const std::string& path, std::size_t most_bytes) {
  const auto file = storage.open(path, Storage::Mode::read);
  if (!file) return file.error();
  std::string bytes;
  constexpr std::size_t chunk = std::size_t{16} << 10;
  while (bytes.size() <= most_bytes) {
    const std::size_t at = bytes.size();
    bytes.resize(at + chunk);
    const auto count = (*file)->read(at, std::span(bytes).subspan(at));
    if (!count) return count.error();
    bytes.resize(at + *count);
    if (*count == 0) return bytes;
  }
  return Error{.code = core::ErrorCode::limit_exceeded,
               .message = "'" + path + "' is larger than " + std::to_string(most_bytes) + " bytes",
               .hint = "is this the right file?",
               .where = {.file = path, .line = 0, .column = 0}};
}

}  // namespace nexa::io
