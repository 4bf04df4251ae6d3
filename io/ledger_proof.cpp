#include "io/ledger_proof.hpp"

#include <utility>

#include "io/ledger_line.hpp"
#include "io/line_reader.hpp"
#include "io/sha256.hpp"
#include "io/yaml/source.hpp"
#include "ledger/merkle.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

struct Proof {
  std::vector<core::Digest> roots;  ///< in the order of the ranges
  std::string line;                 ///< the one that was asked for
};

Result<Proof> prove(const std::string& journal, const ledger::TreeHead& tree,
                    std::vector<ledger::LeafRange> ranges, std::uint64_t line_of_interest) {
  auto source = open_bytes(journal);
  if (!source) return std::move(source).error();
  LineReader lines(std::move(*source), longest_ledger_line);
  ledger::TreeFrontier frontier(sha256_of_parts);
  ledger::SubtreeRoots roots(sha256_of_parts, std::move(ranges));
  Proof proof;
  std::string line;
  while (frontier.size() < tree.size) {
    const Result<bool> more = lines.next(line);
    if (!more) return more.error();
    if (!*more || !lines.line_was_ended()) {
      return core::make_error(ErrorCode::conflict,
                              in_quotes(journal) + " ends after " +
                                  std::to_string(frontier.size()) +
                                  " entries, the checkpoint covers " + std::to_string(tree.size),
                              "'nexa ledger verify' says more");
    }
    if (frontier.size() == line_of_interest) proof.line = line;
    const core::Digest leaf = ledger::leaf_hash(sha256_of_parts, line);
    frontier.add(leaf);
    roots.add(leaf);
  }
  if (frontier.root() != tree.root) {
    return core::make_error(ErrorCode::conflict,
                            "the first " + std::to_string(tree.size) + " entries of " +
                                in_quotes(journal) + " are not those of the checkpoint",
                            "'nexa ledger verify' says more");
  }
  proof.roots = roots.roots();
  return proof;
}

}  // namespace

Result<ProvenEntry> prove_entry(const std::string& journal, std::uint64_t index,
                                SignedCheckpoint checkpoint) {
  const ledger::TreeHead& tree = checkpoint.checkpoint.tree;
  if (index >= tree.size) {
    return core::make_error(ErrorCode::invalid_argument,
                            "entry " + std::to_string(index) + " is not under the checkpoint",
                            "it covers " + std::to_string(tree.size) + " entries, counted from 0");
  }
  auto proof = prove(journal, tree, ledger::inclusion_ranges(index, tree.size), index);
  if (!proof) return std::move(proof).error();
  return ProvenEntry{std::move(proof->line),
                     {std::nullopt, index, std::move(proof->roots), std::move(checkpoint)}};
}

Result<WitnessRequest> prove_continuation(const std::string& journal, std::uint64_t old_size,
                                          SignedCheckpoint checkpoint) {
  const ledger::TreeHead& tree = checkpoint.checkpoint.tree;
  if (old_size > tree.size) {
    return core::make_error(
        ErrorCode::invalid_argument,
        "the old size " + std::to_string(old_size) + " is above that of the checkpoint",
        "it covers " + std::to_string(tree.size) + " entries");
  }
  auto proof = prove(journal, tree, ledger::consistency_ranges(old_size, tree.size), UINT64_MAX);
  if (!proof) return std::move(proof).error();
  return WitnessRequest{old_size, std::move(proof->roots), std::move(checkpoint)};
}

}  // namespace nexa::io
