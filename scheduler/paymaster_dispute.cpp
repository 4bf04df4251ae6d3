// What a dispute costs, and who pays it.
#include <utility>

#include "scheduler/paymaster.hpp"

namespace nexa::scheduler {
namespace {

/// What the last of the commands says of the replica, if any does.
std::optional<validator::ReplicaState> state_found_now(std::span<const CoordinatorCommand> commands,
                                                       core::JobId job, core::ReplicaId replica) {
  std::optional<validator::ReplicaState> state;
  for (const CoordinatorCommand& command : commands) {
    const auto* revised = std::get_if<validator::VerdictRevised>(&command);
    if (revised == nullptr || revised->job != job) continue;
    for (const validator::ReplicaVerdict& verdict : revised->replicas) {
      if (verdict.replica == replica) state = verdict.state;
    }
  }
  return state;
}

}  // namespace

Paymaster::Copy* Paymaster::arbiter_of(const validator::DisputeDecided& decided, Pay& pay,
                                       std::span<const CoordinatorCommand> commands) {
  if (!decided.computed) return nullptr;
  Copy* first = nullptr;
  for (Copy& copy : pay.copies) {
    if (!copy.trusted || !copy.after_verdict || copy.booked || !copy.use) continue;
    const auto state = state_found_now(commands, decided.job, copy.replica);
    if (state == validator::ReplicaState::valid) return &copy;
    if (first == nullptr) first = &copy;
  }
  return first;
}

void Paymaster::resolve(const validator::DisputeDecided& decided,
                        std::span<const CoordinatorCommand> commands, core::Time now) {
  std::vector<core::NodeId> losers;
  for (const CoordinatorCommand& command : commands) {
    const auto* convict = std::get_if<validator::Convict>(&command);
    if (convict == nullptr || !convict->convicted || convict->job != decided.job) continue;
    losers.push_back(convict->node);
  }
  Pay* pay = find(decided.job);
  std::optional<std::pair<ledger::ReplicaReport, core::NodeId>> arbiter;
  if (Copy* copy = pay == nullptr ? nullptr : arbiter_of(decided, *pay, commands)) {
    copy->booked = true;  // paid by whoever loses, and not by the platform
    arbiter.emplace(report_on(*copy, *pay->decision), copy->node);
  }
  book(
      [this, decided, losers, arbiter](core::Time when) {
        ledger::Arbitration cost;
        if (arbiter) cost = {money_.price_of(decided.job, arbiter->first), arbiter->second};
        auto done = money_.resolve_dispute(decided.job, decided.upheld, cost, losers, when);
        // Its time was up, and the verdict stands.
        if (!done && done.error().code == core::ErrorCode::conflict) return core::Result<void>{};
        return done;
      },
      now);
}

}  // namespace nexa::scheduler
