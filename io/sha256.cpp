#include "io/sha256.hpp"

// The functions for a single algorithm are called obsolete in favour of ones that look algorithms
// up in loadable providers at run time; that look-up costs more than the digest of a small trace.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "io/chunk_bytes.hpp"
#include "io/posix_file.hpp"

namespace nexa::io {
namespace {

using core::Digest;
using core::Result;

static_assert(sizeof(Digest::bytes) == SHA256_DIGEST_LENGTH);

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
  SHA256_CTX state;
  SHA256_Init(&state);
  std::vector<unsigned char> buffer(chunk_bytes);
  while (true) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count == 0) break;
    if (count > 0) {
      SHA256_Update(&state, buffer.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return system_error("read", path, errno);
    }
  }
  Digest digest;
  SHA256_Final(digest.bytes.data(), &state);
  return digest;
}

Digest sha256(std::string_view bytes) {
  const core::Bytes whole = core::bytes_of(bytes);
  return sha256_of_parts({&whole, 1});
}

Digest sha256_of_parts(std::span<const core::Bytes> parts) {
  Digest digest;
  SHA256_CTX state;
  SHA256_Init(&state);
  for (const core::Bytes part : parts) SHA256_Update(&state, part.data(), part.size());
  SHA256_Final(digest.bytes.data(), &state);
  return digest;
}

Digest sha256_of_secrets(std::span<const core::Bytes> parts) {
  Digest digest;
  SHA256_CTX state;
  SHA256_Init(&state);
  for (const core::Bytes part : parts) SHA256_Update(&state, part.data(), part.size());
  SHA256_Final(digest.bytes.data(), &state);
  OPENSSL_cleanse(&state, sizeof(state));
  return digest;
}

struct Sha256Stream::State {
  SHA256_CTX context;
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  SHA256_Init(&state_->context);
}
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::add(std::string_view bytes) {
  SHA256_Update(&state_->context, bytes.data(), bytes.size());
}

Digest Sha256Stream::finish() {
  Digest digest;
  SHA256_Final(digest.bytes.data(), &state_->context);
  SHA256_Init(&state_->context);
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
