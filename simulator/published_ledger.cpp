#include "simulator/published_ledger.hpp"

#include <algorithm>
#include <variant>

#include "simulator/coordinator_faults.hpp"

namespace nexa::simulator {
namespace {

/// The fields of an entry behind its kind, each after a blank.
struct FieldWriter {
  std::string& line;

  template <class Number>
  void number(Number value) const {
    line += ' ' + std::to_string(value);
  }
  void hex(ledger::Amount value) const { line += ' ' + ledger::to_hex(value); }
  void word(std::string_view text) const {
    line += ' ';
    line += text;
  }

  void operator()(const ledger::Transfer& transfer) const {
    word(ledger::name(transfer.kind));
    hex(transfer.id.value);
    number(transfer.debit.value);
    number(transfer.credit.value);
    word(ledger::to_decimal(transfer.amount));
    hex(transfer.pending.value);
    hex(transfer.group.value);
    number(transfer.timeout.count());
    word(ledger::name(transfer.reason));
    number(transfer.linked ? 1 : 0);
  }
  void operator()(const ledger::AccountOpened& opened) const {
    word("account.open");
    number(opened.account.value);
    word(opened.name);
  }
  void operator()(const ledger::AccountClosed& closed) const {
    word("account.close");
    number(closed.account.value);
  }
  void operator()(const ledger::TransferFailed& failed) const {
    word("transfer.failed");
    hex(failed.id.value);
    word(ledger::name(failed.status));
  }
  void operator()(const ledger::PendingExpired& expired) const {
    word("pending.expired");
    hex(expired.pending.value);
  }
  void operator()(const ledger::Genesis& genesis) const {
    word("genesis");
    word(genesis.ledger);
    word(genesis.unit);
  }
  void operator()(const ledger::Note& note) const {
    word(note.type);
    word(note.body);
  }
};

}  // namespace

std::string published_line(std::uint64_t seq, const core::Digest& prev, core::Time time,
                           const ledger::EntryBody& body) {
  std::string line = std::to_string(seq) + ' ' + core::to_hex(prev);
  const FieldWriter writer{line};
  writer.number(time.time_since_epoch().count());
  std::visit(writer, body);
  return line;
}

void LedgerView::add(core::Time time, const ledger::EntryBody& body) {
  tree_.add(chain_.add(published_line(chain_.size(), chain_.head(), time, body)));
  const bool expired = std::holds_alternative<ledger::PendingExpired>(body);
  claims_.push_back(expired ? core::never : time);
}

core::Time LedgerView::first_claim_from(std::uint64_t entry) const {
  // Times never go back, so that the first one is the earliest.
  for (; entry < claims_.size(); ++entry) {
    if (claims_[entry] != core::never) return claims_[entry];
  }
  return core::never;
}

void PublishedLedger::append(const ledger::Entry& entry) {
  const core::Time claimed = honest_ ? entry.time : claimed_time(faults_, entry.time);
  last_ = std::max(last_, claimed);
  if (last_ < entry.time) ++entries_backdated_;
  const auto* const transfer = std::get_if<ledger::Transfer>(&entry.body);
  if (fork_) {
    fork_->add(last_, entry.body);
    ++entries_forked_;
  } else if (!honest_ && transfer != nullptr && forks(faults_, view_.size())) {
    fork_ = view_;
    ledger::Transfer other = *transfer;
    ++other.amount;
    fork_->add(last_, other);
    ++entries_forked_;
  }
  view_.add(last_, entry.body);
}

void PublishedLedger::become_honest() {
  honest_ = true;
  fork_.reset();
}

}  // namespace nexa::simulator
