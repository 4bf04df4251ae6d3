#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/attest/bundle.hpp"
#include "io/attest/statement.hpp"
#include "io/note_key.hpp"
#include "ledger/key_registry.hpp"

namespace nexa::io {

/// Whose word counts. A key speaks for the identity that is its name, written as it stands or with
/// `https://` before it. A node's key does not make its owner a judge, so those of verifiers are
/// named apart.
struct BundleTrust {
  std::vector<NoteKey> nodes;
  std::vector<NoteKey> verifiers;
  /// Who else may speak as a node; and whom of the keys above it knows must be valid in it.
  std::optional<ledger::KeyRegistry> registry;
  /// The place of the result in the log, for which keys must be valid; only with a registry.
  std::uint64_t log_index = 0;
};

/// What a bundle must show beyond being consistent.
struct BundleDemands {
  bool verdict = true;             ///< that there is a verdict
  std::uint32_t least_quorum = 1;  ///< so many distinct keys behind the canonical result
};

/// A file that somebody holds, to be compared with what was attested.
struct HeldFile {
  std::string path;  ///< for messages
  std::string name;  ///< of the attested output; empty: to be found from the path's last parts
  core::Digest sha256;
};

/// One thing that does not hold.
struct BundleFailure {
  /// `envelope`, `signature`, `identity`, `statement`, `job`, `verdict`, `quorum` or `file`.
  std::string check;
  int line = 0;  ///< of the bundle; 0: of the whole
  std::string message;
  std::string hint;
};

/// An attestation that its node has signed.
struct CheckedAttestation {
  int line = 0;
  PublicKey key;
  ResultAttestation attestation;
};
/// A verdict that its verifier has signed.
struct CheckedVerdict {
  int line = 0;
  PublicKey key;
  JobVerdict verdict;
};

/// What was found in a bundle. The attestations and the verdict are those whose signature and
/// identity hold, also where something else does not.
struct BundleReport {
  std::vector<CheckedAttestation> attestations;
  std::optional<CheckedVerdict> verdict;
  /// Distinct keys that attested a result which the verdict calls valid.
  std::uint32_t quorum = 0;
  std::vector<BundleFailure> failures;
  std::vector<std::string> notes;  ///< what was not looked at, or does no harm

  [[nodiscard]] bool holds() const { return failures.empty(); }
  /// The files of the canonical result; without a verdict those of the only attested result.
  [[nodiscard]] const std::vector<OutputFile>* outputs() const;
};

/// Checks a bundle, in this order: each line is an envelope; a known key has signed it; the key is
/// that of the node or verifier whom the statement names; all lines are about one job and one
/// contract, and no node says two things about one replica; what the verdict says follows from the
/// attestations; the files are those that were attested. Everything that fails is reported, and
/// nothing that is said without a valid signature is used.
///
/// With the comparator `exact` the results that count towards the quorum have the digests of the
/// canonical one. With another, that they agree is the verifier's word, and a note says so.
BundleReport check_bundle(std::span<const BundleLine> lines, const BundleTrust& trust,
                          const BundleDemands& demands, std::span<const HeldFile> files);

}  // namespace nexa::io
