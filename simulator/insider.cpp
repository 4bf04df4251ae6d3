#include "simulator/insider.hpp"

#include "simulator/coordinator_faults.hpp"

namespace nexa::simulator {

std::unique_ptr<Insider> Insider::install(ValidationSetup& setup, std::uint64_t seed) {
  if (!is_dishonest(setup.faults)) return nullptr;
  auto insider = std::make_unique<Insider>(setup, seed);
  setup.config.tamperer = insider.get();
  return insider;
}

Insider::Insider(const ValidationSetup& setup, std::uint64_t seed)
    : faults_(setup.faults),
      seed_(seed),
      watched_(setup.defences.witness),
      shows_ledger_(setup.faults.fork_at > 0 || setup.faults.backdate_by > core::Duration{}),
      auditor_(setup.sha256, validator::threshold_of_ppm(setup.config.audit_min_ppm)),
      ledger_(setup.faults, setup.sha256),
      witness_(setup.sha256),
      reader_(setup.sha256, watched_),
      deceived_(setup.sha256, watched_) {}

bool Insider::favours(core::NodeId node) const {
  if (replaced_ || faults_.skip_audit_ppm == 0) return false;
  return faults_.favoured_group.empty() || faults_.favoured_group == group_of_node_[node.value];
}

void Insider::tamper(validator::Draw& draw) {
  const bool demands = draw.value < draw.audit_below || draw.value >= draw.cross_class_from;
  if (!demands) return;
  ++figures_.audits_demanded;
  // Where every number demands something, none can be put in its place.
  if (replaced_ || draw.audit_below >= draw.cross_class_from) return;
  if (!skips_audit(faults_, seed_, draw.job, draw.replica.value, draw.node,
                   group_of_node_[draw.node.value])) {
    return;
  }
  ++figures_.audits_skipped;
  skipped_.insert(draw.job);
  const validator::Threshold spared = draw.cross_class_from - draw.audit_below;
  draw.value = static_cast<std::uint32_t>(draw.audit_below + draw.value % spared);
}

void Insider::on(const validator::Verdict& verdict, bool wrong) {
  if (skipped_.erase(verdict.job) > 0 && wrong) ++figures_.wrong_shielded;
  if (watched_) auditor_.on(verdict);
}

void Insider::on(const validator::SeedCommitted& committed) {
  if (watched_) auditor_.on(committed);
}

void Insider::on(const validator::SeedRevealed& revealed, core::Time now) {
  if (watched_) auditor_.on(revealed);
  if (!auditor_.found().empty() && !figures_.draws_noticed) figures_.draws_noticed = now;
  if (shows_ledger_) show_checkpoint(now);
  const bool noticed =
      figures_.draws_noticed || figures_.fork_noticed || figures_.backdating_noticed;
  if (!noticed || replaced_) return;
  replaced_ = true;
  figures_.replaced = now;
  ledger_.become_honest();
}

void Insider::show_checkpoint(core::Time now) {
  if (replaced_) return;
  const LedgerDoubt doubt = show_to(reader_, ledger_.view(), now);
  // The one who is shown something else is asked for last: the witness would do it for whom it is
  // asked first, and all others would notice.
  const LedgerDoubt other = ledger_.is_forked() ? show_to(deceived_, ledger_.deceived_view(), now)
                                                : show_to(deceived_, ledger_.view(), now);
  for (const LedgerDoubt one : {doubt, other}) {
    if (one == LedgerDoubt::backdated) {
      if (!figures_.backdating_noticed) figures_.backdating_noticed = now;
    } else if (one != LedgerDoubt::none && !figures_.fork_noticed) {
      figures_.fork_noticed = now;
    }
  }
}

LedgerDoubt Insider::show_to(LedgerReader& reader, const LedgerView& view, core::Time now) {
  ShownCheckpoint shown{.head = view.head(), .proof_from = 0, .proof = {}, .cosigned_at = {}};
  if (watched_) {
    const auto proof = view.proof_from(witness_.size());
    shown.proof_from = witness_.size();
    shown.proof = proof;
    if (witness_.cosign(shown)) {
      ++figures_.checkpoints_cosigned;
      shown.cosigned_at = now;
    } else {
      ++figures_.checkpoints_refused;
    }
  }
  const auto proof = view.proof_from(reader.size());
  shown.proof_from = reader.size();
  shown.proof = proof;
  return reader.read(shown, view.first_claim_from(reader.size()));
}

CoordinatorFigures Insider::figures() const {
  CoordinatorFigures figures = figures_;
  figures.draws_checked = auditor_.checked();
  figures.draws_false = auditor_.found().size();
  figures.ledger_entries = ledger_.view().size();
  figures.entries_forked = ledger_.entries_forked();
  figures.entries_backdated = ledger_.entries_backdated();
  return figures;
}

}  // namespace nexa::simulator
