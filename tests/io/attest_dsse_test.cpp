#include "io/attest/dsse.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "io/attest/statement.hpp"
#include "io/base64.hpp"
#include "io/sha256.hpp"
#include "tests/io/attest_vectors.hpp"
#include "tests/io/foreign.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using testing::coordinator_key;
using testing::Foreign;
using testing::node_key;
using testing::run;
using testing::Scratch;
using testing::vector_bytes;
using testing::vector_value;
using testing::witness_key;
using Json = nlohmann::ordered_json;

Envelope vector_envelope() {
  return parse_envelope(vector_bytes("env.json"), "env.json").value();
}

std::vector<PublicKey> keys() {
  return {coordinator_key().public_key(), node_key().public_key()};
}

bool holds(const Envelope& envelope) {
  return verify_envelope(envelope, keys()).has_value();
}

TEST(Dsse, ReproducesTheVectors) {
  const Envelope envelope = vector_envelope();
  EXPECT_EQ(envelope.payload.size(), 487U);
  const std::string encoding = pre_authentication_encoding(envelope.payload_type, envelope.payload);
  EXPECT_EQ(encoding, vector_bytes("pae.bin"));
  EXPECT_EQ(to_hex(sha256(encoding)), vector_value("pae.sha256"));
  const Envelope made = sign_envelope(envelope.payload_type, envelope.payload, node_key());
  EXPECT_EQ(hex_of(core::bytes_of(made.signatures[0].bytes)), vector_value("dsse.sig"));
  EXPECT_EQ(to_json(made), vector_bytes("env.json"));
  EXPECT_EQ(to_json(envelope), vector_bytes("env.json"));
}

