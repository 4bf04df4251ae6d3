#include "simulator/public_auditor.hpp"

#include <gtest/gtest.h>

#include <array>

#include "io/sha256.hpp"

namespace nexa::simulator {
namespace {

using validator::Draw;
using validator::Lottery;
using validator::threshold_of_ppm;
using validator::Verdict;

constexpr validator::Threshold spot_checks = threshold_of_ppm(40'000);
constexpr validator::Threshold audits = threshold_of_ppm(50'000);

/// A coordinator that publishes what it should, or something else.
class Published : public ::testing::Test {
 protected:
  void SetUp() override { commit(); }

  void commit() { auditor_.on(validator::SeedCommitted{lottery_.epoch(), lottery_.commitment()}); }
  void end_epoch() {
    auditor_.on(validator::SeedRevealed{lottery_.epoch(), lottery_.seed()});
    lottery_.next_epoch();
    commit();
  }
  [[nodiscard]] Draw draw_for(std::uint32_t job) const {
    const core::NodeId node{job % 7};
    const core::ReplicaId replica{1};
    return {.epoch = lottery_.epoch(),
            .job = core::JobId{job},
            .replica = replica,
            .node = node,
            .spot_check_below = spot_checks,
            .audit_below = spot_checks + audits,
            .value = lottery_.draw(core::JobId{job}, replica, node)};
  }
  /// A job whose result was accepted alone, or because others got the same.
  [[nodiscard]] Verdict verdict_with(const Draw& draw, validator::Rule rule) const {
    Verdict verdict;
    verdict.job = draw.job;
    verdict.rule = rule;
    verdict.canonical = core::ReplicaId{1};
    verdict.draw = draw;
    verdict.replicas = {replicas_.data(), replicas_.size()};
    return verdict;
  }
  [[nodiscard]] Verdict as_demanded(std::uint32_t job) const {
    const Draw draw = draw_for(job);
    const bool looked_at = draw.value < draw.audit_below;
    return verdict_with(draw, looked_at ? validator::Rule::quorum : validator::Rule::earned);
  }
  /// The first job from `from` on whose draw demands an audit.
  [[nodiscard]] std::uint32_t audited_job(std::uint32_t from) const {
    for (std::uint32_t job = from;; ++job) {
      const Draw draw = draw_for(job);
      if (draw.value >= draw.spot_check_below && draw.value < draw.audit_below) return job;
    }
  }

  Lottery lottery_{io::sha256("secret"), io::sha256_of_parts};
  PublicAuditor auditor_{io::sha256_of_parts, audits};
  std::array<validator::ReplicaVerdict, 1> replicas_{
      validator::ReplicaVerdict{.replica = core::ReplicaId{1}, .against = {}}};
};

TEST_F(Published, truth_is_found_to_be_true) {
  for (std::uint32_t job = 0; job < 200; ++job) auditor_.on(as_demanded(job));
  EXPECT_EQ(auditor_.checked(), 0U) << "nobody can check a draw before its seed is revealed";
  end_epoch();
  EXPECT_EQ(auditor_.checked(), 200U);
  const Verdict early = as_demanded(200);
  end_epoch();
  auditor_.on(early);
  EXPECT_EQ(auditor_.checked(), 201U) << "a verdict may come after the epoch of its draw";
  EXPECT_TRUE(auditor_.found().empty());
}

TEST_F(Published, false_draw_is_found_when_its_seed_is_revealed) {
  const std::uint32_t job = audited_job(0);
  Draw draw = draw_for(job);
  draw.value = static_cast<std::uint32_t>(draw.audit_below) + 1;
  auditor_.on(verdict_with(draw, validator::Rule::earned));
  EXPECT_TRUE(auditor_.found().empty());
  end_epoch();
  EXPECT_EQ(auditor_.found(), (std::vector<FalseDraw>{{core::JobId{job}, DrawFault::false_value}}));
}

TEST_F(Published, seed_that_was_not_committed_to_is_found) {
  auditor_.on(as_demanded(1));
  auditor_.on(validator::SeedRevealed{0, io::sha256("a seed that spares the right ones")});
  EXPECT_EQ(auditor_.found(), (std::vector<FalseDraw>{{core::JobId{1}, DrawFault::false_seed}}));
  // A second commitment or seed of the epoch changes nothing.
  auditor_.on(validator::SeedCommitted{0, io::sha256("later")});
  end_epoch();
  EXPECT_EQ(auditor_.found().size(), 1U);
}

TEST_F(Published, contradictions_are_found_without_the_seed) {
  const std::uint32_t job = audited_job(0);
  auditor_.on(verdict_with(draw_for(job), validator::Rule::earned));
  Verdict without = as_demanded(job + 1);
  without.rule = validator::Rule::earned;
  without.draw.reset();
  auditor_.on(without);
  Draw below = draw_for(job + 2);
  below.value = UINT32_MAX;
  below.audit_below -= 1;
  auditor_.on(verdict_with(below, validator::Rule::earned));
  Verdict foreign = as_demanded(job + 3);
  foreign.draw->job = core::JobId{job + 4};
  auditor_.on(foreign);
  Verdict unknown = as_demanded(job + 5);
  unknown.draw->epoch = 9;
  auditor_.on(unknown);
  const std::vector<FalseDraw> expected{{core::JobId{job}, DrawFault::not_obeyed},
                                        {core::JobId{job + 1}, DrawFault::missing},
                                        {core::JobId{job + 2}, DrawFault::below_floor},
                                        {core::JobId{job + 3}, DrawFault::foreign},
                                        {core::JobId{job + 5}, DrawFault::no_seed}};
  EXPECT_EQ(auditor_.found(), expected);
}

}  // namespace
}  // namespace nexa::simulator
