#include "ledger/key_registry.hpp"

#include <gtest/gtest.h>

#include "io/key_records.hpp"
#include "tests/io/attest_vectors.hpp"

namespace nexa::ledger {
namespace {

using core::ErrorCode;
using io::SigningKey;
using io::testing::coordinator_key;
using io::testing::node_key;
using io::testing::witness_key;

constexpr const char* origin = "nexapod.example/ledger/test";
constexpr const char* node = "https://nexapod.example/node/a";

SigningKey numbered_key(std::uint8_t number) {
  std::array<std::uint8_t, 32> seed{};
  seed[0] = number;
  return SigningKey::from_seed(seed);
}

KeyBytes bytes(const SigningKey& key) {
  return key.public_key().bytes;
}

/// The registrar is the coordinator of the vectors.
KeyRegistry registry() {
  return {origin, bytes(coordinator_key()), io::ed25519_scheme()};
}

KeyAdd addition(const SigningKey& key, const SigningKey& voucher,
                const std::string& identity = node) {
  return io::sign_key_add(origin, identity, key, voucher);
}

KeyRevoke revocation(const SigningKey& key, std::uint64_t from, const SigningKey& signer,
                     const std::string& identity = node) {
  return io::sign_key_revoke(origin, identity, key.public_key(), from, signer);
}

bool speaks(const KeyRegistry& registry, const SigningKey& key, std::uint64_t index,
            const std::string& identity = node) {
  return registry.check(identity, bytes(key), index).has_value();
}

TEST(KeyRegistry, AKeyCountsFromItsRecordOn) {
  KeyRegistry keys = registry();
  EXPECT_FALSE(speaks(keys, node_key(), 100));
  ASSERT_TRUE(keys.add(10, addition(node_key(), coordinator_key())));
  EXPECT_FALSE(speaks(keys, node_key(), 9));
  EXPECT_TRUE(speaks(keys, node_key(), 10));
  EXPECT_TRUE(speaks(keys, node_key(), 1'000'000));
  EXPECT_FALSE(speaks(keys, node_key(), 11, "https://nexapod.example/node/b"));
  EXPECT_FALSE(speaks(keys, witness_key(), 11));
}

TEST(KeyRegistry, RotationKeepsTheIdentityAndTheResultsOfTheOldKey) {
  KeyRegistry keys = registry();
  const SigningKey next = numbered_key(1);
  ASSERT_TRUE(keys.add(10, addition(node_key(), coordinator_key())));
  ASSERT_TRUE(keys.add(50, addition(next, node_key())));
  ASSERT_TRUE(keys.revoke(51, revocation(node_key(), 60, next)));
  EXPECT_TRUE(speaks(keys, node_key(), 59));
  EXPECT_FALSE(speaks(keys, node_key(), 60));
  EXPECT_FALSE(speaks(keys, next, 49));
  EXPECT_TRUE(speaks(keys, next, 50));
  EXPECT_TRUE(speaks(keys, next, 1000));
  const auto why = keys.check(node, bytes(node_key()), 60).error();
  EXPECT_EQ(why.code, ErrorCode::refused);
  EXPECT_NE(why.message.find("revoked from entry 60"), std::string::npos) << why.message;
}

TEST(KeyRegistry, WhatAStolenKeyVouchedForFallsWithIt) {
  KeyRegistry keys = registry();
  const SigningKey of_thief = numbered_key(1);
  const SigningKey of_thief_too = numbered_key(2);
  const SigningKey fresh = numbered_key(3);
  ASSERT_TRUE(keys.add(10, addition(node_key(), coordinator_key())));
  ASSERT_TRUE(keys.add(50, addition(of_thief, node_key())));
  ASSERT_TRUE(keys.add(60, addition(of_thief_too, of_thief)));
  EXPECT_TRUE(speaks(keys, of_thief_too, 60));
  // The theft happened at 40 and is noticed at 70.
  ASSERT_TRUE(keys.revoke(70, revocation(node_key(), 40, coordinator_key())));
  EXPECT_TRUE(speaks(keys, node_key(), 39));
  EXPECT_FALSE(speaks(keys, node_key(), 40));
  EXPECT_FALSE(speaks(keys, of_thief, 55));
  EXPECT_FALSE(speaks(keys, of_thief_too, 65));
  // None of these can vouch any more; the registrar helps.
  EXPECT_FALSE(keys.add(71, addition(fresh, of_thief_too)));
  ASSERT_TRUE(keys.add(71, addition(fresh, coordinator_key())));
  EXPECT_TRUE(speaks(keys, fresh, 71));
}

TEST(KeyRegistry, AHolderCannotDisownThePast) {
  KeyRegistry keys = registry();
  ASSERT_TRUE(keys.add(10, addition(node_key(), coordinator_key())));
  EXPECT_EQ(keys.revoke(100, revocation(node_key(), 99, node_key())).error().code,
            ErrorCode::refused);
  EXPECT_TRUE(keys.revoke(100, revocation(node_key(), 100, node_key())));
  EXPECT_TRUE(speaks(keys, node_key(), 99));
  // Once revoked, the key revokes and vouches for nothing; the earliest revocation holds.
  EXPECT_FALSE(keys.revoke(101, revocation(node_key(), 200, node_key())));
  EXPECT_FALSE(keys.add(101, addition(numbered_key(1), node_key())));
  ASSERT_TRUE(keys.revoke(102, revocation(node_key(), 500, coordinator_key())));
  EXPECT_FALSE(speaks(keys, node_key(), 100));
}

TEST(KeyRegistry, RefusesWrongRecords) {
  KeyRegistry keys = registry();
  const SigningKey other = numbered_key(1);
  ASSERT_TRUE(keys.add(10, addition(node_key(), coordinator_key())));
  const auto code = [&](const KeyAdd& record) { return keys.add(20, record).error().code; };
  // An identity is not taken over by a key that vouches for itself, or by that of another.
  EXPECT_EQ(code(addition(other, other)), ErrorCode::refused);
  EXPECT_EQ(code(addition(other, witness_key())), ErrorCode::refused);
  EXPECT_EQ(code(addition(other, node_key(), "https://nexapod.example/node/b")),
            ErrorCode::refused);
  // A key has one identity, for ever.
  EXPECT_EQ(code(addition(node_key(), coordinator_key(), "https://nexapod.example/node/b")),
            ErrorCode::conflict);
  EXPECT_EQ(code(addition(coordinator_key(), coordinator_key())), ErrorCode::refused);
  KeyAdd small_order = addition(other, coordinator_key());
  small_order.key = {1};
  EXPECT_EQ(code(small_order), ErrorCode::refused);
  EXPECT_EQ(code(addition(other, coordinator_key(), "")), ErrorCode::invalid_argument);
  EXPECT_EQ(code(addition(other, coordinator_key(), "a\nb")), ErrorCode::invalid_argument);
  // Each signature counts, and so does the log that the record was made for.
  for (const bool of_key : {true, false}) {
    KeyAdd bad = addition(other, coordinator_key());
    (of_key ? bad.by_key : bad.by_voucher)[5] ^= 4;
    EXPECT_EQ(code(bad), ErrorCode::refused);
  }
  EXPECT_EQ(code(io::sign_key_add("another.example/ledger", node, other, coordinator_key())),
            ErrorCode::refused);
  EXPECT_EQ(keys.add(10, addition(other, coordinator_key())).error().code, ErrorCode::conflict);
  EXPECT_TRUE(keys.add(20, addition(other, coordinator_key())));
  EXPECT_EQ(keys.keys().size(), 2U);
}

TEST(KeyRegistry, RefusesWrongRevocations) {
  KeyRegistry keys = registry();
  ASSERT_TRUE(keys.add(10, addition(node_key(), coordinator_key())));
  ASSERT_TRUE(keys.add(11, addition(witness_key(), coordinator_key(), "https://b.example")));
  const auto code = [&](const KeyRevoke& record) { return keys.revoke(20, record).error().code; };
  EXPECT_EQ(code(revocation(numbered_key(1), 30, coordinator_key())), ErrorCode::not_found);
  EXPECT_EQ(code(revocation(node_key(), 30, coordinator_key(), "https://b.example")),
            ErrorCode::not_found);
  EXPECT_EQ(code(revocation(node_key(), 30, witness_key())), ErrorCode::refused);
  KeyRevoke later = revocation(node_key(), 30, coordinator_key());
  later.from = 31;
  EXPECT_EQ(code(later), ErrorCode::refused);
  EXPECT_TRUE(speaks(keys, node_key(), 1000));
}

TEST(KeyRegistry, IsReadFromTheRecordsOfALog) {
  std::string text = io::to_json_line(10, addition(node_key(), coordinator_key())) + '\n';
  text += io::to_json_line(50, addition(numbered_key(1), node_key())) + '\n';
  text += R"({"v":1,"seq":51,"type":"transfer","id":"01"})"
          "\n";
  text += io::to_json_line(60, revocation(node_key(), 70, numbered_key(1))) + '\n';
  const auto keys =
      io::parse_key_registry(text, "keys.jsonl", origin, coordinator_key().public_key());
  ASSERT_TRUE(keys.has_value()) << keys.error().message;
  EXPECT_TRUE(speaks(*keys, node_key(), 69));
  EXPECT_FALSE(speaks(*keys, node_key(), 70));
  EXPECT_TRUE(speaks(*keys, numbered_key(1), 70));
  // A record that does not hold is told with its line.
  const auto wrong = io::parse_key_registry(text, "keys.jsonl", "another.example/ledger",
                                            coordinator_key().public_key());
  EXPECT_EQ(wrong.error().where.line, 1);
  EXPECT_EQ(wrong.error().code, ErrorCode::refused);
  for (const char* bad :
       {"{}", "[]", R"({"seq":1,"type":"key.add"})", "x", R"({"seq":-1,"type":"key.revoke"})",
        R"({"type":"key.add","type":"x"})"}) {
    EXPECT_FALSE(io::parse_key_registry(bad, "keys.jsonl", origin, coordinator_key().public_key()))
        << bad;
  }
}

}  // namespace
}  // namespace nexa::ledger
