#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "io/ed25519.hpp"

// Signatures of whole files, however large, in the format of the program `minisign`: Ed25519 of
// the file's BLAKE2b-512. Source: https://jedisct1.github.io/minisign, "Signature format".

namespace nexa::io {

using MinisignId = std::array<std::uint8_t, 8>;

/// A public key with the id that its owner gave to it, which is a hint and proves nothing.
struct MinisignKey {
  MinisignId id{};
  PublicKey key;
};

/// The id that nexapod gives to a key: the first bytes of SHA-256(key).
MinisignId minisign_id(const PublicKey& key);

/// The two lines of a public key file.
std::string to_text(const MinisignKey& key);
/// Reads these two lines, or the second one alone. Errors: `invalid_argument`.
core::Result<MinisignKey> parse_minisign_key(std::string_view text);

/// What a verified signature says.
struct MinisignSeal {
  std::size_t key = 0;          ///< which of the keys that were given
  std::string trusted_comment;  ///< covered by the signature
};

/// The text of `<path>.minisig`. The comments are one line each; the untrusted one is not signed.
/// Errors: `not_found`, `io`; `invalid_argument` for a comment with a line break. O(bytes of the
/// file), a few kilobytes of memory.
core::Result<std::string> minisign_sign(const std::string& path, const SigningKey& key,
                                        const MinisignId& id, std::string_view untrusted_comment,
                                        std::string_view trusted_comment);

/// Checks the signature (the text of `<path>.minisig`) of a file. Errors: `not_found`, `io`;
/// `corrupt` for a text that is no such signature; `unsupported` for the older format without a
/// prehash; `refused` where no key made the signature of the file or of the trusted comment.
core::Result<MinisignSeal> minisign_verify(const std::string& path, std::string_view signature,
                                           std::span<const PublicKey> keys);

}  // namespace nexa::io
