#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/result.hpp"
#include "core/time.hpp"
#include "io/checkpoint.hpp"
#include "io/storage.hpp"

namespace nexa::io {

/// Remembers, in a folder of its own, the last checkpoint of a log that was signed here: by the log
/// itself, which must never sign two that contradict each other, or by a witness.
///
/// The folder must not be part of the log's backup: a log that was restored from an old one is held
/// against what is remembered here.
class CheckpointMemory {
 public:
  /// Takes the folder, which must exist, for as long as this lives, so that no other process signs
  /// in between. Errors: `conflict` where one is at it, `not_found`, `io`.
  static core::Result<CheckpointMemory> open(Storage& storage, const std::string& folder);

  /// The last one of the log `origin`, if there is one. Errors: `io`, `corrupt`.
  [[nodiscard]] core::Result<std::optional<SignedCheckpoint>> last(const std::string& origin);
  /// Remembers the checkpoint; it is on disk when this returns.
  core::Result<void> remember(const SignedCheckpoint& checkpoint);

  /// Where the last checkpoint of a log is kept.
  [[nodiscard]] std::string path_of(const std::string& origin) const;

 private:
  CheckpointMemory(Storage& storage, std::string folder, std::unique_ptr<StorageFile> lock)
      : storage_(&storage), folder_(std::move(folder)), lock_(std::move(lock)) {}

  Storage* storage_;
  std::string folder_;
  std::unique_ptr<StorageFile> lock_;
};

/// Signs a checkpoint, remembers it, and only then puts it in the file `path`, so that nobody can
/// have seen what is not remembered. Whoever calls this has held it against the last one, and made
/// sure that the entries are on disk. `now` counts from the Unix epoch. Errors: `invalid_argument`
/// for the key of a witness; those of the storage.
core::Result<SignedCheckpoint> publish_checkpoint(Storage& storage, CheckpointMemory& memory,
                                                  const std::string& path,
                                                  const Checkpoint& checkpoint,
                                                  const NoteSigner& signer, core::Time now);

}  // namespace nexa::io
