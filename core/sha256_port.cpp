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

  std::array<Bytes, 4> few;  // as many parts as most messages have
  std::vector<Bytes> many;
  std::span<Bytes> message(few);
  if (parts.size() < few.size()) {
    message = message.first(parts.size() + 1);
  } else {
    many.resize(parts.size() + 1);
    message = many;
  }
  message.front() = inner;
  std::copy(parts.begin(), parts.end(), message.begin() + 1);
  const Digest digest = sha256(message);
  wipe(inner);
  const Digest code = hash(sha256, {outer, digest.bytes});
  wipe(outer);
  return code;
}

}  // namespace nexa::core
