#include "io/sha256.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "io/posix_file.hpp"

namespace nexa::io {
namespace {

using core::Digest;
using core::Result;

constexpr std::size_t chunk_bytes = std::size_t{256} << 10;

static_assert(sizeof(Digest::bytes) == crypto_hash_sha256_BYTES);

}  // namespace

Result<Digest> sha256_file(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return system_error("open", path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error("read", path, errno);
  if (S_ISDIR(status.st_mode)) return system_error("read", path, EISDIR);
  if (!S_ISREG(status.st_mode)) {
    return core::Error{.code = core::ErrorCode::unsupported,
                       .message = "no digest of '" + path + "': not a regular file",
                       .hint = "store the data in a file to have their digest recorded",
                       .where = {.file = path, .line = 0, .column = 0}};
  }
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::vector<unsigned char> buffer(chunk_bytes);
  while (true) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count == 0) break;
    if (count > 0) {
      crypto_hash_sha256_update(&state, buffer.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return system_error("read", path, errno);
    }
  }
  Digest digest;
  crypto_hash_sha256_final(&state, digest.bytes.data());
  return digest;
}

Digest sha256(std::string_view bytes) {
  Digest digest;
  crypto_hash_sha256(digest.bytes.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  return digest;
}

BackgroundDigest::BackgroundDigest(std::string path) : path_(std::move(path)) {
  try {
    thread_ = std::thread([this] { result_.emplace(sha256_file(path_)); });
  } catch (const std::system_error&) {
    // No thread is to be had, so the digest is computed here.
    result_.emplace(sha256_file(path_));
  }
}

BackgroundDigest::~BackgroundDigest() {
  if (thread_.joinable()) thread_.join();
}

const Result<Digest>& BackgroundDigest::value() {
  if (thread_.joinable()) thread_.join();
  return *result_;
}

}  // namespace nexa::io
