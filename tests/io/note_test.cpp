#include "io/note.hpp"

#include <gtest/gtest.h>

#include <cctype>

#include "io/base64.hpp"
#include "io/checkpoint.hpp"
#include "tests/io/vectors.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using testing::vector_bytes;
using testing::vector_log_signer;
using testing::vector_time;
using testing::vector_witness_signer;

std::vector<NoteKey> vector_keys() {
  return {vector_log_signer().key(), vector_witness_signer().key()};
}

Note note_of(const std::string& bytes) {
  auto note = parse_note(bytes, "note");
  EXPECT_TRUE(note) << note.error().message;
  return note ? std::move(note).value() : Note{};
}

/// The note of a text, signed by the key of the test vectors.
Note signed_note(const std::string& text) {
  return {text, {sign_note(vector_log_signer(), text, vector_time)}};
}

TEST(NoteKey, IsWrittenAndReadAsInTheVectors) {
  EXPECT_EQ(vector_log_signer().key().to_text(), vector_bytes("vkey"));
  EXPECT_EQ(vector_witness_signer().key().to_text(), vector_bytes("wvkey"));
  for (const char* const name : {"vkey", "wvkey"}) {
    const auto key = NoteKey::parse(vector_bytes(name));
    ASSERT_TRUE(key) << key.error().message;
    EXPECT_EQ(key->to_text(), vector_bytes(name));
  }
  const auto log = NoteKey::parse(vector_bytes("vkey"));
  EXPECT_EQ(log->name(), testing::vector_origin);
  EXPECT_EQ(log->id(), 0x875443aeU);
  EXPECT_EQ(log->algorithm(), NoteAlgorithm::ed25519);
}

TEST(NoteKey, IsRefusedWhereAnythingIsWrongWithIt) {
  const std::string good = vector_bytes("vkey");
  const auto says = [](const std::string& text) { return NoteKey::parse(text).error().message; };
  EXPECT_NE(says("").find("not a key of signed notes"), std::string::npos);
  EXPECT_NE(says("name+12345678").find("not a key"), std::string::npos);
  EXPECT_NE(says("+875443ae+AT1A").find("name is empty"), std::string::npos);
  EXPECT_NE(says("a b+875443ae+AT1A").find("contains a space"), std::string::npos);
  EXPECT_NE(says("a\u00a0b+875443ae+AT1A").find("contains a space"), std::string::npos);
  EXPECT_NE(says(good.substr(0, good.size() - 4)).find("33 bytes"), std::string::npos);
  EXPECT_NE(says("x" + good).find("the key's id is '875443ae'"), std::string::npos);
  EXPECT_NE(says("PRIVATE+KEY+" + good).find("private key"), std::string::npos);
  std::string other_algorithm = good;
  other_algorithm.replace(good.rfind('+') + 1, 2, "Bz");  // 0x07 in front
  EXPECT_NE(says(other_algorithm).find("unknown algorithm 7"), std::string::npos);
}

TEST(NoteKey, OfSmallOrderIsRefused) {
  PublicKey small;
  small.bytes[0] = 1;  // the neutral element
  const NoteKey key("example.org/log", NoteAlgorithm::ed25519, small);
  EXPECT_EQ(NoteKey::parse(key.to_text()).error().code, ErrorCode::invalid_argument);
}

TEST(NoteSigner, IsReadFromItsPrivateText) {
  const std::string seed(
      reinterpret_cast<const char*>(testing::bytes_of_hex(testing::coordinator_seed).data()), 32);
  const std::string material = "\x01" + seed;
  const std::string text = "PRIVATE+KEY+" + std::string(testing::vector_origin) + "+875443ae+" +
                           to_base64(core::bytes_of(material));
  const auto signer = NoteSigner::parse(text);
  ASSERT_TRUE(signer) << signer.error().message;
  EXPECT_EQ(signer->key().to_text(), vector_bytes("vkey"));
  EXPECT_FALSE(NoteSigner::parse(vector_bytes("vkey")));
  const auto other_id =
      NoteSigner::parse("PRIVATE+KEY+x+875443ae+" + to_base64(core::bytes_of(material)));
  ASSERT_FALSE(other_id);
  EXPECT_EQ(other_id.error().message.find(to_base64(core::bytes_of(material))), std::string::npos)
      << "a message must not repeat a secret";
}

