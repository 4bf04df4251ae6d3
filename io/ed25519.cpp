#include "io/ed25519.hpp"

#include <sodium.h>

#include <algorithm>
#include <new>
#include <utility>

#include "core/assert.hpp"

namespace nexa::io {
namespace {

static_assert(sizeof(PublicKey::bytes) == crypto_sign_PUBLICKEYBYTES);
static_assert(sizeof(Signature::bytes) == crypto_sign_BYTES);
constexpr std::size_t seed_bytes = crypto_sign_SEEDBYTES;

/// The library picks its fastest code on the first call, and reads random numbers.
void start_library() {
  static const bool started = sodium_init() >= 0;
  NEXA_ASSERT(started, "libsodium finds no source of random numbers");
}

}  // namespace

/// libsodium's secret key: the seed, then the public key. Locking can be refused by
/// RLIMIT_MEMLOCK; the key then works all the same.
struct SigningKey::Secret {
  Secret() : is_locked(sodium_mlock(bytes.data(), bytes.size()) == 0) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() {
    sodium_memzero(bytes.data(), bytes.size());
    sodium_munlock(bytes.data(), bytes.size());
  }
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> bytes{};
  bool is_locked;
};

SigningKey::SigningKey(std::unique_ptr<Secret> secret) : secret_(std::move(secret)) {
  std::copy(secret_->bytes.begin() + seed_bytes, secret_->bytes.end(), public_key_.bytes.begin());
}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

SigningKey SigningKey::from_seed(std::span<const std::uint8_t, 32> seed) {
  start_library();
  auto secret = std::make_unique<Secret>();
  PublicKey ignored;
  crypto_sign_seed_keypair(ignored.bytes.data(), secret->bytes.data(), seed.data());
  return SigningKey(std::move(secret));
}

SigningKey SigningKey::generate() {
  start_library();
  auto secret = std::make_unique<Secret>();
  PublicKey ignored;
  crypto_sign_keypair(ignored.bytes.data(), secret->bytes.data());
  return SigningKey(std::move(secret));
}

Signature SigningKey::sign(core::Bytes message) const {
  Signature signature;
  crypto_sign_detached(signature.bytes.data(), nullptr, message.data(), message.size(),
                       secret_->bytes.data());
  return signature;
}

std::span<const std::uint8_t, 32> SigningKey::seed() const {
  return std::span<const std::uint8_t, seed_bytes>(secret_->bytes.data(), seed_bytes);
}

bool SigningKey::is_locked() const {
  return secret_->is_locked;
}

bool verify(const PublicKey& key, core::Bytes message, const Signature& signature) {
  start_library();
  return crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                     key.bytes.data()) == 0;
}

bool is_valid_public_key(const PublicKey& key) {
  start_library();
  return crypto_core_ed25519_is_valid_point(key.bytes.data()) == 1;
}

}  // namespace nexa::io
