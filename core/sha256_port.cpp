#include "core/sha256_port.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/wipe.hpp"

namespace nexa::core {

Digest hmac_sha256(Sha256 sha256, Bytes key, std::span<const Bytes> parts) {
  constexpr std::size_t block_bytes = 64;
  std::array<std::uint8_t, block_bytes> inner{};
  if (key.size() > block_bytes) {
    Digest shorter = hash(sha256, {key});
    std::copy(shorter.bytes.begin(), shorter.bytes.end(), inner.begin());
    wipe(shorter.bytes);
  } else {
    std::copy(key.begin(), key.end(), inner.begin());
  }
  std::array<std::uint8_t, block_bytes> outer = inner;
  for (std::uint8_t& byte : inner) byte ^= 0x36;
  for (std::uint8_t& byte : outer) byte ^= 0x5c;

  std::vector<Bytes> message;
  message.reserve(parts.size() + 1);
  message.emplace_back(inner);
  message.insert(message.end(), parts.begin(), parts.end());
  const Digest digest = sha256(message);
  wipe(inner);
  const Digest code = hash(sha256, {outer, digest.bytes});
  wipe(outer);
  return code;
}

}  // namespace nexa::core
