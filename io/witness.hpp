#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "io/checkpoint.hpp"
#include "io/checkpoint_memory.hpp"

namespace nexa::io {

/// What a log sends to a witness: a checkpoint, and the proof that it continues an earlier one.
/// Source: the body of `add-checkpoint` in c2sp.org/tlog-witness.
struct WitnessRequest {
  std::optional<std::uint64_t> old_size;  ///< of the earlier one; empty for a checkpoint alone
  std::vector<core::Digest> proof;
  SignedCheckpoint checkpoint;
};

/// `old SIZE`, the proof in base64, an empty line, and the checkpoint.
std::string to_text(const WitnessRequest& request);

/// Reads a request, or a checkpoint alone. Errors (`corrupt`) carry the line.
core::Result<WitnessRequest> parse_witness_request(std::string_view bytes, const std::string& file);

/// Cosigns a checkpoint that is signed by one of the log's keys and continues the last one that
/// this witness has cosigned; the first one of a log is taken on trust. What was cosigned is on
/// disk before the signature is returned. The same checkpoint may be cosigned again. `now` counts
/// from the Unix epoch.
///
/// Errors: `refused` for a signature that does not hold and for a checkpoint that contradicts the
/// last one (of another root, with a false proof); `conflict` where the checkpoint is smaller than
/// the last one, which shows nothing, and where the proof is missing or begins at another
/// checkpoint; `invalid_argument` for a key of a log; those of the memory.
core::Result<NoteSignature> cosign(CheckpointMemory& memory, const WitnessRequest& request,
                                   std::span<const NoteKey> log_keys, const NoteSigner& witness,
                                   core::Time now);

}  // namespace nexa::io
