#include "io/ed25519.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/io/attest_vectors.hpp"

namespace nexa::io {
namespace {

using testing::array_of_hex;

struct Known {
  const char* seed;
  const char* key;
  const char* message;
  const char* signature;
};

// RFC 8032, section 7.1.
constexpr std::array<Known, 3> known_answers{
    {{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
      "b46bd25bf5f0595bbe24655141438e7a100b"},
     {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
      "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
     {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
      "c6594a7c15e9716ed28dc027beceea1ec40a"}}};

PublicKey public_key(const char* hex) {
  return PublicKey{array_of_hex<32>(hex)};
}

TEST(Ed25519, AgreesWithTheStandard) {
  for (const Known& known : known_answers) {
    const SigningKey key = SigningKey::from_seed(array_of_hex<32>(known.seed));
    const std::string message = bytes_of_hex(known.message).value();
    EXPECT_EQ(hex_of(key.public_key().bytes), known.key);
    const Signature made = key.sign(core::bytes_of(message));
    EXPECT_EQ(hex_of(made.bytes), known.signature);
    EXPECT_TRUE(verify(public_key(known.key), core::bytes_of(message), made));
    EXPECT_TRUE(is_valid_public_key(public_key(known.key)));
    EXPECT_EQ(hex_of(key.seed()), known.seed);
  }
}

TEST(Ed25519, RefusesAnyChangedBitAndAnyOtherKey) {
  const SigningKey key = testing::node_key();
  const std::string message = "result of job 42";
  const Signature good = key.sign(core::bytes_of(message));
  for (std::size_t bit = 0; bit < 8 * good.bytes.size(); ++bit) {
    Signature bad = good;
    bad.bytes.at(bit / 8) ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(verify(key.public_key(), core::bytes_of(message), bad)) << bit;
  }
  for (std::size_t bit = 0; bit < 8 * message.size(); ++bit) {
    std::string other = message;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(verify(key.public_key(), core::bytes_of(other), good)) << bit;
  }
  EXPECT_FALSE(verify(testing::coordinator_key().public_key(), core::bytes_of(message), good));
}

/// Adds the order of the group to the second half of a signature, which satisfies the equation of
/// verification as well (RFC 8032 demands that S is smaller than the order).
Signature malleated(Signature signature) {
  const auto order =
      array_of_hex<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const unsigned sum = signature.bytes.at(32 + i) + order.at(i) + carry;
    signature.bytes.at(32 + i) = static_cast<std::uint8_t>(sum & 0xff);
    carry = sum >> 8;
  }
  EXPECT_EQ(carry, 0U);
  return signature;
}

TEST(Ed25519, RefusesTheSecondSpellingOfASignature) {
  const SigningKey key = testing::node_key();
  const core::Bytes message = core::bytes_of("pay once");
  const Signature good = key.sign(message);
  EXPECT_TRUE(verify(key.public_key(), message, good));
  EXPECT_FALSE(verify(key.public_key(), message, malleated(good)));
}

// The points whose order divides eight, and encodings of them that are not canonical. For these
// keys a signature that holds for many messages can be made up.
constexpr std::array<const char*, 8> small_order{
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};

TEST(Ed25519, RefusesKeysOfSmallOrder) {
  // R is the neutral element and S is zero: this holds for the first key and any message, by the
  // equation alone.
  Signature made_up;
  made_up.bytes[0] = 1;
  for (const char* key : small_order) {
    EXPECT_FALSE(is_valid_public_key(public_key(key))) << key;
    EXPECT_FALSE(verify(public_key(key), core::bytes_of("anything"), made_up)) << key;
  }
}

TEST(Ed25519, EnrolsOnlyPointsOfTheMainSubgroup) {
  // The first key of RFC 8032 plus a point of order eight.
  EXPECT_FALSE(is_valid_public_key(
      public_key("3b5b475c4b82dd1572799fc546f4c6c03e478c6654aa4c7f945b347ea32af60d")));
  // Not on the curve at all.
  EXPECT_FALSE(is_valid_public_key(
      public_key("0200000000000000000000000000000000000000000000000000000000000000")));
  // The neutral element with a sign, which is not canonical.
  EXPECT_FALSE(is_valid_public_key(
      public_key("0100000000000000000000000000000000000000000000000000000000000080")));
}

TEST(SigningKey, IsNewEachTime) {
  const SigningKey one = SigningKey::generate();
  const SigningKey two = SigningKey::generate();
  EXPECT_NE(one.public_key(), two.public_key());
  EXPECT_TRUE(is_valid_public_key(one.public_key()));
}

/// Ends the process with 0 if keys work without locked memory.
[[noreturn]] void use_a_key_that_cannot_be_locked() {
  const rlimit none{0, 0};
  const bool limited = ::setrlimit(RLIMIT_MEMLOCK, &none) == 0;
  const SigningKey key = testing::node_key();
  const core::Bytes message = core::bytes_of("m");
  const bool works = verify(key.public_key(), message, key.sign(message));
  // A privileged process may lock memory whatever the limit is.
  const bool may_ignore_limits = ::geteuid() == 0;
  std::_Exit(limited && works && (may_ignore_limits || !key.is_locked()) ? 0 : 1);
}

TEST(SigningKeyDeathTest, WorksWithoutLockedMemoryAndSaysSo) {
  // A process of its own, because the limit cannot be raised again.
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(use_a_key_that_cannot_be_locked(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace nexa::io
