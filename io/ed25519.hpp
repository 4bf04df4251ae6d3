#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/bytes.hpp"

namespace nexa::io {

/// A public key of Ed25519 (RFC 8032), 32 bytes.
struct PublicKey {
  std::array<std::uint8_t, 32> bytes{};
  friend constexpr auto operator<=>(const PublicKey&, const PublicKey&) = default;
};

/// A detached signature of Ed25519, 64 bytes. Never an identity: libraries differ in which of the
/// many encodings of one signature they accept.
struct Signature {
  std::array<std::uint8_t, 64> bytes{};
};

/// A secret seed of 32 bytes, which is the private key of RFC 8032. Wiped when it goes.
class SigningKey {
 public:
  /// Makes the key pair of a seed of 32 bytes; the caller wipes its own copy.
  static SigningKey from_seed(std::span<const std::uint8_t, 32> seed);
  /// A new key from the system's random numbers.
  static SigningKey generate();

  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
  [[nodiscard]] Signature sign(core::Bytes message) const;
  /// False where the system refused to keep the key out of swap (RLIMIT_MEMLOCK); it works all the
  /// same, and a program should say so.
  [[nodiscard]] bool is_locked() const;
  /// The seed, for the file that keeps it.
  [[nodiscard]] std::span<const std::uint8_t, 32> seed() const;

 private:
  struct Secret;
  explicit SigningKey(std::unique_ptr<Secret> secret);
  std::unique_ptr<Secret> secret_;  ///< in memory that is locked where the system allows it
  PublicKey public_key_;
};

/// True if `signature` is one of `message` by `key`; malleated signatures and keys of small order
/// are refused. Costs about 40 µs.
bool verify(const PublicKey& key, core::Bytes message, const Signature& signature);

/// True for a key that may be enrolled: a canonical point of the main subgroup.
bool is_valid_public_key(const PublicKey& key);

}  // namespace nexa::io