TEST(Note, OfTheVectorsIsMadeByteForByte) {
  Note note = note_of(vector_bytes("checkpoint"));
  const std::string text = note.text;
  note.signatures = {sign_note(vector_log_signer(), text, vector_time)};
  EXPECT_EQ(to_text(note), vector_bytes("checkpoint"));
  note.signatures.push_back(sign_note(vector_witness_signer(), text, vector_time));
  EXPECT_EQ(to_text(note), vector_bytes("checkpoint.cosigned"));
}

TEST(Note, OfTheVectorsIsVerified) {
  const Note note = note_of(vector_bytes("checkpoint.cosigned"));
  const auto trusted = verify_note(note, vector_keys(), vector_time);
  ASSERT_TRUE(trusted) << trusted.error().message;
  ASSERT_EQ(trusted->size(), 2U);
  EXPECT_EQ((*trusted)[0].key, 0U);
  EXPECT_EQ((*trusted)[0].unix_seconds, 0);
  EXPECT_EQ((*trusted)[1].key, 1U);
  EXPECT_EQ((*trusted)[1].unix_seconds, 1'700'000'000);
}

TEST(Note, IsCutAtItsLastEmptyLine) {
  const std::string text = "a\n\nb\n";
  const Note note = note_of(to_text(signed_note(text)));
  EXPECT_EQ(note.text, text);
  EXPECT_TRUE(verify_note(note, vector_keys(), vector_time));
}

TEST(Note, DoesNotSurviveAChangedBit) {
  const std::string good = vector_bytes("checkpoint.cosigned");
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    const auto note = parse_note(bad, "note");
    if (!note) continue;
    const auto trusted = verify_note(*note, vector_keys(), vector_time);
    // A changed name or id makes a signature one of an unknown key, which is ignored.
    if (!trusted) continue;
    EXPECT_EQ(trusted->size(), 1U) << "bit " << bit;
    EXPECT_EQ(note->text, note_of(good).text) << "bit " << bit;
  }
}

TEST(Note, SignaturesOfUnknownKeysAreIgnored) {
  Note note = signed_note("text\n");
  const NoteSigner stranger("example.org/stranger", NoteAlgorithm::ed25519,
                            testing::signing_key(testing::node_seed));
  NoteSignature nonsense = sign_note(stranger, "another text\n", vector_time);
  note.signatures.insert(note.signatures.begin(), nonsense);
  EXPECT_TRUE(verify_note(note, vector_keys(), vector_time));

  nonsense.name = testing::vector_origin;  // a known name, but another id
  note.signatures.front() = nonsense;
  EXPECT_TRUE(verify_note(note, vector_keys(), vector_time));

  nonsense.name = "example.org/other";  // a known id, but another name
  nonsense.key_id = vector_log_signer().key().id();
  note.signatures.front() = nonsense;
  EXPECT_TRUE(verify_note(note, vector_keys(), vector_time));

  note.signatures = {nonsense};
  const auto refused = verify_note(note, vector_keys(), vector_time);
  EXPECT_EQ(refused.error().code, ErrorCode::refused);
  EXPECT_EQ(refused.error().message, "no signature by a known key");
}

TEST(Note, IsRefusedAsAWholeForOneFalseSignatureOfAKnownKey) {
  Note note = signed_note("text\n");
  note.signatures.push_back(sign_note(vector_witness_signer(), "another text\n", vector_time));
  const auto refused = verify_note(note, vector_keys(), vector_time);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("does not hold"), std::string::npos);
}

TEST(Note, CountsAKeyOnce) {
  Note note = signed_note("text\n");
  note.signatures.push_back(note.signatures.front());
  EXPECT_EQ(verify_note(note, vector_keys(), vector_time)->size(), 1U);
}

