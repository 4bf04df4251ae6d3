#include "cli/commands/ledger_verify.hpp"

#include <chrono>
#include <cstdio>
#include <span>
#include <utility>

#include "cli/commands/ledger_inputs.hpp"
#include "cli/commands/ledger_report.hpp"
#include "cli/errors.hpp"
#include "io/ledger_audit.hpp"
#include "io/receipt.hpp"
#include "ledger/ledger.hpp"

namespace nexa::cli {
namespace {

using core::Result;
using io::NoteKey;

/// Gathers the evidence, and what is wrong with its signatures.
class Evidence {
 public:
  Evidence(std::vector<NoteKey> log_keys, std::vector<NoteKey> witnesses, LedgerReport& report)
      : log_keys_(std::move(log_keys)), witnesses_(std::move(witnesses)), report_(report) {}

  Result<void> read(const LedgerVerifyArguments& arguments) {
    if (!arguments.checkpoint.empty()) {
      if (const auto done = add_checkpoint(arguments.checkpoint, "checkpoint"); !done) return done;
    }
    for (const std::string& file : arguments.older) {
      if (const auto done = add_checkpoint(file, "older"); !done) return done;
    }
    for (const std::string& file : arguments.receipts) {
      auto receipt = io::read_receipt(file);
      if (!receipt) return std::move(receipt).error();
      add(file, "receipt", receipt->checkpoint);
      report_.checkpoints.back().entry = receipt->index;
      evidence_.receipts.push_back({file, std::move(*receipt)});
    }
    const bool unchecked = log_keys_.empty() && !report_.checkpoints.empty();
    if (unchecked) report_.notes.emplace_back("no signature was checked; give the log's --key");
    return {};
  }

  [[nodiscard]] const io::LedgerEvidence& gathered() const { return evidence_; }

  /// To be called when the journal has been read.
  void check_origins() {
    for (const CheckedCheckpoint& checked : report_.checkpoints) {
      const std::string& origin = checked.checkpoint.origin;
      if (report_.audit.origin.empty() || origin == report_.audit.origin) continue;
      LedgerProblem problem = problem_of("origin", checked.file);
      problem.where.line = 1;
      problem.message = "it is of another log than the journal";
      problem.expected = report_.audit.origin;
      problem.found = origin;
      report_.problems.push_back(std::move(problem));
    }
  }

 private:
  Result<void> add_checkpoint(const std::string& file, const std::string& role) {
    auto checkpoint = io::read_signed_checkpoint(file);
    if (!checkpoint) return std::move(checkpoint).error();
    add(file, role, *checkpoint);
    return {};
  }

  void add(const std::string& file, const std::string& role, const io::SignedCheckpoint& found) {
    CheckedCheckpoint checked{file, role, found.checkpoint, {}, {}, std::nullopt};
    if (!log_keys_.empty()) check_signatures(found.note, checked);
    // Witnesses come late to a checkpoint, so that an older one need not have them.
    if (role != "older") check_cosignatures(found.note, checked);
    report_.checkpoints.push_back(std::move(checked));
    evidence_.trees.push_back({file, found.checkpoint.tree});
  }

  void check_signatures(const io::Note& note, CheckedCheckpoint& checked) {
    const auto trusted = io::verify_note(note, log_keys_, now());
    if (!trusted) {
      add_problem("signature", checked.file, trusted.error());
      return;
    }
    for (const io::TrustedSignature& signature : *trusted) {
      checked.signed_by.push_back(log_keys_[signature.key].name());
    }
  }

  void check_cosignatures(const io::Note& note, CheckedCheckpoint& checked) {
    for (const NoteKey& witness : witnesses_) {
      const auto trusted = io::verify_note(note, std::span(&witness, 1), now());
      if (!trusted) {
        core::Error error = trusted.error();
        error.message = "witness '" + witness.name() + "': " + error.message;
        add_problem("cosignature", checked.file, error);
        continue;
      }
      checked.cosigned_by.push_back(
          {witness.name(), core::at_seconds(trusted->front().unix_seconds)});
    }
  }

  static LedgerProblem problem_of(const std::string& kind, const std::string& file) {
    LedgerProblem problem;
    problem.kind = kind;
    problem.where.file = file;
    return problem;
  }

  void add_problem(const std::string& kind, const std::string& file, const core::Error& error) {
    LedgerProblem problem = problem_of(kind, file);
    problem.message = error.message;
    problem.hint = error.hint;
    report_.problems.push_back(std::move(problem));
  }

  std::vector<NoteKey> log_keys_;
  std::vector<NoteKey> witnesses_;
  LedgerReport& report_;
  io::LedgerEvidence evidence_;
};

Result<LedgerReport> verify(const LedgerVerifyArguments& arguments) {
  LedgerReport report;
  report.journal = arguments.journal;
  auto log_keys = note_keys(arguments.keys, io::NoteAlgorithm::ed25519);
  if (!log_keys) return std::move(log_keys).error();
  auto witnesses = note_keys(arguments.witnesses, io::NoteAlgorithm::cosignature_v1);
  if (!witnesses) return std::move(witnesses).error();
  Evidence evidence(std::move(*log_keys), std::move(*witnesses), report);
  if (const auto read = evidence.read(arguments); !read) return read.error();

  auto audit = io::audit_ledger(arguments.journal, evidence.gathered(),
                                {.replay = !arguments.without_replay, .table_key = table_key()});
  if (!audit) return std::move(audit).error();
  report.audit = std::move(*audit);
  for (const io::LedgerFinding& finding : report.audit.findings) {
    report.problems.push_back(to_problem(finding));
  }
  evidence.check_origins();
  if (report.audit.books != nullptr) {
    const ledger::Ledger& books = *report.audit.books;
    report.books = {books.names().size(), totals(books), books.unfinished_chain()};
    if (books.unfinished_chain() > 0) {
      report.notes.emplace_back("the last chain of linked transfers has no end yet");
    }
  }
  if (report.audit.torn_bytes > 0) {
    report.notes.emplace_back("the last line breaks off after " +
                              std::to_string(report.audit.torn_bytes) + " bytes");
  }
  return report;
}

}  // namespace

int verify_ledger(const LedgerVerifyArguments& arguments, const GlobalOptions& options) {
  const Result<LedgerReport> report = verify(arguments);
  if (!report) return report_error(report.error(), options);
  std::fputs((options.json ? to_json(*report) : to_text(*report)).c_str(), stdout);
  return report->problems.empty() ? exit_done : exit_failed;
}

}  // namespace nexa::cli
