#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "ledger/ledger.hpp"
#include "scheduler/coordinator.hpp"
#include "validator/lottery.hpp"

namespace nexa::simulator {

/// Puts on record in a ledger what a validator decides, in the order of its decisions, so that
/// whoever has the journal can judge its verdicts and draws again: verdicts, revisions,
/// convictions, and the seeds of the audit lottery. docs/ledger-log.md has the members of each
/// note.
///
/// Costs a line of some 300 bytes and 100 more per replica for each verdict, and keeps the nodes of
/// replicas: 64 bytes for each.
class VerdictNotes {
 public:
  /// The lottery is that of the validator, in its first epoch. The ledger must outlive this.
  VerdictNotes(ledger::Ledger& ledger, const validator::Lottery& lottery)
      : ledger_(ledger), lottery_(lottery) {}

  /// What a step of the coordinator has decided; it waits for `write`.
  void take(std::span<const scheduler::CoordinatorCommand> commands);
  /// Writes what waits into the ledger. What is due there by `now` must have expired.
  void write(core::Time now);
  /// Nobody is judged any more: shows the seed of the epoch that is not over, too.
  void close(core::Time now);

 private:
  void add(const scheduler::StartReplica& start);
  void add(const validator::Verdict& verdict);
  void add(const validator::VerdictRevised& revised);
  void add(const validator::Convict& convict);
  void add(const validator::SeedCommitted& committed);
  void add(const validator::SeedRevealed& revealed);
  template <class Other>
  void add(const Other& /*command*/) {}

  [[nodiscard]] std::string replicas_of(core::JobId job,
                                        std::span<const validator::ReplicaVerdict> replicas) const;

  ledger::Ledger& ledger_;
  validator::Lottery lottery_;  ///< as far as seeds were committed to
  std::map<std::pair<core::JobId, core::ReplicaId>, core::NodeId> nodes_;
  std::vector<ledger::Note> waiting_;
};

}  // namespace nexa::simulator
