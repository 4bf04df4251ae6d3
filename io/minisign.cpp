#include "io/minisign.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "core/sha256_port.hpp"
#include "io/base64.hpp"
#include "io/chunk_bytes.hpp"
#include "io/file_error.hpp"
#include "io/posix_file.hpp"
#include "io/sha256.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

constexpr std::string_view untrusted_prefix = "untrusted comment: ";
constexpr std::string_view trusted_prefix = "trusted comment: ";
constexpr std::string_view key_algorithm = "Ed";
constexpr std::string_view prehashed = "ED";
constexpr std::size_t minisign_id_bytes = sizeof(MinisignId);

using FileHash = std::array<std::uint8_t, crypto_generichash_BYTES_MAX>;
static_assert(sizeof(FileHash) == 64);

Result<FileHash> hash_file(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return system_error("open", path, errno);
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, sizeof(FileHash));
  std::vector<std::uint8_t> buffer(chunk_bytes);
  while (true) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count == 0) break;
    if (count > 0) {
      crypto_generichash_update(&state, buffer.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return system_error("read", path, errno);
    }
  }
  FileHash hash{};
  crypto_generichash_final(&state, hash.data(), hash.size());
  return hash;
}

/// What the second signature covers: the first one and the trusted comment.
std::vector<std::uint8_t> sealed(const Signature& signature, std::string_view comment) {
  std::vector<std::uint8_t> message(signature.bytes.begin(), signature.bytes.end());
  const core::Bytes bytes = core::bytes_of(comment);
  message.insert(message.end(), bytes.begin(), bytes.end());
  return message;
}

/// Takes the next line off the text; its carriage return, if any, goes with the line break.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

struct SignatureText {
  std::string algorithm;
  Signature file;
  std::string trusted_comment;
  Signature seal;
};

bool copy_signature(core::Bytes bytes, Signature& signature) {
  if (bytes.size() != signature.bytes.size()) return false;
  std::copy(bytes.begin(), bytes.end(), signature.bytes.begin());
  return true;
}

std::optional<SignatureText> split_signature(std::string_view text) {
  if (!take_line(text).starts_with(untrusted_prefix)) return std::nullopt;
  const auto file = from_base64(take_line(text));
  const std::string_view comment = take_line(text);
  const auto seal = from_base64(take_line(text));
  if (!file || !seal || !comment.starts_with(trusted_prefix) || !text.empty()) return std::nullopt;
  if (file->size() < prehashed.size() + minisign_id_bytes) return std::nullopt;
  SignatureText parts;
  parts.algorithm.assign(file->begin(), file->begin() + 2);
  parts.trusted_comment = comment.substr(trusted_prefix.size());
  const core::Bytes signature = core::Bytes(*file).subspan(prehashed.size() + minisign_id_bytes);
  if (!copy_signature(signature, parts.file) || !copy_signature(*seal, parts.seal)) {
    return std::nullopt;
  }
  return parts;
}

bool is_one_line(std::string_view comment) {
  return comment.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

std::vector<std::uint8_t> joined(std::string_view algorithm, const MinisignId& id,
                                 core::Bytes rest) {
  std::vector<std::uint8_t> bytes(algorithm.begin(), algorithm.end());
  bytes.insert(bytes.end(), id.begin(), id.end());
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

}  // namespace

MinisignId minisign_id(const PublicKey& key) {
  const core::Digest digest = core::hash(sha256_of_parts, {key.bytes});
  MinisignId id{};
  std::copy_n(digest.bytes.begin(), id.size(), id.begin());
  return id;
}

std::string to_text(const MinisignKey& key) {
  return std::string(untrusted_prefix) + "minisign public key\n" +
         to_base64(joined(key_algorithm, key.id, key.key.bytes)) + '\n';
}

Result<MinisignKey> parse_minisign_key(std::string_view text) {
  if (text.starts_with(untrusted_prefix)) take_line(text);
  const std::string_view line = take_line(text);
  const auto bytes = from_base64(line);
  MinisignKey key;
  constexpr std::size_t whole = key_algorithm.size() + minisign_id_bytes + sizeof(key.key.bytes);
  if (!bytes || !text.empty() || bytes->size() != whole ||
      !std::equal(key_algorithm.begin(), key_algorithm.end(), bytes->begin())) {
    return file_error(ErrorCode::invalid_argument, "not a public key of minisign",
                      "it is a line that begins with RW", "");
  }
  std::copy_n(bytes->begin() + 2, minisign_id_bytes, key.id.begin());
  std::copy_n(bytes->begin() + 2 + minisign_id_bytes, key.key.bytes.size(), key.key.bytes.begin());
  if (!is_valid_public_key(key.key)) {
    return file_error(ErrorCode::invalid_argument,
                      "no honest key pair has this public key of minisign", "", "");
  }
  return key;
}

Result<std::string> minisign_sign(const std::string& path, const SigningKey& key,
                                  const MinisignId& id, std::string_view untrusted_comment,
                                  std::string_view trusted_comment) {
  if (!is_one_line(untrusted_comment) || !is_one_line(trusted_comment)) {
    return file_error(ErrorCode::invalid_argument, "a comment of a signature is one line", "", "");
  }
  const Result<FileHash> hash = hash_file(path);
  if (!hash) return hash.error();
  const Signature signature = key.sign(*hash);
  const Signature seal = key.sign(sealed(signature, trusted_comment));
  return std::string(untrusted_prefix) + std::string(untrusted_comment) + '\n' +
         to_base64(joined(prehashed, id, signature.bytes)) + '\n' + std::string(trusted_prefix) +
         std::string(trusted_comment) + '\n' + to_base64(seal.bytes) + '\n';
}

Result<MinisignSeal> minisign_verify(const std::string& path, std::string_view signature,
                                     std::span<const PublicKey> keys) {
  const std::optional<SignatureText> parts = split_signature(signature);
  if (!parts) {
    return file_error(ErrorCode::corrupt, "the signature of '" + path + "' is not one of minisign",
                      "it has four lines: a comment, base64, 'trusted comment:', base64", path);
  }
  if (parts->algorithm != prehashed) {
    return file_error(ErrorCode::unsupported,
                      "the signature of '" + path + "' is of the older kind, without a prehash",
                      "sign anew with 'minisign -S -H'", path);
  }
  const Result<FileHash> hash = hash_file(path);
  if (!hash) return hash.error();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!verify(keys[i], *hash, parts->file)) continue;
    if (!verify(keys[i], sealed(parts->file, parts->trusted_comment), parts->seal)) {
      return file_error(
          ErrorCode::refused,
          "the trusted comment of the signature of '" + path + "' is not the one that was signed",
          "the comment was changed", path);
    }
    return MinisignSeal{.key = i, .trusted_comment = parts->trusted_comment};
  }
  return file_error(
      ErrorCode::refused, "no key that was given has made the signature of '" + path + "'",
      "the file was changed after it was signed, or the signer's key is not given", path);
}

}  // namespace nexa::io
