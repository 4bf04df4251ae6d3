#include "io/key_file.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "core/wipe.hpp"
#include "io/base64.hpp"
#include "io/posix_file.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

constexpr std::size_t most_key_file_bytes = 4096;
constexpr mode_t others = S_IRWXG | S_IRWXO;

/// Text that is wiped when it goes. It never grows, so that no copy is left behind.
class SecretText {
 public:
  SecretText() = default;
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText() { sodium_memzero(bytes.data(), bytes.size()); }

  void append(std::string_view text) {
    NEXA_ASSERT(size + text.size() <= bytes.size(), "a key file has at most 4096 bytes");
    std::copy(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    size += text.size();
  }
  [[nodiscard]] std::string_view view() const { return {bytes.data(), size}; }

  std::array<char, most_key_file_bytes> bytes{};
  std::size_t size = 0;
};

Error refusal(const std::string& path, std::string message, std::string hint) {
  return {.code = ErrorCode::refused,
          .message = "cannot use the key in '" + path + "': " + std::move(message),
          .hint = std::move(hint),
          .where = {.file = path, .line = 0, .column = 0}};
}

Error corrupt_key(const std::string& path, std::string message) {
  return {.code = ErrorCode::corrupt,
          .message = std::move(message),
          .hint = "'nexa key new' makes a key file",
          .where = {.file = path, .line = 0, .column = 0}};
}

Result<FileDescriptor> open_private(const std::string& path) {
  // Without O_NONBLOCK a pipe of that name would stop the program.
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.is_open() && errno == ELOOP) {
    return refusal(path, "it is a symbolic link", "name the file itself");
  }
  if (!file.is_open()) return system_error("open", path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error("read", path, errno);
  if (!S_ISREG(status.st_mode)) return refusal(path, "it is not a regular file", "");
  if (status.st_uid != ::geteuid()) {
    return refusal(path, "it belongs to another user",
                   "run as the user who owns it (number " + std::to_string(status.st_uid) + ")");
  }
  if ((status.st_mode & others) != 0) {
    return refusal(path, "others may read or write it",
                   "make a new key if others could have read it; chmod 600 closes it");
  }
  return file;
}

Result<void> read_all(const FileDescriptor& file, const std::string& path, SecretText& text) {
  while (text.size < text.bytes.size()) {
    const ssize_t count =
        ::read(file.get(), text.bytes.data() + text.size, text.bytes.size() - text.size);
    if (count == 0) return {};
    if (count > 0) {
      text.size += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      return system_error("read", path, errno);
    }
  }
  return corrupt_key(path, "too large for a key file");
}

void put_private_text(const NoteSigner& key, SecretText& text) {
  std::array<std::uint8_t, 33> material{static_cast<std::uint8_t>(key.key().algorithm())};
  const auto seed = key.signing_key().seed();
  std::copy(seed.begin(), seed.end(), material.begin() + 1);
  std::string encoded = to_base64(material);
  core::wipe(material);
  const std::string name_and_key = key.key().to_text();
  // The private text differs from the public one in its beginning and in its last part.
  const std::size_t same = name_and_key.size() - encoded.size();
  text.append("PRIVATE+KEY+");
  text.append(std::string_view(name_and_key).substr(0, same));
  text.append(encoded);
  text.append("\n");
  sodium_memzero(encoded.data(), encoded.size());
}

Result<void> write_all(const FileDescriptor& file, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file.get(), text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return system_error("write", path, errno);
    }
  }
  if (::fsync(file.get()) != 0) return system_error("write", path, errno);
  return {};
}

/// Puts the entry of the folder on disk.
Result<void> sync_parent(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
  const FileDescriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open() || ::fsync(file.get()) != 0) return system_error("write", folder, errno);
  return {};
}

}  // namespace

Result<NoteSigner> read_key_file(const std::string& path) {
  const Result<FileDescriptor> file = open_private(path);
  if (!file) return file.error();
  SecretText text;
  if (auto read = read_all(*file, path, text); !read) return read.error();
  std::string_view line = text.view();
  if (line.ends_with('\n')) line.remove_suffix(1);
  Result<NoteSigner> key = NoteSigner::parse(line);
  if (!key) {
    Error error = corrupt_key(path, key.error().message);
    if (!key.error().hint.empty()) error.hint = key.error().hint;
    return error;
  }
  return key;
}

Result<void> write_key_file(const std::string& path, const NoteSigner& key) {
  SecretText text;
  put_private_text(key, text);
  // A key that was in use must not be lost, so an existing file is never replaced: the new one
  // grows under another name, and is given its own only if that is free.
  const std::string partial = path + ".partial";
  const FileDescriptor file(
      ::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) return system_error("create", partial, errno);
  Result<void> written = write_all(file, partial, text.view());
  if (written && ::link(partial.c_str(), path.c_str()) != 0) {
    written = errno == EEXIST ? Error{.code = ErrorCode::conflict,
                                      .message = "'" + path + "' exists already",
                                      .hint = "keys are never overwritten; choose another name",
                                      .where = {.file = path, .line = 0, .column = 0}}
                              : system_error("create", path, errno);
  }
  ::unlink(partial.c_str());
  if (!written) return written;
  return sync_parent(path);
}

}  // namespace nexa::io
