#include "io/ledger_audit.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "io/hex.hpp"
#include "io/ledger_quick_check.hpp"
#include "io/ledger_walk.hpp"
#include "io/line_reader.hpp"
#include "io/sha256.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

/// Longer ones than a journal may have are read to be reported.
constexpr std::size_t longest_read = std::size_t{1} << 20;

class Audit {
 public:
  Audit(const OpenBytes& open, const LedgerEvidence& evidence, const AuditOptions& options)
      : open_(open),
        evidence_(evidence),
        books_(new_books(options)),
        options_(options),
        walk_(books_.get()) {
    for (std::size_t i = 0; i < evidence.trees.size(); ++i) trees_.push_back(i);
    std::sort(trees_.begin(), trees_.end(), [&](std::size_t a, std::size_t b) {
      return evidence.trees[a].tree.size < evidence.trees[b].tree.size;
    });
    for (std::size_t i = 0; i < evidence.receipts.size(); ++i) receipts_.push_back(i);
    std::sort(receipts_.begin(), receipts_.end(), [&](std::size_t a, std::size_t b) {
      return evidence.receipts[a].receipt.index < evidence.receipts[b].receipt.index;
    });
  }

  /// Looks whether all holds, without caring what does not.
  Result<bool> run_quickly() {
    auto source = open_();
    if (!source) return std::move(source).error();
    std::vector<ledger::TreeHead> trees;
    std::vector<const Receipt*> receipts;
    for (const std::size_t i : trees_) trees.push_back(evidence_.trees[i].tree);
    for (const std::size_t i : receipts_) receipts.push_back(&evidence_.receipts[i].receipt);
    auto books = new_books(options_);
    const auto sound = quick_check(**source, {trees, receipts}, books.get());
    if (!sound) return sound.error();
    if (!*sound) return false;
    audit_.origin = (*sound)->origin;
    audit_.entries = (*sound)->entries;
    audit_.bytes = (*sound)->bytes;
    audit_.tree = (*sound)->tree;
    audit_.torn_bytes = (*sound)->torn_bytes;
    audit_.books = std::move(books);
    return true;
  }

  [[nodiscard]] LedgerAudit take_audit() { return std::move(audit_); }

  Result<void> run() {
    auto source = open_();
    if (!source) return std::move(source).error();
    const std::string name = (*source)->name();
    LineReader lines(std::move(*source), longest_read);
    if (const auto done = read(lines); !done) return done.error();
    audit_.origin = walk_.origin();
    audit_.entries = walk_.chain().size();
    audit_.tree = walk_.chain().tree_head();
    find_rewritings();
    find_false_receipts();
    if (!stopped_) find_missing_end();
    for (LedgerFinding& finding : audit_.findings) finding.where.file = name;
    audit_.books = std::move(books_);
    return {};
  }

 private:
  static std::unique_ptr<ledger::Ledger> new_books(const AuditOptions& options) {
    if (!options.replay) return nullptr;
    return std::make_unique<ledger::Ledger>(options.table_key);
  }

  Result<void> read(LineReader& lines) {
    compare_trees();
    std::string line;
    std::string before;
    while (true) {
      std::swap(line, before);
      const Result<bool> more = lines.next(line);
      if (!more) return stop_at_long_line(more.error());
      if (!*more) return {};
      if (!lines.line_was_ended()) {
        audit_.torn_bytes = line.size();
        return {};
      }
      prove_receipts(line);
      if (const auto wrong = walk_.add(line)) {
        stopped_ = true;
        return find_cause(*wrong, std::move(before), std::move(line), lines);
      }
      audit_.bytes += line.size() + 1;
      compare_trees();
    }
  }

  Result<void> stop_at_long_line(const Error& error) {
    if (error.code != ErrorCode::limit_exceeded) return error;
    stopped_ = true;
    add(Tampering::malformed, walk_.chain().size(), error.message);
    return {};
  }

  void add(Tampering tampering, std::uint64_t entry, std::string message, std::string expected = "",
           std::string found = "") {
    LedgerFinding finding{tampering,
                          entry,
                          {.file = "", .line = 0, .column = 0},
                          std::move(message),
                          std::move(expected),
                          std::move(found)};
    finding.where.line = static_cast<int>(entry + 1);
    audit_.findings.push_back(std::move(finding));
  }

