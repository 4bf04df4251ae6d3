#include "io/witness.hpp"

#include <utility>

#include "io/base64.hpp"
#include "io/sha256.hpp"
#include "io/yaml/source.hpp"
#include "ledger/continuation.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;
using ledger::TreeHead;

constexpr std::string_view old_word = "old ";
constexpr std::size_t longest_proof = 63;  // source: c2sp.org/tlog-witness

Error wrong_line(const std::string& file, int line, std::string message, std::string hint) {
  return {.code = ErrorCode::corrupt,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {.file = file, .line = line, .column = 0}};
}

std::string sizes(const TreeHead& newer, const TreeHead& older) {
  return std::to_string(newer.size) + " entries, the last one that was cosigned " +
         std::to_string(older.size);
}

Result<void> check_continues(const TreeHead& last, const WitnessRequest& request) {
  using ledger::Continuation;
  const TreeHead& next = request.checkpoint.checkpoint.tree;
  const std::string keep = "the log shows different histories; keep both checkpoints as evidence";
  switch (ledger::continuation_of(sha256_of_parts, last, next, request.old_size, request.proof)) {
    case Continuation::same:
    case Continuation::continues:
      break;
    case Continuation::smaller:
      return core::make_error(
          ErrorCode::conflict,
          "the checkpoint is smaller than the last one: it covers " + sizes(next, last),
          "it may be a repeat; whether the two belong to one history was not shown, and a witness "
          "never goes back: send a checkpoint of " +
              std::to_string(last.size) + " entries or more");
    case Continuation::other_root:
      return core::make_error(ErrorCode::refused,
                              "the checkpoint has another root than the last one of " +
                                  std::to_string(last.size) + " entries",
                              keep);
    case Continuation::unproven:
      return core::make_error(ErrorCode::conflict, "the checkpoint covers " + sizes(next, last),
                              "ask the log for 'nexa ledger prove --old-size " +
                                  std::to_string(last.size) +
                                  "', which proves that it continues that one");
    case Continuation::false_proof:
      return core::make_error(
          ErrorCode::refused,
          "the proof does not show that the checkpoint continues the last one of " +
              std::to_string(last.size) + " entries",
          "either the proof is wrong or the log shows different histories; keep both checkpoints "
          "as evidence, and ask the log for the proof again");
  }
  return {};
}

Result<void> check_first(const WitnessRequest& request) {
  if (request.old_size.value_or(0) == 0 && request.proof.empty()) return {};
  return core::make_error(ErrorCode::conflict,
                          "this witness has cosigned no checkpoint of the log before",
                          "send the checkpoint alone; is the folder of the witness the right one?");
}

}  // namespace

std::string to_text(const WitnessRequest& request) {
  std::string text = std::string(old_word) + std::to_string(request.old_size.value_or(0)) + '\n';
  for (const core::Digest& digest : request.proof) text += to_base64(digest.bytes) + '\n';
  return text + '\n' + to_text(request.checkpoint.note);
}

Result<WitnessRequest> parse_witness_request(std::string_view bytes, const std::string& file) {
  WitnessRequest request;
  int line = 0;
  const auto next_line = [&]() -> std::optional<std::string_view> {
    const std::size_t end = bytes.find('\n');
    ++line;
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view found = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    return found;
  };
  const bool is_request = bytes.starts_with(old_word);
  if (is_request) {
    const std::string_view digits = next_line().value_or(bytes).substr(old_word.size());
    request.old_size = parse_tree_size(digits);
    if (!request.old_size) {
      return wrong_line(file, line, "the old size is " + in_quotes(digits),
                        "expected a decimal number without leading zeros");
    }
    while (true) {
      const auto step = next_line();
      if (step && step->empty()) break;
      const auto digest = step ? parse_digest_base64(*step) : std::nullopt;
      if (!digest || request.proof.size() == longest_proof) {
        return wrong_line(file, line, "a line of the proof is " + in_quotes(step.value_or("")),
                          "expected at most 63 of 32 bytes in base64, and an empty one");
      }
      request.proof.push_back(*digest);
    }
  }
  auto checkpoint = parse_signed_checkpoint(bytes, file);
  if (!checkpoint) {
    Error error = std::move(checkpoint).error();
    if (error.where.line > 0) error.where.line += line;
    return error;
  }
  request.checkpoint = std::move(*checkpoint);
  return request;
}

Result<NoteSignature> cosign(CheckpointMemory& memory, const WitnessRequest& request,
                             std::span<const NoteKey> log_keys, const NoteSigner& witness,
                             core::Time now) {
  if (witness.key().algorithm() != NoteAlgorithm::cosignature_v1) {
    return core::make_error(
        ErrorCode::invalid_argument,
        "the key of " + in_quotes(witness.key().name()) + " is not one of a witness",
        "a witness signs with a key of the algorithm cosignature/v1");
  }
  SignedCheckpoint accepted = request.checkpoint;
  if (const auto trusted = verify_note(accepted.note, log_keys, now); !trusted) {
    return trusted.error();
  }
  auto last = memory.last(accepted.checkpoint.origin);
  if (!last) return std::move(last).error();
  const auto checked =
      *last ? check_continues((*last)->checkpoint.tree, request) : check_first(request);
  if (!checked) return checked.error();
  NoteSignature signature = sign_note(witness, accepted.note.text, now);
  accepted.note.signatures.push_back(signature);
  if (const auto kept = memory.remember(accepted); !kept) return kept.error();
  return signature;
}

}  // namespace nexa::io
