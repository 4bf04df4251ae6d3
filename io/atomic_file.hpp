#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.hpp"
#include "io/posix_file.hpp"

namespace nexa::io {

/// The name under which a file grows before it gets its own: `<path>.partial`.
///
/// Once opened it is renamed by `commit`, or removed if that never happens, so that a file under
/// the final name is always whole. A path that is a link stands for the file that it leads to;
/// a link that leads nowhere is replaced. A device or pipe (such as /dev/stdout) cannot be replaced
/// and is written to directly.
///
/// The partial file is always one that this object made, and is locked as long as it is there, so
/// that two writers of one name do not spoil each other's work.
class PartialPath {
 public:
  /// Errors: `not_found` for a missing folder, `io` for a path that is a folder.
  static core::Result<PartialPath> choose(const std::string& path);

  PartialPath(PartialPath&& other) noexcept;
  PartialPath& operator=(PartialPath&& other) noexcept;
  ~PartialPath() { discard(); }

  /// Opens the path for writing, from its beginning, and for reading what was written, unless it is
  /// a device or pipe. What a killed process left under the partial name is replaced; a link or
  /// anything else that cannot be such a rest is left alone.
  ///
  /// Errors: `conflict` where another process writes the same file, `io` where something is in the
  /// way, otherwise as the system says.
  core::Result<FileDescriptor> open();
  /// Where to write.
  [[nodiscard]] const std::string& writable() const { return direct_ ? path_ : partial_; }
  /// As the caller named it.
  [[nodiscard]] const std::string& path() const { return path_; }
  /// True for a device or pipe.
  [[nodiscard]] bool is_direct() const { return direct_; }

  /// Gives the file its name for good; its bytes must have reached the disk before. Fails with
  /// `conflict` if the partial file is no longer the one that was opened.
  core::Result<void> commit();
  /// Removes the partial file, if this object made one.
  void discard() noexcept;

 private:
  PartialPath() = default;
  core::Result<bool> make(FileDescriptor& file);
  core::Result<bool> clear_away();

  std::string path_;
  std::string target_;  ///< `path_` with links followed
  std::string partial_;
  bool direct_ = false;
  FileDescriptor lock_;  ///< the partial file while it is there, and the lock on it
};

/// A file that appears under its name only when it is whole.
///
/// Errors are `not_found` or `io`, with the path and the system's reason, or `conflict` where
/// another process is writing the same file. After an error nothing
/// is left under the final name (an older file of that name stays as it was) and the partial file
/// is gone; further calls give the same error. To keep what was written so far when a run is
/// stopped, write what makes it valid and commit.
class AtomicFile {
 public:
  static core::Result<AtomicFile> create(const std::string& path);

  [[nodiscard]] const std::string& path() const { return partial_.path(); }

  /// Appends bytes without buffering them.
  core::Result<void> write(std::string_view bytes);
  /// Puts the bytes on disk and gives the file its name.
  core::Result<void> commit();

 private:
  AtomicFile(PartialPath partial, FileDescriptor file)
      : partial_(std::move(partial)), file_(std::move(file)) {}
  core::Error fail(const std::string& action, int error_number);

  PartialPath partial_;
  FileDescriptor file_;
  std::optional<core::Error> failure_;
};

/// Writes a whole file at once; errors as above.
core::Result<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace nexa::io
