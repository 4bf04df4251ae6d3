#include "io/minisign.hpp"

#include <gtest/gtest.h>

#include "tests/io/attest_vectors.hpp"
#include "tests/io/foreign.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using testing::bytes_of;
using testing::coordinator_key;
using testing::Foreign;
using testing::run;
using testing::Scratch;
using testing::vector_path;

constexpr MinisignId vector_id{1, 2, 3, 4, 5, 6, 7, 8};

std::vector<PublicKey> keys() {
  return {testing::node_key().public_key(), coordinator_key().public_key()};
}

TEST(Minisign, ReproducesTheVector) {
  const auto text =
      minisign_sign(vector_path("archive.tar"), coordinator_key(), vector_id,
                    "nexapod result archive", "timestamp:1700000000\tfile:archive.tar\thashed");
  EXPECT_EQ(text.value(), bytes_of(vector_path("archive.tar.minisig")));
  EXPECT_EQ(to_text(MinisignKey{vector_id, coordinator_key().public_key()}),
            bytes_of(vector_path("nexapod.pub")));
}

TEST(Minisign, VerifiesTheVectorAndSaysWhoSigned) {
  const MinisignKey key = parse_minisign_key(bytes_of(vector_path("nexapod.pub"))).value();
  EXPECT_EQ(key.id, vector_id);
  EXPECT_EQ(key.key, coordinator_key().public_key());
  const auto seal = minisign_verify(vector_path("archive.tar"),
                                    bytes_of(vector_path("archive.tar.minisig")), keys());
  ASSERT_TRUE(seal.has_value()) << seal.error().message;
  EXPECT_EQ(seal->key, 1U);
  EXPECT_EQ(seal->trusted_comment, "timestamp:1700000000\tfile:archive.tar\thashed");
}

TEST(Minisign, RefusesAnyChangeOfFileSignatureAndTrustedComment) {
  const Scratch scratch;
  const std::string file = bytes_of(vector_path("archive.tar"));
  const std::string signature = bytes_of(vector_path("archive.tar.minisig"));
  for (std::size_t i = 0; i < file.size(); ++i) {
    std::string changed = file;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto path = scratch.file("changed.tar", changed);
    EXPECT_EQ(minisign_verify(path, signature, keys()).error().code, ErrorCode::refused) << i;
  }
  const std::size_t end_of_untrusted = signature.find('\n');
  for (std::size_t i = end_of_untrusted; i < signature.size(); ++i) {
    std::string changed = signature;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    // The id of the key is a hint: the signature holds without it.
    const bool is_key_id = i >= end_of_untrusted + 4 && i < end_of_untrusted + 14;
    const auto seal = minisign_verify(vector_path("archive.tar"), changed, keys());
    EXPECT_TRUE(is_key_id || !seal.has_value()) << i;
  }
  std::string untrusted = signature;
  untrusted.insert(end_of_untrusted, " says somebody");
  EXPECT_TRUE(minisign_verify(vector_path("archive.tar"), untrusted, keys()).has_value());
}

TEST(Minisign, SaysWhatIsWrong) {
  const std::string path = vector_path("archive.tar");
  const std::string signature = bytes_of(vector_path("archive.tar.minisig"));
  const std::vector<PublicKey> stranger{testing::witness_key().public_key()};
  EXPECT_EQ(minisign_verify(path, signature, stranger).error().code, ErrorCode::refused);
  EXPECT_EQ(minisign_verify(path + ".not", signature, keys()).error().code, ErrorCode::not_found);
  EXPECT_EQ(minisign_verify(path, "", keys()).error().code, ErrorCode::corrupt);
  EXPECT_EQ(minisign_verify(path, signature + "more\n", keys()).error().code, ErrorCode::corrupt);
  // "RWQ" is the older algorithm, of the whole file.
  std::string older = signature;
  older.replace(older.find("RUQ"), 3, "RWQ");
  EXPECT_EQ(minisign_verify(path, older, keys()).error().code, ErrorCode::unsupported);
  EXPECT_EQ(minisign_sign(path, coordinator_key(), vector_id, "two\nlines", "").error().code,
            ErrorCode::invalid_argument);
  EXPECT_FALSE(parse_minisign_key("RWQBAgMEBQYHCD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GY"));
  EXPECT_FALSE(parse_minisign_key(""));
}

TEST(Minisign, IsUnderstoodByTheProgram) {
  if (!Foreign::has("minisign")) GTEST_SKIP() << "the program minisign is not installed";
  const Scratch scratch;
  const std::string file = scratch.file("big", std::string(300'000, 'x'));
  const SigningKey key = SigningKey::generate();
  const MinisignId id = minisign_id(key.public_key());
  static_cast<void>(scratch.file("big.minisig", *minisign_sign(file, key, id, "c", "job:42")));
  const std::string pub = scratch.file("key.pub", to_text(MinisignKey{id, key.public_key()}));
  const auto good = run("minisign -V -p '" + pub + "' -m '" + file + "'");
  EXPECT_EQ(good.status, 0) << good.output;
  EXPECT_NE(good.output.find("job:42"), std::string::npos) << good.output;
  static_cast<void>(scratch.file("big", "other"));
  EXPECT_NE(run("minisign -V -p '" + pub + "' -m '" + file + "'").status, 0);
}

TEST(Minisign, UnderstandsTheProgram) {
  if (!Foreign::has("minisign")) GTEST_SKIP() << "the program minisign is not installed";
  const Scratch scratch;
  const std::string file = scratch.file("result.tar", "any bytes");
  const std::string secret = scratch.file("secret");
  const auto made = run("minisign -G -W -p '" + scratch.file("pub") + "' -s '" + secret + "'");
  ASSERT_EQ(made.status, 0) << made.output;
  const auto signed_by_it =
      run("minisign -S -H -s '" + secret + "' -t 'from the program' -m '" + file + "'");
  ASSERT_EQ(signed_by_it.status, 0) << signed_by_it.output;
  const MinisignKey key = parse_minisign_key(bytes_of(scratch.file("pub"))).value();
  const auto seal = minisign_verify(file, bytes_of(file + ".minisig"), {&key.key, 1});
  ASSERT_TRUE(seal.has_value()) << seal.error().message;
  EXPECT_EQ(seal->trusted_comment, "from the program");
  // The older format is told apart.
  ASSERT_EQ(run("minisign -S -l -s '" + secret + "' -m '" + file + "'").status, 0);
  EXPECT_EQ(minisign_verify(file, bytes_of(file + ".minisig"), {&key.key, 1}).error().code,
            ErrorCode::unsupported);
}

}  // namespace
}  // namespace nexa::io
