#include "core/rng.hpp"

#include "core/assert.hpp"

namespace nexa::core {
namespace {

// The multipliers and key increments of Philox4x32 (SC'11, table 2 and section 3.3).
constexpr std::uint64_t multiplier_0 = 0xD2511F53;
constexpr std::uint64_t multiplier_1 = 0xCD9E8D57;
constexpr std::uint32_t weyl_0 = 0x9E3779B9;
constexpr std::uint32_t weyl_1 = 0xBB67AE85;
constexpr int rounds = 10;

constexpr std::uint32_t high(std::uint64_t product) {
  return static_cast<std::uint32_t>(product >> 32);
}
constexpr std::uint32_t low(std::uint64_t product) {
  return static_cast<std::uint32_t>(product);
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t product_0 = multiplier_0 * counter[0];
    const std::uint64_t product_1 = multiplier_1 * counter[2];
    counter = {high(product_1) ^ counter[1] ^ key[0], low(product_1),
               high(product_0) ^ counter[3] ^ key[1], low(product_0)};
    key[0] += weyl_0;
    key[1] += weyl_1;
  }
  return counter;
}

std::uint64_t random_bits(const DrawKey& key) {
  const auto block = philox4x32(
      {low(key.entity), high(key.entity), key.draw, static_cast<std::uint32_t>(key.stream)},
      {low(key.seed), high(key.seed)});
  return (std::uint64_t{block[1]} << 32) | block[0];
}

double random_unit(const DrawKey& key) {
  return static_cast<double>(random_bits(key) >> 11) * 0x1.0p-53;
}

std::uint64_t random_below(const DrawKey& key, std::uint64_t bound) {
  NEXA_ASSERT(bound > 0, "an empty range has no draw");
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((Wide{random_bits(key)} * bound) >> 64);
}

}  // namespace nexa::core