TEST(Dsse, ReproducesTheExampleOfTheSpecification) {
  EXPECT_EQ(pre_authentication_encoding("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  EXPECT_EQ(pre_authentication_encoding("", ""), "DSSEv1 0  0 ");
  const Envelope made = sign_envelope("http://example.com/HelloWorld", "hello world", node_key());
  EXPECT_EQ(to_base64(core::bytes_of(made.signatures[0].bytes)),
            vector_value("dsse-spec PAE ed25519 sig (node)"));
}

TEST(Dsse, VerifiesTheVectorAndGivesTheSignedBytes) {
  const auto verified = verify_envelope(vector_envelope(), keys());
  ASSERT_TRUE(verified.has_value()) << verified.error().message;
  EXPECT_EQ(verified->signers(), std::vector<std::size_t>{1});
  EXPECT_EQ(verified->type(), statement_payload_type);
  EXPECT_EQ(verified->bytes(), vector_envelope().payload);
  const std::vector<PublicKey> strangers{witness_key().public_key()};
  EXPECT_EQ(verify_envelope(vector_envelope(), strangers).error().code, ErrorCode::refused);
  EXPECT_EQ(verify_envelope(vector_envelope(), {}).error().code, ErrorCode::refused);
}

TEST(Dsse, NoticesEveryChangedBit) {
  const Envelope good = vector_envelope();
  for (std::size_t bit = 0; bit < 8 * good.payload.size(); ++bit) {
    Envelope bad = good;
    bad.payload[bit / 8] = static_cast<char>(bad.payload[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(holds(bad)) << bit;
  }
  for (std::size_t bit = 0; bit < 8 * good.payload_type.size(); ++bit) {
    Envelope bad = good;
    bad.payload_type[bit / 8] = static_cast<char>(bad.payload_type[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(holds(bad)) << bit;
  }
  for (std::size_t bit = 0; bit < 512; ++bit) {
    Envelope bad = good;
    std::string& bytes = bad.signatures[0].bytes;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(holds(bad)) << bit;
  }
  // Moving a byte between type and payload changes what is signed, although both texts joined
  // stay the same.
  Envelope moved = good;
  moved.payload.insert(0, 1, moved.payload_type.back());
  moved.payload_type.pop_back();
  EXPECT_FALSE(holds(moved));
}

TEST(Dsse, TheKeyIdIsAHintAndNothingMore) {
  for (const std::string& key_id :
       {std::string(), std::string("nonsense"), envelope_key_id(coordinator_key().public_key())}) {
    Envelope envelope = vector_envelope();
    envelope.signatures[0].key_id = key_id;
    const auto verified = verify_envelope(envelope, keys());
    ASSERT_TRUE(verified.has_value()) << key_id;
    EXPECT_EQ(verified->signers(), std::vector<std::size_t>{1});
  }
}

TEST(Dsse, CountsSignersByTheirKey) {
  Envelope envelope = vector_envelope();
  envelope.signatures.push_back(envelope.signatures[0]);
  envelope.signatures[1].key_id = "another";
  EXPECT_EQ(verify_envelope(envelope, keys())->signers().size(), 1U);
  // The same key given twice is one signer, too.
  const PublicKey node = node_key().public_key();
  const std::vector<PublicKey> doubled{node, node};
  EXPECT_EQ(verify_envelope(envelope, doubled)->signers(), std::vector<std::size_t>{0});
  // A second key is a second signer, and a signature that nobody knows harms no one.
  const auto by_coordinator =
      sign_envelope(envelope.payload_type, envelope.payload, coordinator_key());
  envelope.signatures.push_back(by_coordinator.signatures[0]);
  envelope.signatures.push_back({.key_id = "", .bytes = std::string(71, 'x')});
  EXPECT_EQ(verify_envelope(envelope, keys())->signers(), (std::vector<std::size_t>{0, 1}));
}

TEST(Dsse, RefusesMalleatedSignaturesAndWeakKeys) {
  Envelope malleated = vector_envelope();
  const auto order =
      testing::array_of_hex<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    char& byte = malleated.signatures[0].bytes[32 + i];
    const unsigned sum = static_cast<unsigned char>(byte) + order.at(i) + carry;
    byte = static_cast<char>(static_cast<unsigned char>(sum & 0xff));
    carry = sum >> 8;
  }
  EXPECT_FALSE(holds(malleated));
  Envelope made_up = vector_envelope();
  made_up.signatures[0].bytes = std::string(64, '\0');
  made_up.signatures[0].bytes[0] = 1;
  PublicKey neutral;
  neutral.bytes[0] = 1;
  EXPECT_FALSE(verify_envelope(made_up, {&neutral, 1}).has_value());
}

/// The vector's JSON with one member put in place of another.
std::string with(const std::string& member, Json value) {
  Json document = Json::parse(vector_bytes("env.json"));
  document[member] = std::move(value);
  return document.dump();
}

TEST(Dsse, ReadsBothKindsOfBase64) {
  // A payload whose base64 has digits that differ between the alphabets, and padding.
  const std::string payload = "\xfb\xef\xbe\xff\xff?>~";
  const Envelope made = sign_envelope("t", payload, node_key());
  std::string text = to_json(made);
  ASSERT_NE(text.find("++++//8/Pn4="), std::string::npos) << text;
  for (const char* form : {"++++//8/Pn4=", "----__8_Pn4=", "----__8_Pn4"}) {
    std::string other = text;
    other.replace(other.find("++++//8/Pn4="), 12, form);
    const auto envelope = parse_envelope(other, "e");
    ASSERT_TRUE(envelope.has_value()) << form;
    EXPECT_EQ(envelope->payload, payload);
    EXPECT_TRUE(holds(*envelope));
  }
  for (const char* form : {"----//8/Pn4=", "++++//8/Pn4==", "++++//8/Pn5=", "++++//8/P", "+ ++",
                           "++++//8/Pn4=\\n", "=", "ab=c"}) {
    std::string other = text;
    other.replace(other.find("++++//8/Pn4="), 12, form);
    EXPECT_FALSE(parse_envelope(other, "e").has_value()) << form;
  }
}

TEST(Dsse, RefusesWhatReadersWouldDifferOn) {
  std::string twice = vector_bytes("env.json");
  twice.insert(1, R"("payload":"e30=",)");
  const auto error = parse_envelope(twice, "b.jsonl").error();
  EXPECT_EQ(error.message, "the name 'payload' stands twice in one object");
  EXPECT_EQ(error.where.file, "b.jsonl");
  for (const std::string& bad :
       {with("payload", nullptr), with("payload", 1), with("payloadType", Json::array()),
        with("signatures", Json::object()), with("signatures", Json::array({1})),
        with("signatures", Json::array({Json{{"keyid", "a"}}})),
        with("signatures", Json::array({Json{{"keyid", 1}, {"sig", "AA=="}}})), std::string("[]"),
        std::string("{}"), std::string(), vector_bytes("env.json") + "{}",
        vector_bytes("env.json") + std::string(1, '\0')}) {
    EXPECT_FALSE(parse_envelope(bad, "e").has_value()) << bad;
  }
  // What the format does not know may be added.
  EXPECT_TRUE(parse_envelope(with("extra", Json{{"a", 1}}), "e").has_value());
}

TEST(Dsse, HasLimits) {
  Json many = Json::array();
  for (int i = 0; i < 17; ++i) many.push_back(Json{{"sig", "AA=="}});
  EXPECT_FALSE(parse_envelope(with("signatures", many), "e").has_value());
  many.erase(0);
  EXPECT_TRUE(parse_envelope(with("signatures", many), "e").has_value());
  EXPECT_EQ(parse_envelope(std::string(most_envelope_bytes + 1, ' '), "e").error().code,
            ErrorCode::limit_exceeded);
}

TEST(Dsse, AnUnsignedEnvelopeIsRefused) {
  const auto envelope = parse_envelope(with("signatures", Json::array()), "e");
  ASSERT_TRUE(envelope.has_value());
  EXPECT_EQ(verify_envelope(*envelope, keys()).error().message, "it has no signature");
}

TEST(Dsse, IsVerifiedByOpenssl) {
  if (!Foreign::has("openssl")) GTEST_SKIP() << "the program openssl is not installed";
  const Scratch scratch;
  const Envelope envelope = vector_envelope();
  // The key's 32 bytes behind the header of RFC 8410.
  const std::string header = io::bytes_of_hex("302a300506032b6570032100").value();
  const SigningKey node = node_key();
  const auto& key_bytes = node.public_key().bytes;
  const std::string key =
      scratch.file("key.der", header + std::string(key_bytes.begin(), key_bytes.end()));
  const std::string signature = scratch.file("sig", envelope.signatures[0].bytes);
  const auto check = [&](const std::string& message) {
    const std::string file = scratch.file("message", message);
    return run("openssl pkeyutl -verify -pubin -keyform DER -inkey '" + key + "' -rawin -in '" +
               file + "' -sigfile '" + signature + "'");
  };
  const std::string message = pre_authentication_encoding(envelope.payload_type, envelope.payload);
  const Foreign good = check(message);
  EXPECT_EQ(good.status, 0) << good.output;
  EXPECT_NE(check(message + ' ').status, 0);
}

}  // namespace
}  // namespace nexa::io
