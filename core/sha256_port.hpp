#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "core/bytes.hpp"
#include "core/digest.hpp"

namespace nexa::core {

/// SHA-256 of the concatenation of `parts`. The pure modules do not implement it: a host hands them
/// the function of its library (`io::sha256_of_parts`). It must be deterministic and may be called
/// at any time.
using Sha256 = Digest (*)(std::span<const Bytes> parts);

/// SHA-256 of a few parts written in place: `hash(sha256, {prefix, left, right})`.
inline Digest hash(Sha256 sha256, std::initializer_list<Bytes> parts) {
  return sha256(std::span<const Bytes>(parts.begin(), parts.size()));
}

/// A key of HMAC with SHA-256, made ready for many messages. Source: RFC 2104, tested with RFC
/// 4231. What it made of the key is wiped in the end; `sha256` answers for its own memory.
class HmacKey {
 public:
  HmacKey(Sha256 sha256, Bytes key);
  HmacKey(const HmacKey&) = default;
  HmacKey& operator=(const HmacKey&) = default;
  ~HmacKey();

  /// The code of the concatenation of `parts`.
  [[nodiscard]] Digest code_of(std::span<const Bytes> parts) const;

 private:
  static constexpr std::size_t block_bytes = 64;

  Sha256 sha256_;
  std::array<std::uint8_t, block_bytes> inner_{};
  std::array<std::uint8_t, block_bytes> outer_{};
};

/// HMAC of a single message.
Digest hmac_sha256(Sha256 sha256, Bytes key, std::span<const Bytes> parts);

}  // namespace nexa::core
