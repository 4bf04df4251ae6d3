#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/coordinator.hpp"
#include "core/sha256_port.hpp"
#include "core/time.hpp"
#include "ledger/chain.hpp"
#include "ledger/journal.hpp"
#include "simulator/kept_tree.hpp"

namespace nexa::simulator {

/// One text per entry, which is what is hashed: `seq`, the leaf hash of the line before, the time
/// in microseconds, the kind, and the entry's own fields. It says what a line of the journal's
/// format says, in fewer words; that format belongs to the module `io`.
std::string published_line(std::uint64_t seq, const core::Digest& prev, core::Time time,
                           const ledger::EntryBody& body);

/// The entries of a ledger as outsiders are shown them: a chain of lines in a hash tree. Costs some
/// microseconds and 100 bytes per entry.
class LedgerView {
 public:
  explicit LedgerView(core::Sha256 sha256) : chain_(sha256), tree_(sha256) {}

  void add(core::Time time, const ledger::EntryBody& body);
  [[nodiscard]] std::uint64_t size() const { return tree_.size(); }
  [[nodiscard]] ledger::TreeHead head() const { return chain_.tree_head(); }
  [[nodiscard]] std::vector<core::Digest> proof_from(std::uint64_t old_size) const {
    return tree_.consistency(old_size, size());
  }
  /// The earliest time that an entry from this one on claims; `core::never` if none does. Of an
  /// expiry the time is not claimed: it follows from the pending transfer, and the entry may be
  /// written later.
  [[nodiscard]] core::Time first_claim_from(std::uint64_t entry) const;

 private:
  ledger::Chain chain_;
  KeptTree tree_;
  std::vector<core::Time> claims_;  ///< `core::never` of an expiry
};

/// What a coordinator shows of its ledger where it forks it or dates entries back (A25). From
/// `fork_at` on, one reader is shown a view of its own: the next transfer says another amount
/// there, and the lines behind it name another hash. Times never go back in any view, since the
/// ledger's do not (`ledger::Ledger`): a time that claims to be before that of the last line is
/// that one.
class PublishedLedger final : public ledger::Journal {
 public:
  PublishedLedger(const core::CoordinatorFaults& faults, core::Sha256 sha256)
      : faults_(faults), view_(sha256) {}

  void append(const ledger::Entry& entry) override;
  core::Result<void> commit() override { return {}; }

  /// What all readers but one see.
  [[nodiscard]] const LedgerView& view() const { return view_; }
  /// What that one sees.
  [[nodiscard]] const LedgerView& deceived_view() const { return fork_ ? *fork_ : view_; }
  [[nodiscard]] bool is_forked() const { return fork_.has_value(); }
  /// From now on everybody is shown the same, at its own time.
  void become_honest();

  [[nodiscard]] std::uint64_t entries_forked() const { return entries_forked_; }
  [[nodiscard]] std::uint64_t entries_backdated() const { return entries_backdated_; }

 private:
  core::CoordinatorFaults faults_;
  bool honest_ = false;
  core::Time last_{};
  LedgerView view_;
  std::optional<LedgerView> fork_;
  std::uint64_t entries_forked_ = 0;
  std::uint64_t entries_backdated_ = 0;
};

}  // namespace nexa::simulator
