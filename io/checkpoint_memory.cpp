#include "io/checkpoint_memory.hpp"

#include <memory>
#include <utility>

#include "io/sha256.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {

using core::Error;
using core::Result;

Result<CheckpointMemory> CheckpointMemory::open(Storage& storage, const std::string& folder) {
  auto lock = storage.open(folder + "/lock", Storage::Mode::update);
  if (!lock) {
    Error error = std::move(lock).error();
    if (error.code == core::ErrorCode::not_found) {
      error.message = "no folder " + in_quotes(folder);
      error.hint = "make it first, on a disk that is not part of the journal's backup";
    }
    return error;
  }
  if (const auto locked = (*lock)->lock(); !locked) return locked.error();
  return CheckpointMemory(storage, folder, std::move(*lock));
}

std::string CheckpointMemory::path_of(const std::string& origin) const {
  // Any text may be an origin, but not the name of a file.
  return folder_ + '/' + core::to_hex(sha256(origin)).substr(0, 32) + ".checkpoint";
}

Result<std::optional<SignedCheckpoint>> CheckpointMemory::last(const std::string& origin) {
  const std::string path = path_of(origin);
  const Result<std::string> bytes = read_all(*storage_, path, most_note_bytes);
  if (!bytes && bytes.error().code == core::ErrorCode::not_found) {
    return std::optional<SignedCheckpoint>{};
  }
  if (!bytes) return bytes.error();
  Result<SignedCheckpoint> parsed = parse_signed_checkpoint(*bytes, path);
  if (!parsed) return std::move(parsed).error();
  if (parsed->checkpoint.origin != origin) {
    return Error{.code = core::ErrorCode::corrupt,
                 .message = "the checkpoint is one of " + in_quotes(parsed->checkpoint.origin),
                 .hint = "expected one of " + in_quotes(origin),
                 .where = {.file = path, .line = 1, .column = 0}};
  }
  return std::optional<SignedCheckpoint>(std::move(*parsed));
}

Result<void> CheckpointMemory::remember(const SignedCheckpoint& checkpoint) {
  return replace_file(*storage_, path_of(checkpoint.checkpoint.origin), to_text(checkpoint.note));
}

Result<SignedCheckpoint> publish_checkpoint(Storage& storage, CheckpointMemory& memory,
                                            const std::string& path, const Checkpoint& checkpoint,
                                            const NoteSigner& signer, core::Time now) {
  if (signer.key().algorithm() != NoteAlgorithm::ed25519) {
    return Error{.code = core::ErrorCode::invalid_argument,
                 .message = "the key of " + in_quotes(signer.key().name()) + " is one of a witness",
                 .hint = "a log signs with a key of its own",
                 .where = {}};
  }
  SignedCheckpoint made{checkpoint, {to_text(checkpoint), {}}};
  made.note.signatures.push_back(sign_note(signer, made.note.text, now));
  if (const auto kept = memory.remember(made); !kept) return kept.error();
  const auto published = replace_file(storage, path, to_text(made.note));
  if (!published) return published.error();
  return made;
}

}  // namespace nexa::io
