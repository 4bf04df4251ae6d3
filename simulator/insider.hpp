#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "simulator/coordinator_figures.hpp"
#include "simulator/ledger_watch.hpp"
#include "simulator/public_auditor.hpp"
#include "simulator/published_ledger.hpp"
#include "simulator/validation_setup.hpp"
#include "validator/lottery.hpp"

namespace nexa::simulator {

/// A coordinator whose operators cheat (A25), and the outsiders who may find it out: an auditor of
/// the lottery, a witness of the ledger's checkpoints, and two readers of the ledger, one of whom
/// is deceived. Only the audits that are left out change what is decided; a forked or backdated
/// ledger is shown to outsiders while the books stay as they are.
///
/// Favoured nodes are told which of their results others compute too, and answer these rightly. An
/// audit is left out by putting another number in the place of a draw that demands it, one that
/// demands nothing. So the verdict shows nothing unusual until the seed is revealed.
///
/// At the end of each epoch the outsiders look, if `Defences::witness` is on. What they find first
/// has the operators replaced: from then on nothing is left out, forked or backdated. Verdicts that
/// were made before are looked at again as far as convictions reopen them.
class Insider final : public validator::DrawTamperer {
 public:
  /// One that acts by `setup.faults` and is entered into `setup.config`; null if there is nothing
  /// that it would do. It must live as long as the validator.
  static std::unique_ptr<Insider> install(ValidationSetup& setup, std::uint64_t seed);

  Insider(const ValidationSetup& setup, std::uint64_t seed);

  /// A node of this group has registered; nodes are numbered in this order.
  void node_joined(std::string_view group) { group_of_node_.emplace_back(group); }
  /// What is to be told of all entries of the ledger; null if they need not be shown.
  [[nodiscard]] ledger::Journal* journal() { return shows_ledger_ ? &ledger_ : nullptr; }

  /// Whether the node is told things, and spared.
  [[nodiscard]] bool favours(core::NodeId node) const;

  void tamper(validator::Draw& draw) override;

  /// `wrong`: the result that was accepted is.
  void on(const validator::Verdict& verdict, bool wrong);
  void on(const validator::SeedCommitted& committed);
  /// The end of an epoch, at which a checkpoint of the ledger is shown too.
  void on(const validator::SeedRevealed& revealed, core::Time now);

  [[nodiscard]] CoordinatorFigures figures() const;

 private:
  void show_checkpoint(core::Time now);
  [[nodiscard]] LedgerDoubt show_to(LedgerReader& reader, const LedgerView& view, core::Time now);

  core::CoordinatorFaults faults_;
  std::uint64_t seed_;
  bool watched_;       ///< outsiders look
  bool shows_ledger_;  ///< otherwise than it is
  bool replaced_ = false;
  std::vector<std::string> group_of_node_;
  std::set<core::JobId> skipped_;  ///< whose verdict is not known yet
  PublicAuditor auditor_;
  PublishedLedger ledger_;
  LedgerWitness witness_;
  LedgerReader reader_;
  LedgerReader deceived_;
  CoordinatorFigures figures_;
};

}  // namespace nexa::simulator
