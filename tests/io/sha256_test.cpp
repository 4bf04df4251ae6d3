#include "io/sha256.hpp"

#include <gtest/gtest.h>

#include "tests/io/scratch.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using core::to_hex;
using testing::Scratch;

// Known answers from FIPS 180-2, appendix B.
constexpr const char* of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* of_million_a =
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
constexpr const char* of_nothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Sha256, AgreesWithTheStandardOnBytes) {
  EXPECT_EQ(to_hex(sha256("abc")), of_abc);
  EXPECT_EQ(to_hex(sha256("")), of_nothing);
}

TEST(Sha256, AgreesWithTheStandardOnFiles) {
  const Scratch scratch;
  EXPECT_EQ(to_hex(sha256_file(scratch.file("abc", "abc")).value()), of_abc);
  EXPECT_EQ(to_hex(sha256_file(scratch.file("empty", "")).value()), of_nothing);
  const std::string million(1'000'000, 'a');
  EXPECT_EQ(to_hex(sha256_file(scratch.file("million", million)).value()), of_million_a);
}

TEST(Sha256, ReportsWhatItCannotRead) {
  const Scratch scratch;
  EXPECT_EQ(sha256_file(scratch.file("missing")).error().code, ErrorCode::not_found);
  EXPECT_EQ(sha256_file(scratch.file("")).error().code, ErrorCode::io);
  EXPECT_EQ(sha256_file("/dev/null").error().code, ErrorCode::unsupported);
}

TEST(BackgroundDigest, GivesTheSameDigestEveryTimeItIsAsked) {
  const Scratch scratch;
  BackgroundDigest digest(scratch.file("million", std::string(1'000'000, 'a')));
  EXPECT_EQ(to_hex(digest.value().value()), of_million_a);
  EXPECT_EQ(to_hex(digest.value().value()), of_million_a);
}

TEST(BackgroundDigest, MayBeDroppedUnasked) {
  const Scratch scratch;
  const std::string path = scratch.file("million", std::string(1'000'000, 'a'));
  { const BackgroundDigest digest(path); }
  BackgroundDigest missing(scratch.file("missing"));
  EXPECT_EQ(missing.value().error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace nexa::io
