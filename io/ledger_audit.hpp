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

  [[nodiscard]] bool holds() const { return findings.empty(); }
};

/// Reads a journal once from front to end and checks the form of each line, its place, that it
/// names the hash of the line before, that the books allow it, and the evidence. Damage is a
/// finding: the first in the lines, and one for each piece of evidence that the journal
/// contradicts. A last line without an end is no damage unless a checkpoint covers it.
///
/// Replays in `books`, which must be empty, unless that is null. Without a replay memory is bounded
/// whatever the length of the journal; time is that of the hashes, one of each line and one of 65
/// bytes. Errors: only those of reading the file.
core::Result<LedgerAudit> audit_ledger(const std::string& journal, const LedgerEvidence& evidence,
                                       ledger::Ledger* books);

/// The same for bytes that are read by `open`, a second time where it takes that to locate damage.
using OpenBytes = std::function<core::Result<std::unique_ptr<ByteSource>>()>;
core::Result<LedgerAudit> audit_ledger_bytes(const OpenBytes& open, const LedgerEvidence& evidence,
                                             ledger::Ledger* books);

}  // namespace nexa::io
