#include "simulator/coordinator_faults.hpp"

#include <gtest/gtest.h>

#include "tests/simulator/rates.hpp"

namespace nexa::simulator {
namespace {

using core::at_seconds;
using testing::expect_rate;
using testing::seed;

TEST(Coordinator, skips_audits_of_those_it_favours) {
  core::CoordinatorFaults faults;
  faults.skip_audit_ppm = 500'000;
  faults.favoured_group = "friends";
  std::uint64_t skipped = 0;
  for (std::uint32_t job = 0; job < 10'000; ++job) {
    const core::JobId id{job};
    EXPECT_FALSE(skips_audit(faults, seed, id, 0, core::NodeId{1}, "others"));
    skipped += skips_audit(faults, seed, id, 0, core::NodeId{1}, "friends") ? 1 : 0;
  }
  expect_rate(skipped, 10'000, 0.5);
  EXPECT_FALSE(skips_audit({}, seed, core::JobId{1}, 0, core::NodeId{1}, "friends"));
}

TEST(Coordinator, forks_from_an_entry_on_and_backdates) {
  core::CoordinatorFaults faults;
  EXPECT_FALSE(forks(faults, 1'000'000));
  faults.fork_at = 10;
  EXPECT_FALSE(forks(faults, 9));
  EXPECT_TRUE(forks(faults, 10));
  faults.backdate_by = core::seconds(30);
  EXPECT_EQ(claimed_time(faults, at_seconds(100)), at_seconds(70));
}

TEST(Bank, is_down_in_its_spans_and_says_when_that_changes) {
  core::CoordinatorFaults faults;
  EXPECT_TRUE(bank_is_up(faults, at_seconds(5)));
  EXPECT_EQ(next_bank_change(faults, at_seconds(5)), core::never);
  faults.bank_down = {{at_seconds(10), core::seconds(5)}, {at_seconds(20), core::seconds(1)}};
  EXPECT_TRUE(bank_is_up(faults, at_seconds(9)));
  EXPECT_EQ(next_bank_change(faults, at_seconds(9)), at_seconds(10));
  EXPECT_FALSE(bank_is_up(faults, at_seconds(10)));
  EXPECT_EQ(next_bank_change(faults, at_seconds(10)), at_seconds(15));
  EXPECT_FALSE(bank_is_up(faults, at_seconds(14)));
  EXPECT_TRUE(bank_is_up(faults, at_seconds(15)));
  EXPECT_EQ(next_bank_change(faults, at_seconds(15)), at_seconds(20));
  EXPECT_TRUE(bank_is_up(faults, at_seconds(21)));
  EXPECT_EQ(next_bank_change(faults, at_seconds(21)), core::never);
}

}  // namespace
}  // namespace nexa::simulator
