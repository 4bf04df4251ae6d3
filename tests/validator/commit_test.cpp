#include "validator/commit.hpp"

#include <gtest/gtest.h>

#include "io/sha256.hpp"
#include "tests/io/attest_vectors.hpp"

namespace nexa::validator {
namespace {

using io::sha256;
using io::sha256_of_parts;

CommitContext context() {
  return {.task = sha256("job 42 spec"),
          .node_key = io::testing::node_key().public_key().bytes,
          .attempt = 1};
}

Opening opening() {
  Opening opening{.result = sha256("hello result\n")};
  for (std::size_t i = 0; i < opening.salt.size(); ++i) {
    opening.salt.at(i) = static_cast<std::uint8_t>(i);
  }
  return opening;
}

TEST(Commit, ReproducesTheVector) {
  const core::Digest made = commitment(sha256_of_parts, context(), opening());
  EXPECT_EQ(to_hex(made), io::testing::vector_value("commit"));
  EXPECT_TRUE(opens(sha256_of_parts, made, context(), opening()));
}

TEST(Commit, IsBoundToJobNodeAttemptResultAndSalt) {
  const core::Digest made = commitment(sha256_of_parts, context(), opening());
  CommitContext other_job = context();
  other_job.task = sha256("job 43 spec");
  EXPECT_FALSE(opens(sha256_of_parts, made, other_job, opening()));
  // A copier publishes the commitment of another node and reveals what that node reveals.
  CommitContext copier = context();
  copier.node_key = io::testing::witness_key().public_key().bytes;
  EXPECT_FALSE(opens(sha256_of_parts, made, copier, opening()));
  CommitContext other_attempt = context();
  other_attempt.attempt = 2;
  EXPECT_FALSE(opens(sha256_of_parts, made, other_attempt, opening()));
  for (std::size_t bit = 0; bit < 256; ++bit) {
    Opening other_result = opening();
    other_result.result.bytes.at(bit / 8) ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(opens(sha256_of_parts, made, context(), other_result));
    Opening other_salt = opening();
    other_salt.salt.at(bit / 8) ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(opens(sha256_of_parts, made, context(), other_salt));
  }
}

}  // namespace
}  // namespace nexa::validator