TEST(Note, CosignaturesFromTheFutureAreRefused) {
  const Note note = note_of(vector_bytes("checkpoint.cosigned"));
  const auto refused = verify_note(note, vector_keys(), vector_time - core::seconds(1));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("future"), std::string::npos);
}

TEST(Note, MalleatedSignaturesAreRefused) {
  // S + L is the same number modulo the order of the group (RFC 8032 §5.1.7 wants S < L).
  constexpr std::array<unsigned, 32> group_order{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                                 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                                 0,    0,    0,    0,    0,    0,    0,    0,
                                                 0,    0,    0,    0,    0,    0,    0,    0x10};
  Note note = signed_note("text\n");
  unsigned carry = 0;
  for (std::size_t i = 0; i < group_order.size(); ++i) {
    carry += note.signatures[0].bytes[32 + i] + group_order.at(i);
    note.signatures[0].bytes[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  ASSERT_EQ(carry, 0U);
  EXPECT_FALSE(verify_note(note, vector_keys(), vector_time));
}

TEST(Note, MalformedOnesAreErrorsWithTheirLine) {
  const std::string mark = "\u2014 ";
  const auto fails = [](const std::string& bytes, int line, const std::string& says) {
    const auto note = parse_note(bytes, "f");
    ASSERT_FALSE(note) << bytes;
    EXPECT_EQ(note.error().where.file, "f");
    EXPECT_EQ(note.error().where.line, line) << note.error().message;
    EXPECT_NE(note.error().message.find(says), std::string::npos) << note.error().message;
  };
  fails("", 1, "no empty line");
  fails("text\n", 1, "no empty line");
  fails("text\n\n", 2, "no signature");
  fails("text\n\n" + mark + "name\n", 3, "not a line with a signature");
  fails("text\n\n" + mark + "name AAAAAAA\n", 3, "not a line with a signature");
  fails("text\n\n" + mark + "name AAAA\n", 3, "not a line with a signature");
  fails("text\n\n" + mark + "na+me AAAAAAA=\n", 3, "not a line with a signature");
  fails("text\n\n" + mark + " AAAAAAA=\n", 3, "not a line with a signature");
  fails("text\n\n- name AAAAAAA=\n", 3, "not a line with a signature");
  fails("text\n\n" + mark + "name AAAAAAA=\n" + mark + "name AAAAAAA=", 4, "no line break");
  fails("text\r\n\n" + mark + "name AAAAAAA=\n", 1, "control character");
  fails("text\n\xff\n\n" + mark + "name AAAAAAA=\n", 2, "not UTF-8");
  std::string many = "text\n\n";
  for (std::size_t i = 0; i <= most_note_signatures; ++i) many += mark + "name AAAAAAA=\n";
  fails(many, 103, "too many");
  EXPECT_TRUE(parse_note("text\n\n" + mark + "name AAAAAAA=\n", "f"));
  EXPECT_EQ(parse_note(std::string(most_note_bytes + 1, 'a'), "f").error().code,
            ErrorCode::limit_exceeded);
}

TEST(Base64, HasOneTextForEachValue) {
  EXPECT_EQ(to_base64(core::bytes_of("hello")), "aGVsbG8=");
  EXPECT_EQ(to_base64({}), "");
  EXPECT_TRUE(from_base64("")->empty());
  ASSERT_TRUE(from_base64("aGVsbG8="));
  for (const char* const bad : {"aGVsbG8", "aGVsbG9=", "aGVs bG8=", "aGVsbG8=\n", "aGVsbG8==", "=",
                                "-_8=", "aGVsbG8=aGVsbG8="}) {
    EXPECT_FALSE(from_base64(bad)) << bad;
  }
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text{static_cast<char>(byte), 'A', 'A', 'A'};
    const auto bytes = from_base64(text);
    EXPECT_TRUE(!bytes || to_base64(*bytes) == text) << byte;
    const bool is_letter = byte < 128 && (std::isalnum(byte) != 0 || byte == '+' || byte == '/');
    EXPECT_EQ(bytes.has_value(), is_letter) << byte;
  }
}

}  // namespace
}  // namespace nexa::io