  /// Holds the lines read so far against the trees of their number.
  void compare_trees() {
    for (; next_tree_ < trees_.size(); ++next_tree_) {
      const ledger::TreeHead& stated = evidence_.trees[trees_[next_tree_]].tree;
      if (stated.size != walk_.chain().size()) return;
      const ledger::TreeHead here = walk_.chain().tree_head();
      if (here == stated) {
        certain_ = here.size;
        vouched_.push_back(here);
      } else {
        contradictions_.push_back({trees_[next_tree_], here.root});
        audit_.contradicted.push_back(trees_[next_tree_]);
      }
    }
  }

  void prove_receipts(std::string_view line) {
    for (; next_receipt_ < receipts_.size(); ++next_receipt_) {
      const Receipt& receipt = evidence_.receipts[receipts_[next_receipt_]].receipt;
      if (receipt.index != walk_.chain().size()) return;
      if (proves(receipt, line)) continue;
      false_receipts_.push_back(
          {receipts_[next_receipt_], ledger::leaf_hash(sha256_of_parts, line)});
    }
  }

  /// Looks around a wrong line for the one that was tampered with.
  Result<void> find_cause(const WrongLine& wrong, std::string before, std::string line,
                          LineReader& lines) {
    Surroundings around;
    around.entry = walk_.chain().size();
    around.head = walk_.chain().head();
    around.before = std::move(before);
    around.line = std::move(line);
    around.before_is_certain = certain_ == around.entry;
    std::string next;
    while (around.after.size() < 2) {
      const Result<bool> more = lines.next(next);
      if (!more || !*more || !lines.line_was_ended()) break;
      around.after.push_back(next);
    }
    LedgerFinding finding = diagnose(wrong, around);
    const bool is_open = wrong.fault == LineFault::prev && around.after.empty() &&
                         around.entry > 0 && !around.before_is_certain;
    if (is_open) {
      if (const auto settled = ask_checkpoint(around, finding); !settled) return settled;
    }
    audit_.findings.push_back(std::move(finding));
    return {};
  }

  /// The last line names another hash than the one before it has, and no line behind them says
  /// which was changed. Where a checkpoint covers just these lines, its root decides.
  Result<void> ask_checkpoint(const Surroundings& around, LedgerFinding& finding) {
    const auto covers = std::find_if(trees_.begin(), trees_.end(), [&](std::size_t i) {
      return evidence_.trees[i].tree.size == around.entry + 1;
    });
    LedgerLine parsed;
    if (covers == trees_.end() || !parse_ledger_line(around.line, parsed)) return {};
    const auto named = digest_of_hex(parsed.prev);
    if (!named) return {};
    const Result<ledger::TreeHead> supposed = tree_if(around, *named);
    if (!supposed) return supposed.error();
    if (*supposed == evidence_.trees[*covers].tree) {
      std::swap(finding.expected, finding.found);
      finding.entry = around.entry - 1;
      finding.where = {.file = "", .line = static_cast<int>(around.entry), .column = 0};
      finding.message =
          "the entry was changed: the one behind it names another hash, and so does "
          "the checkpoint";
    } else {
      finding.message = "the entry was changed: it does not name the hash of the one before it";
    }
    return {};
  }

  /// The tree of the lines up to the wrong one, if the one before that had the hash `named`.
  Result<ledger::TreeHead> tree_if(const Surroundings& around, const core::Digest& named) {
    auto source = open_();
    if (!source) return std::move(source).error();
    LineReader lines(std::move(*source), longest_read);
    ledger::Chain chain(sha256_of_parts);
    std::string line;
    while (chain.size() + 1 < around.entry) {
      const Result<bool> more = lines.next(line);
      if (!more) return more.error();
      if (!*more) break;
      chain.add(line);
    }
    chain.add_leaf(named);
    chain.add(around.line);
    return chain.tree_head();
  }

  void find_missing_end() {
    const std::uint64_t entries = walk_.chain().size();
    for (; next_tree_ < trees_.size(); ++next_tree_) {
      const TreeEvidence& evidence = evidence_.trees[trees_[next_tree_]];
      audit_.contradicted.push_back(trees_[next_tree_]);
      add(Tampering::truncated, entries,
          "the journal ends after " + std::to_string(entries) + " entries, but " +
              in_quotes(evidence.file) + " covers " + std::to_string(evidence.tree.size),
          std::to_string(evidence.tree.size), std::to_string(entries));
    }
    for (; next_receipt_ < receipts_.size(); ++next_receipt_) {
      const ReceiptEvidence& evidence = evidence_.receipts[receipts_[next_receipt_]];
      add(Tampering::truncated, entries,
          "the journal ends before entry " + std::to_string(evidence.receipt.index) + ", which " +
              in_quotes(evidence.file) + " is a receipt for",
          std::to_string(evidence.receipt.index + 1), std::to_string(entries));
    }
  }

