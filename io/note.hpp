#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "io/note_key.hpp"

namespace nexa::io {

/// A signature line of a note: who claims to have signed, and bytes that only the key's algorithm
/// understands.
struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  std::vector<std::uint8_t> bytes;
};

/// Text with signatures. Source: c2sp.org/signed-note. The text is to be believed only after
/// `verify_note`.
struct Note {
  std::string text;  ///< ends with a line break
  std::vector<NoteSignature> signatures;
};

/// Longer notes, and more signatures, are refused unread.
inline constexpr std::size_t most_note_bytes = std::size_t{64} << 10;
inline constexpr std::size_t most_note_signatures = 100;

/// Reads a note. `file` is what to call it in messages. Errors (`corrupt`, or `limit_exceeded`)
/// carry the line: text that is not UTF-8 or has control characters, no empty line before the
/// signatures, no signature, a malformed signature line.
core::Result<Note> parse_note(std::string_view bytes, const std::string& file);

/// The bytes of the note: what `parse_note` reads.
std::string to_text(const Note& note);
/// One signature line, with its line break.
std::string to_text(const NoteSignature& signature);

/// Signs a note's text. `now` counts from the Unix epoch; a cosignature states its seconds, the
/// other algorithm does not use it.
NoteSignature sign_note(const NoteSigner& signer, std::string_view text, core::Time now);

/// A signature that holds.
struct TrustedSignature {
  std::size_t key = 0;            ///< which of the keys that were given
  std::int64_t unix_seconds = 0;  ///< cosignatures: when it was made; otherwise 0
};

/// Checks the signatures of a note against known keys, each of which counts once. Signatures by
/// other keys are ignored, even if they share the name or the id with a known one. A cosignature
/// from after `now` (from the Unix epoch) is refused.
///
/// Errors (`refused`): a signature that claims to be of a known key and does not hold, which makes
/// the whole note suspect; no signature by any known key.
core::Result<std::vector<TrustedSignature>> verify_note(const Note& note,
                                                        std::span<const NoteKey> keys,
                                                        core::Time now);

}  // namespace nexa::io
