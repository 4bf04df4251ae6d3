#pragma once

#include <variant>

#include "ledger/job_record.hpp"
#include "ledger/node_money.hpp"

/// What is remembered beside the record of a job once a step of its money is booked: one small
/// struct for each thing. Records and nodes stay where they are.
namespace nexa::ledger::effect {

struct SponsorHeld {
  AccountId account;
  core::UserId user;
  Amount amount;
};
struct SponsorFreed {
  AccountId account;
  core::UserId user;
  Amount amount;
};
struct HoldOver {
  core::Time end;
  core::JobId job;
};
struct DisputeBegun {
  core::Time deadline;
  core::JobId job;
};
struct DisputeOver {
  core::Time deadline;
  core::JobId job;
};
struct StakeLocked {
  NodeMoney* node;
  ReplicaKey replica;
  StakeLock lock;
};
struct StakeUnlocked {
  NodeMoney* node;
  ReplicaKey replica;
};
struct StreamReserved {
  NodeMoney* node;
  ReplicaKey replica;
};
struct StreamOver {
  NodeMoney* node;
  ReplicaKey replica;
};
struct SlashUsed {
  NodeMoney* node;
  Amount amount;
};
struct ResultCounted {
  core::NodeId node;
};
struct RewardPending {
  JobRecord* job;
  PendingReward reward;
};
struct RewardOver {
  RewardHandle reward;
};
struct RewardVouched {
  RewardHandle reward;
};

using Any = std::variant<SponsorHeld, SponsorFreed, HoldOver, DisputeBegun, DisputeOver,
                         StakeLocked, StakeUnlocked, StreamReserved, StreamOver, SlashUsed,
                         ResultCounted, RewardPending, RewardOver, RewardVouched>;

}  // namespace nexa::ledger::effect
