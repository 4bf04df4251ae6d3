#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/behaviour.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "ledger/transfer.hpp"
#include "scheduler/command.hpp"
#include "validator/decision.hpp"

/// What the tables of a validated run are made of, beside `core::JobOutcome`: one record per row.
/// Some of it no scheduler can know, such as whether a result was wrong; a simulation does.
namespace nexa::scheduler {

/// A replica of a job, once nothing can change what became of it.
struct ReplicaRecord {
  core::JobId job{};
  core::ReplicaId replica{};
  core::NodeId node{};  ///< the identity to which it is attributed; of several the one at fault
  core::NodeId machine{};
  core::OwnerId owner{};
  std::string_view behaviour{};  ///< of the machine, as `core::name_of` says it; or `honest`
  core::TierId tier{};           ///< of the machine
  validator::Purpose purpose = validator::Purpose::work;
  /// As the last verdict found it. Without a verdict: `assigned` while it runs, `revealed` once it
  /// has handed in, or how it failed.
  validator::ReplicaState state = validator::ReplicaState::assigned;
  core::Time start{};
  core::Time end = core::never;  ///< when it left its nodes
  std::uint64_t cores = 0;       ///< that it kept from others
  bool wrong = false;            ///< handed in what no honest node could have
  bool trusted = false;          ///< ran on a trusted node, because it was asked for there
  /// The machines, not the identities, in the order of their numbers; valid during the call only.
  std::span<const NodeShare> machines{};
};

/// A verdict on a job, or its revision.
struct VerdictRecord {
  core::JobId job{};
  core::Time time{};
  validator::Outcome outcome = validator::Outcome::accepted;
  validator::FailedBecause why = validator::FailedBecause::none;  ///< none in a revision
  validator::Rule rule = validator::Rule::none;                   ///< likewise
  std::optional<validator::RevisedBecause> revised{};             ///< empty: the first verdict
  core::ReplicaId canonical{};                                    ///< zero unless accepted
  bool confirmed = false;    ///< a trusted node computed the same
  bool wrong = false;        ///< what is accepted now is wrong
  std::uint32_t copies = 0;  ///< replicas that were started so far
};

/// A node as it was known at the end of a run, under one of its names.
struct IdentityRecord {
  core::NodeId node{};
  core::NodeId machine{};  ///< its first name; the same for all names of a machine
  core::OwnerId owner{};
  std::uint32_t node_class = 0;  ///< the group of the platform
  std::string_view behaviour{};  ///< as in `ReplicaRecord`
  core::Intent intent = core::Intent::honest;
  core::Time joined{};
  core::Time first_wrong = core::never;  ///< its first wrong answer
  core::Time convicted = core::never;    ///< its first conviction
  validator::TrustBucket trust = validator::TrustBucket::newcomer;
  std::uint32_t reputation_ppm = 0;
  std::uint32_t strikes = 0;  ///< hard ones that count
  bool expelled = false;
  std::uint64_t valid = 0;         ///< results, as the validator counts them
  std::uint64_t invalid = 0;       ///< likewise
  std::uint64_t inconclusive = 0;  ///< likewise
  std::uint64_t errors = 0;        ///< replicas that failed
  std::uint64_t no_replies = 0;    ///< replicas that were never answered
  std::uint64_t aborted = 0;       ///< replicas that others ended
};

/// A transfer between accounts, as the ledger booked it.
struct TransferRecord {
  core::Time time{};
  ledger::TransferKind kind = ledger::TransferKind::transfer;
  bool expired = false;        ///< not a request: a pending transfer reached its timeout
  ledger::AccountId debit{};   ///< pays; none in operations on groups
  ledger::AccountId credit{};  ///< is paid; likewise
  ledger::Amount amount = 0;   ///< moved, reserved or released; zero in operations on groups
  ledger::Reason reason = ledger::Reason::correct;
  std::optional<core::JobId> job{};  ///< for which it is made, if it is for one
};

}  // namespace nexa::scheduler
