#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "io/byte_source.hpp"
#include "io/ledger_finding.hpp"
#include "io/receipt.hpp"
#include "ledger/ledger.hpp"
#include "ledger/merkle.hpp"

namespace nexa::io {

/// A tree that somebody vouches for: that of a checkpoint.
struct TreeEvidence {
  std::string file;  ///< for messages
  ledger::TreeHead tree;
};

/// The proof that an entry was in the journal. Its checkpoint is a `TreeEvidence` of its own.
struct ReceiptEvidence {
  std::string file;
  Receipt receipt;
};

/// What to hold a journal against. Signatures are the business of whoever gathers this.
struct LedgerEvidence {
  std::vector<TreeEvidence> trees;
  std::vector<ReceiptEvidence> receipts;
};

/// What a journal turned out to be.
struct LedgerAudit {
  std::string origin;                     ///< in the first line; may be empty
  std::uint64_t entries = 0;              ///< that follow each other, from the first
  std::uint64_t bytes = 0;                ///< of these
  ledger::TreeHead tree;                  ///< over these
  std::uint64_t torn_bytes = 0;           ///< of a last line without an end, which a crash leaves
  std::vector<LedgerFinding> findings;    ///< none: all holds
  std::vector<std::size_t> contradicted;  ///< trees of the evidence that the lines contradict
  /// What the lines add up to, as far as they hold; null where no replay was asked for.
  std::unique_ptr<ledger::Ledger> books;

  [[nodiscard]] bool holds() const { return findings.empty(); }
};

struct AuditOptions {
  bool replay = true;           ///< book the transfers again, from the first one
  std::uint64_t table_key = 0;  ///< random bits for the table of ids, see `ledger::Ledger`
};

/// Reads a journal from front to end and checks the form of each line, its place, that it names the
/// hash of the line before, that the books allow it, and the evidence. Damage is a finding: the
/// first in the lines, and one for each piece of evidence that the journal contradicts. A last line
/// without an end is no damage unless a checkpoint covers it.
///
/// A file is read once where all of it holds, and again to locate damage. Without a replay memory
/// is bounded whatever the length of the journal; time is that of the hashes, one of each line and
/// one of 65 bytes, or that of the replay, which runs beside them. Errors: only those of reading
/// the file.
core::Result<LedgerAudit> audit_ledger(const std::string& journal, const LedgerEvidence& evidence,
                                       const AuditOptions& options = {});

/// The same for bytes that `open` gives, each time from the front.
using OpenBytes = std::function<core::Result<std::unique_ptr<ByteSource>>()>;
core::Result<LedgerAudit> audit_ledger_bytes(const OpenBytes& open, const LedgerEvidence& evidence,
                                             const AuditOptions& options = {});

}  // namespace nexa::io
