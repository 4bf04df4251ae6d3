#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "core/result.hpp"
#include "io/ledger_audit.hpp"
#include "ledger/check.hpp"

namespace nexa::cli {

/// Something about a journal, or about what is signed about it, that does not hold.
struct LedgerProblem {
  std::string kind;  ///< the name of a `Tampering`, `signature`, `cosignature` or `origin`
  core::SourcePos where;
  std::string message;
  std::string hint;
  std::string expected;
  std::string found;
  std::optional<std::uint64_t> entry;
};

LedgerProblem to_problem(const io::LedgerFinding& finding);

/// A checkpoint that was looked at, alone or in a receipt.
struct CheckedCheckpoint {
  std::string file;
  std::string role;  ///< `checkpoint`, `older` or `receipt`
  io::Checkpoint checkpoint;
  std::vector<std::string> signed_by;
  struct Cosignature {
    std::string name;
    core::Time time;
  };
  std::vector<Cosignature> cosigned_by;
  std::optional<std::uint64_t> entry;  ///< of a receipt
};

/// The sums of the books that were replayed.
struct ReplayedBooks {
  std::uint32_t accounts = 0;
  ledger::Totals totals;
  std::size_t unfinished_chain = 0;
};

struct LedgerReport {
  std::string journal;
  io::LedgerAudit audit;
  std::vector<CheckedCheckpoint> checkpoints;
  std::vector<LedgerProblem> problems;
  std::vector<std::string> notes;
  std::optional<ReplayedBooks> books;
};

std::string to_text(const LedgerReport& report);
std::string to_json(const LedgerReport& report);

/// Credits with six decimals, from micro-credits.
std::string credits_text(const ledger::Balance& balance);

}  // namespace nexa::cli
