#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "io/posix_file.hpp"

namespace nexa::io {

/// An open file of a `Storage`. Errors carry the file's path.
class StorageFile {
 public:
  StorageFile() = default;
  StorageFile(const StorageFile&) = delete;
  StorageFile& operator=(const StorageFile&) = delete;
  virtual ~StorageFile() = default;

  /// Reads from an offset on and returns how many bytes; 0 at the end, fewer than wanted anywhere.
  virtual core::Result<std::size_t> read(std::uint64_t offset, std::span<char> buffer) = 0;
  /// Writes at an offset and returns how many bytes, at least one, which may be fewer than given.
  virtual core::Result<std::size_t> write(std::uint64_t offset, std::string_view bytes) = 0;
  virtual core::Result<void> truncate(std::uint64_t size) = 0;
  /// Asks for disk space up to an offset, without changing the file's size, so that later writes
  /// need not look for it. What a file system cannot do here is left undone; `truncate` gives space
  /// beyond the end back.
  virtual void reserve(std::uint64_t until) = 0;
  /// Lets the disk begin to write what it will have to by the next `sync`.
  virtual void start_writing(std::uint64_t offset, std::uint64_t bytes) = 0;
  /// Returns once bytes and size are on disk. After an error nobody knows what is.
  virtual core::Result<void> sync() = 0;
  /// Keeps every other opener, of this process too, from locking the file until it is closed; of a
  /// file that is open for reading, from locking it for writing. Errors: `conflict` where somebody
  /// else has the lock.
  virtual core::Result<void> lock() = 0;
};

/// What a program that must not lose bytes asks of a file system: only these operations, so that
/// tests can let each of them fail, or the power go between any two.
class Storage {
 public:
  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  virtual ~Storage() = default;

  enum class Mode : std::uint8_t {
    read,    ///< an existing file
    update,  ///< for reading and writing, made if it does not exist
    empty,   ///< for writing, made or emptied
  };
  /// Files are made with mode 0640. Errors: `not_found`, `io`.
  virtual core::Result<std::unique_ptr<StorageFile>> open(const std::string& path, Mode mode) = 0;
  /// Gives a file another name, replacing what has it.
  virtual core::Result<void> rename(const std::string& from, const std::string& to) = 0;
  /// Returns once the names in the folder of `path` are on disk.
  virtual core::Result<void> sync_folder_of(const std::string& path) = 0;
};

/// The files of this machine.
Storage& posix_storage();

/// A file of this machine that is open for reading and writing already; errors name it `path`. Its
/// lock is shared by all duplicates of the descriptor.
std::unique_ptr<StorageFile> as_storage_file(std::string path, FileDescriptor file);

/// Puts a file in place that is whole after a crash at any moment, or else the one that was there:
/// written under `<path>.new`, synced, renamed, and the name synced.
core::Result<void> replace_file(Storage& storage, const std::string& path, std::string_view bytes);

/// All bytes of a file. Errors: those of the storage, `limit_exceeded` beyond `most_bytes`.
core::Result<std::string> read_all(Storage& storage, const std::string& path,
                                   std::size_t most_bytes);

/// Writes all bytes, in as many writes as it takes.
core::Result<void> write_all(StorageFile& file, std::uint64_t offset, std::string_view bytes);

}  // namespace nexa::io
