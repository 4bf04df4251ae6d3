#include "simulator/public_auditor.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace nexa::simulator {
namespace {

using validator::Draw;
using validator::Verdict;

/// What the verdict itself shows, without the seed. A verdict on the word of one node alone is the
/// one that a draw must have allowed. That no spot check was made is no fault: the trusted tier may
/// have been away.
std::optional<DrawFault> fault_of(const Verdict& verdict, validator::Threshold least_audit) {
  if (verdict.draw && verdict.draw->job != verdict.job) return DrawFault::foreign;
  if (verdict.outcome != validator::Outcome::accepted) return std::nullopt;
  if (verdict.rule != validator::Rule::earned) return std::nullopt;
  if (!verdict.draw) return DrawFault::missing;
  const Draw& draw = *verdict.draw;
  const bool wants_audit = draw.value >= draw.spot_check_below && draw.value < draw.audit_below;
  if (wants_audit) return DrawFault::not_obeyed;
  const bool by_trusted = std::any_of(
      verdict.replicas.begin(), verdict.replicas.end(),
      [&](const auto& replica) { return replica.replica == draw.replica && replica.trusted; });
  const validator::Threshold least =
      std::min(validator::every_draw, draw.spot_check_below + least_audit);
  if (!by_trusted && draw.audit_below < least) return DrawFault::below_floor;
  return std::nullopt;
}

}  // namespace

void PublicAuditor::on(const validator::SeedCommitted& committed) {
  // Who commits twice is held to the first.
  const auto [epoch, is_new] = epochs_.try_emplace(committed.epoch);
  if (is_new) epoch->second.commitment = committed.commitment;
}

void PublicAuditor::on(const Verdict& verdict) {
  if (const auto fault = fault_of(verdict, least_audit_)) {
    found_.push_back({verdict.job, *fault});
    return;
  }
  if (!verdict.draw) return;
  const auto epoch = epochs_.find(verdict.draw->epoch);
  if (epoch == epochs_.end()) {
    found_.push_back({verdict.job, DrawFault::no_seed});
  } else if (epoch->second.revealed) {
    check(epoch->second, *verdict.draw);
  } else {
    epoch->second.waiting.push_back(*verdict.draw);
  }
}

void PublicAuditor::on(const validator::SeedRevealed& revealed) {
  const auto found = epochs_.find(revealed.epoch);
  if (found == epochs_.end() || found->second.revealed) return;
  Epoch& epoch = found->second;
  epoch.seed = revealed.seed;
  epoch.revealed = true;
  for (const Draw& draw : std::exchange(epoch.waiting, {})) check(epoch, draw);
}

void PublicAuditor::check(const Epoch& epoch, const Draw& draw) {
  ++checked_;
  if (validator::verify_draw(sha256_, epoch.commitment, epoch.seed, draw)) return;
  const bool seed_holds =
      validator::seed_commitment(sha256_, draw.epoch, epoch.seed) == epoch.commitment;
  found_.push_back({draw.job, seed_holds ? DrawFault::false_value : DrawFault::false_seed});
}

}  // namespace nexa::simulator
