#include "validator/lottery.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/validator/desk.hpp"

namespace nexa::validator {
namespace {

using core::JobId;
using core::NodeId;
using core::ReplicaId;
using test::Desk;
using test::sha256_for_tests;
using test::Wish;

core::Digest secret() {
  core::Digest digest;
  digest.bytes.fill(0x5a);
  return digest;
}

TEST(Lottery, ThresholdsAreSharesOfAllDraws) {
  EXPECT_EQ(threshold_of_ppm(0), 0U);
  EXPECT_EQ(threshold_of_ppm(500'000), every_draw / 2);
  EXPECT_EQ(threshold_of_ppm(1'000'000), every_draw);
  EXPECT_EQ(threshold_of_ppm(7'000'000), every_draw);
}

TEST(Lottery, ADrawIsTheEndOfAnHmac) {
  // The same, put together from its definition.
  const Lottery lottery(secret(), sha256_for_tests());
  const std::array<std::uint8_t, 12> message{0, 0, 1, 2, 0, 0, 0, 3, 0, 0, 0, 9};
  const std::array<core::Bytes, 1> parts{message};
  const core::Digest hmac = core::hmac_sha256(sha256_for_tests(), lottery.seed().bytes, parts);
  const std::uint32_t expected = static_cast<std::uint32_t>(hmac.bytes[28]) << 24 |
                                 static_cast<std::uint32_t>(hmac.bytes[29]) << 16 |
                                 static_cast<std::uint32_t>(hmac.bytes[30]) << 8 | hmac.bytes[31];
  EXPECT_EQ(lottery.draw(JobId{258}, ReplicaId{3}, NodeId{9}), expected);
}

TEST(Lottery, AnotherEpochDrawsWithItsOwnSeed) {
  Lottery lottery(secret(), sha256_for_tests());
  const Lottery first = lottery;
  for (int epoch = 0; epoch < 3; ++epoch) {
    EXPECT_EQ(lottery.draw(JobId{258}, ReplicaId{3}, NodeId{9}),
              draw_of(sha256_for_tests(), lottery.seed(), JobId{258}, ReplicaId{3}, NodeId{9}));
    lottery.next_epoch();
  }
  EXPECT_NE(lottery.draw(JobId{258}, ReplicaId{3}, NodeId{9}),
            first.draw(JobId{258}, ReplicaId{3}, NodeId{9}));
}

TEST(Lottery, AnHmacDoesNotDependOnHowItsMessageIsDivided) {
  const std::array<std::uint8_t, 12> message{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const core::HmacKey key(sha256_for_tests(), secret().bytes);
  const std::array<core::Bytes, 1> whole{message};
  const core::Digest expected = key.code_of(whole);
  for (const std::size_t length : {1U, 2U, 3U, 4U, 6U, 12U}) {
    std::vector<core::Bytes> parts;
    for (std::size_t at = 0; at < message.size(); at += length) {
      parts.push_back(core::Bytes(message).subspan(at, length));
    }
    EXPECT_EQ(key.code_of(parts), expected) << length;
  }
}

TEST(Lottery, DrawsAreUniform) {
  const Lottery lottery(secret(), sha256_for_tests());
  std::array<int, 16> buckets{};
  constexpr int draws = 16'000;
  for (std::uint32_t job = 0; job < draws; ++job) {
    ++buckets[lottery.draw(JobId{job}, ReplicaId{1}, NodeId{job % 7}) >> 28];
  }
  double chi_square = 0;
  for (const int count : buckets) chi_square += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_square, 37.7);  // 0.1 % of 15 degrees of freedom
}

TEST(Lottery, EpochsHaveSeedsOfTheirOwn) {
  Lottery lottery(secret(), sha256_for_tests());
  const core::Digest first = lottery.commitment();
  const std::uint32_t draw = lottery.draw(JobId{1}, ReplicaId{1}, NodeId{1});
  lottery.next_epoch();
  EXPECT_NE(lottery.commitment(), first);
  EXPECT_NE(lottery.draw(JobId{1}, ReplicaId{1}, NodeId{1}), draw);
}

/// V6 from outside: what a validator published is enough to check every decision of the lottery.
TEST(Lottery, OutsidersCheckEveryDrawOfAnEpoch) {
  ValidatorConfig config;
  config.lottery_secret = secret();
  config.newcomer_results = 2;
  Desk desk(config);
  desk.join(1, 4);
  desk.join(9, 9, true);
  desk.arbiter = 9;
  const Redundancy rules = test::rules_of(RedundancyPolicy::arbitrated);
  desk.earn(0, 1, 2, 200, rules);
  desk.tell(EpochEnded{});
  desk.step();
  ASSERT_TRUE(desk.seeds.contains(0));
  int audited = 0;
  int drawn = 0;
  for (const auto& [job, said] : desk.verdicts) {
    if (!said.verdict.draw) continue;
    ++drawn;
    const Draw& draw = *said.verdict.draw;
    EXPECT_TRUE(verify_draw(sha256_for_tests(), desk.commitments[0], desk.seeds[0], draw)) << job;
    // The audit that the draw asks for took place.
    const bool wanted = draw.value < draw.audit_below;
    if (said.verdict.rule == Rule::earned) {
      EXPECT_FALSE(wanted) << job;
    }
    if (wanted) ++audited;

    Draw forged = draw;
    forged.value ^= 1;
    EXPECT_FALSE(verify_draw(sha256_for_tests(), desk.commitments[0], desk.seeds[0], forged));
    forged = draw;
    forged.node = NodeId{draw.node.value + 1};
    EXPECT_FALSE(verify_draw(sha256_for_tests(), desk.commitments[0], desk.seeds[0], forged));
  }
  EXPECT_EQ(drawn, 200);
  EXPECT_GT(audited, 0);
  core::Digest other_seed = desk.seeds[0];
  other_seed.bytes[0] ^= 1;
  EXPECT_FALSE(verify_draw(sha256_for_tests(), desk.commitments[0], other_seed,
                           *desk.verdicts[0].verdict.draw));
}

}  // namespace
}  // namespace nexa::validator
