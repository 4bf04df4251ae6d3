// What an engine says of a waiting job, and whether it keeps its word.
#include <gtest/gtest.h>

#include <map>

#include "tests/scheduler/desk.hpp"
#include "tests/scheduler/host.hpp"
#include "tests/scheduler/policy_sets.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using core::JobId;
using core::Time;
using test::Desk;
using test::Host;

TEST(Explain, NamesTheJobInFrontAndWhenItStarts) {
  Desk desk("easy");
  desk.add_nodes(0, 4);
  desk.submit(1, 3, 100);
  desk.step();
  desk.at(10);
  desk.submit(2, 4, 50);
  desk.submit(3, 1, 200);
  desk.step();
  const Explanation head = desk.explain(2);
  EXPECT_EQ(head.decisive, RejectCode::cores_busy);
  EXPECT_EQ(head.start_estimate, core::at_seconds(100));
  EXPECT_EQ(head.blocked_by, std::nullopt);
  EXPECT_EQ(head.blocked_until, std::nullopt);
  const Explanation behind = desk.explain(3);
  EXPECT_EQ(behind.decisive, RejectCode::would_delay_head);
  EXPECT_EQ(behind.blocked_by, JobId{2});
  EXPECT_EQ(behind.blocked_until, core::at_seconds(100));
  EXPECT_EQ(behind.start_estimate, std::nullopt);
}

TEST(Wakes, OfEveryReasonToWaitAreNotEmpty) {
  for (std::size_t code = 1; code < reject_code_count; ++code) {
    EXPECT_NE(info(static_cast<RejectCode>(code)).wakes, Wakes::nothing) << code;
  }
}

class EveryReason : public testing::TestWithParam<std::string> {};

/// Why a job waits, and how many had ended when that was said.
struct Wait {
  RejectCode reason = RejectCode::none;
  std::size_t ends = 0;
};

// In a run without node changes a reason that neither time nor the queue cures holds until a job
// has ended.
TEST_P(EveryReason, holds_until_something_that_cures_it_has_happened) {
  std::size_t held = 0;
  for (const test::Kind kind : test::all_kinds) {
    for (std::uint64_t seed = 0; seed < test::fewer_if_slow(20); ++seed) {
      const test::Case random = test::random_case(seed, kind);
      SCOPED_TRACE("seed " + std::to_string(seed) + " of " + std::string(test::name_of(kind)));
      std::map<JobId, Wait> waits;
      Host host(random, GetParam());
      host.run([&](const Engine& engine, Time now) {
        if (engine.next_wakeup() == now) return;
        const std::size_t ends = host.ended();
        std::map<JobId, Wait> still;
        for (const JobId job : engine.waiting()) {
          still[job] = {engine.explain(job, now).decisive, ends};
        }
        for (const auto& [job, wait] : waits) {
          if (still.contains(job)) continue;
          const Wakes wakes = info(wait.reason).wakes;
          if (wakes & Wakes::time) continue;
          EXPECT_TRUE((wakes & Wakes::replica_end) && ends > wait.ends)
              << "job " << job.value << " waited for " << info(wait.reason).name;
          ++held;
        }
        waits = std::move(still);
      });
    }
  }
  EXPECT_GT(held, 10U) << "hardly a job had to wait";
}

INSTANTIATE_TEST_SUITE_P(policies, EveryReason,
                         testing::Values("fcfs", "easy", "easy:order=sjf", "conservative",
                                         "wfp3+easy", "wfp3+conservative"),
                         [](const auto& parameter) { return test::name_of_set(parameter.param); });

}  // namespace
}  // namespace nexa::scheduler
