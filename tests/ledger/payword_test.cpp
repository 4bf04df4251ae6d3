#include "ledger/payword.hpp"

#include <gtest/gtest.h>

#include "io/sha256.hpp"
#include "tests/io/attest_vectors.hpp"

namespace nexa::ledger {
namespace {

using core::Digest;
using core::ErrorCode;
using io::sha256_of_parts;
using io::testing::vector_value;

PayWordChain chain(std::uint64_t ticks) {
  return {sha256_of_parts, io::sha256("payword seed test"), ticks};
}

TEST(PayWord, ReproducesTheVector) {
  const PayWordChain words = chain(5);
  EXPECT_EQ(to_hex(words.anchor()), vector_value("payword anchor w0"));
  EXPECT_EQ(to_hex(words.word(1)), vector_value("payword w1"));
  EXPECT_EQ(to_hex(words.word(5)), vector_value("payword w5"));
  EXPECT_EQ(words.word(0), words.anchor());
}

TEST(PayWord, EachWordLeadsToTheOneBefore) {
  for (std::uint64_t ticks = 0; ticks <= 40; ++ticks) {
    const PayWordChain words = chain(ticks);
    for (std::uint64_t n = 1; n <= ticks; ++n) {
      EXPECT_EQ(payword_before(sha256_of_parts, words.word(n)), words.word(n - 1)) << ticks;
    }
  }
}

TEST(PayWordMeter, CountsTicksOneByOneAndAcrossGaps) {
  const PayWordChain words = chain(100);
  PayWordMeter meter(sha256_of_parts, words.anchor(), 100, 30);
  EXPECT_EQ(meter.accept(1, words.word(1)).value(), 1U);
  EXPECT_EQ(meter.accept(2, words.word(2)).value(), 1U);
  EXPECT_EQ(meter.accept(32, words.word(32)).value(), 30U);
  // The last word again is no error and pays nothing.
  EXPECT_EQ(meter.accept(32, words.word(32)).value(), 0U);
  EXPECT_EQ(meter.ticks(), 32U);
  EXPECT_EQ(meter.word(), words.word(32));
}

TEST(PayWordMeter, RefusesWhatIsNotPaidFor) {
  const PayWordChain words = chain(100);
  const PayWordChain others(sha256_of_parts, io::sha256("another stream"), 100);
  PayWordMeter meter(sha256_of_parts, words.anchor(), 100, 30);
  ASSERT_TRUE(meter.accept(10, words.word(10)).has_value());
  const auto code = [&](std::uint64_t n, const Digest& word) {
    return meter.accept(n, word).error().code;
  };
  EXPECT_EQ(code(12, words.word(11)), ErrorCode::refused);
  EXPECT_EQ(code(11, words.word(12)), ErrorCode::refused);
  EXPECT_EQ(code(11, others.word(11)), ErrorCode::refused);
  EXPECT_EQ(code(10, others.word(10)), ErrorCode::refused);
  EXPECT_EQ(code(9, words.word(9)), ErrorCode::conflict);
  EXPECT_EQ(code(41, words.word(41)), ErrorCode::limit_exceeded);
  EXPECT_EQ(code(101, words.word(100)), ErrorCode::limit_exceeded);
  Digest flipped = words.word(11);
  for (std::size_t bit = 0; bit < 256; ++bit) {
    flipped.bytes.at(bit / 8) ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_EQ(code(11, flipped), ErrorCode::refused);
    flipped = words.word(11);
  }
  // Nothing of that has changed the state.
  EXPECT_EQ(meter.ticks(), 10U);
  EXPECT_EQ(meter.accept(11, words.word(11)).value(), 1U);
}

}  // namespace
}  // namespace nexa::ledger
