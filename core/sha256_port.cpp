#include "core/sha256_port.hpp"

#include <algorithm>
#include <vector>

#include "core/wipe.hpp"

namespace nexa::core {

HmacKey::HmacKey(Sha256 sha256, Bytes key) : sha256_(sha256) {
  if (key.size() > block_bytes) {
    Digest shorter = hash(sha256, {key});
    std::copy(shorter.bytes.begin(), shorter.bytes.end(), inner_.begin());
    wipe(shorter.bytes);
  } else {
    std::copy(key.begin(), key.end(), inner_.begin());
  }
  outer_ = inner_;
  for (std::uint8_t& byte : inner_) byte ^= 0x36;
  for (std::uint8_t& byte : outer_) byte ^= 0x5c;
}

HmacKey::~HmacKey() {
  wipe(inner_);
  wipe(outer_);
}

Digest HmacKey::code_of(std::span<const Bytes> parts) const {
  std::array<Bytes, 4> few;  // as many parts as most messages have
  std::vector<Bytes> many;
  std::span<Bytes> message(few);
  if (parts.size() < few.size()) {
    message = message.first(parts.size() + 1);
  } else {
    many.resize(parts.size() + 1);
    message = many;
  }
  message.front() = inner_;
  std::copy(parts.begin(), parts.end(), message.begin() + 1);
  const Digest digest = sha256_(message);
  return hash(sha256_, {outer_, digest.bytes});
}

Digest hmac_sha256(Sha256 sha256, Bytes key, std::span<const Bytes> parts) {
  return HmacKey(sha256, key).code_of(parts);
}

}  // namespace nexa::core