  void find_false_receipts() {
    for (const Contradiction& contradiction : false_receipts_) {
      const ReceiptEvidence& evidence = evidence_.receipts[contradiction.evidence];
      const ledger::TreeHead& tree = evidence.receipt.checkpoint.checkpoint.tree;
      const bool is_vouched = std::find(vouched_.begin(), vouched_.end(), tree) != vouched_.end();
      add(is_vouched ? Tampering::unproven : Tampering::changed, evidence.receipt.index,
          "the entry is not the one that " + in_quotes(evidence.file) + " is a receipt for", "",
          to_hex(contradiction.here));
    }
  }

  /// Trees that the lines contradict although they follow each other, or that end before the first
  /// that does not.
  void find_rewritings() {
    const std::uint64_t broken = stopped_ ? audit_.findings.front().entry : UINT64_MAX;
    for (const Contradiction& contradiction : contradictions_) {
      const TreeEvidence& evidence = evidence_.trees[contradiction.evidence];
      if (evidence.tree.size <= broken) find_rewriting(evidence, contradiction.here);
    }
  }

  void find_rewriting(const TreeEvidence& evidence, const core::Digest& here) {
    const std::uint64_t size = evidence.tree.size;
    std::uint64_t intact = 0;
    for (const ledger::TreeHead& tree : vouched_) {
      if (tree.size < size) intact = std::max(intact, tree.size);
    }
    // No line behind the last one names its hash, so it alone can be changed without a trace.
    const bool is_end = size == walk_.chain().size() && size > 0;
    const std::string from = "from entry " + std::to_string(intact) + " or a later one on";
    std::string message = "the first " + std::to_string(size) + " entries are not those of " +
                          in_quotes(evidence.file) + ": ";
    if (is_end && intact + 1 == size) {
      message += "the last one was changed";
    } else if (is_end) {
      message += "the last one was changed, or the journal was written anew " + from;
    } else {
      message += "the journal was written anew " + from;
    }
    add(is_end ? Tampering::changed : Tampering::rewritten, is_end ? size - 1 : intact,
        std::move(message), to_hex(evidence.tree.root), to_hex(here));
  }

  struct Contradiction {
    std::size_t evidence;
    core::Digest here;  ///< the root, or the leaf hash, that the journal has
  };

  const OpenBytes& open_;
  const LedgerEvidence& evidence_;
  std::unique_ptr<ledger::Ledger> books_;
  AuditOptions options_;
  LedgerWalk walk_;
  LedgerAudit audit_;
  std::vector<std::size_t> trees_;         ///< by size
  std::vector<std::size_t> receipts_;      ///< by index
  std::vector<ledger::TreeHead> vouched_;  ///< trees that the journal agrees with
  std::vector<Contradiction> contradictions_;
  std::vector<Contradiction> false_receipts_;
  std::size_t next_tree_ = 0;
  std::size_t next_receipt_ = 0;
  std::uint64_t certain_ = 0;  ///< so many lines are those of a tree
  bool stopped_ = false;
};

}  // namespace

Result<LedgerAudit> audit_ledger_bytes(const OpenBytes& open, const LedgerEvidence& evidence,
                                       const AuditOptions& options) {
  Audit audit(open, evidence, options);
  const Result<bool> holds = audit.run_quickly();
  if (!holds) return holds.error();
  if (!*holds) {
    if (const auto done = audit.run(); !done) return done.error();
  }
  return audit.take_audit();
}

Result<LedgerAudit> audit_ledger(const std::string& journal, const LedgerEvidence& evidence,
                                 const AuditOptions& options) {
  const OpenBytes open = [&journal] { return open_bytes(journal); };
  std::error_code ignored;
  if (std::filesystem::is_regular_file(journal, ignored)) {
    return audit_ledger_bytes(open, evidence, options);
  }
  // A pipe can be read only once.
  Audit audit(open, evidence, options);
  if (const auto done = audit.run(); !done) return done.error();
  return audit.take_audit();
}

}  // namespace nexa::io
