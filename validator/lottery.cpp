#include "validator/lottery.hpp"

#include <array>
#include <string_view>

namespace nexa::validator {
namespace {

// The zero byte that ends a literal is part of the prefix: it keeps it apart from what follows.
constexpr char epoch_prefix[] = "nexapod/epoch/v1";
constexpr char seed_prefix[] = "nexapod/seed/v1";

template <std::size_t size>
core::Bytes bytes_with_end(const char (&literal)[size]) {
  return core::bytes_of(std::string_view(static_cast<const char*>(literal), size));
}

template <std::size_t count>
void put_big_endian(std::uint8_t* to, std::uint64_t value) {
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = static_cast<std::uint8_t>(value >> (8 * (count - 1 - i)));
  }
}

core::Digest seed_of(const core::Digest& secret, std::uint64_t epoch, core::Sha256 sha256) {
  std::array<std::uint8_t, 8> number{};
  put_big_endian<8>(number.data(), epoch);
  const std::array<core::Bytes, 2> parts{bytes_with_end(epoch_prefix), number};
  return core::hmac_sha256(sha256, secret.bytes, parts);
}

std::uint32_t draw_with(const core::HmacKey& key, core::JobId job, core::ReplicaId replica,
                        core::NodeId node) {
  std::array<std::uint8_t, 12> message{};
  put_big_endian<4>(message.data(), job.value);
  put_big_endian<4>(message.data() + 4, replica.value);
  put_big_endian<4>(message.data() + 8, node.value);
  const std::array<core::Bytes, 1> parts{message};
  const core::Digest digest = key.code_of(parts);
  std::uint32_t number = 0;
  for (std::size_t i = 28; i < 32; ++i) number = number << 8 | digest.bytes[i];
  return number;
}

}  // namespace

Lottery::Lottery(const core::Digest& secret, core::Sha256 sha256)
    : secret_(secret),
      sha256_(sha256),
      seed_(seed_of(secret, 0, sha256)),
      key_(sha256, seed_.bytes) {}

core::Digest Lottery::commitment() const {
  return seed_commitment(sha256_, epoch_, seed_);
}

void Lottery::next_epoch() {
  ++epoch_;
  seed_ = seed_of(secret_, epoch_, sha256_);
  key_ = core::HmacKey(sha256_, seed_.bytes);
}

std::uint32_t Lottery::draw(core::JobId job, core::ReplicaId replica, core::NodeId node) const {
  return draw_with(key_, job, replica, node);
}

core::Digest seed_commitment(core::Sha256 sha256, std::uint64_t epoch, const core::Digest& seed) {
  std::array<std::uint8_t, 8> number{};
  put_big_endian<8>(number.data(), epoch);
  return core::hash(sha256, {bytes_with_end(seed_prefix), number, seed.bytes});
}

std::uint32_t draw_of(core::Sha256 sha256, const core::Digest& seed, core::JobId job,
                      core::ReplicaId replica, core::NodeId node) {
  return draw_with(core::HmacKey(sha256, seed.bytes), job, replica, node);
}

bool verify_draw(core::Sha256 sha256, const core::Digest& commitment, const core::Digest& seed,
                 const Draw& draw) {
  return seed_commitment(sha256, draw.epoch, seed) == commitment &&
         draw_of(sha256, seed, draw.job, draw.replica, draw.node) == draw.value;
}

}  // namespace nexa::validator
