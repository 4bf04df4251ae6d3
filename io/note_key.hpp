#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "io/ed25519.hpp"

namespace nexa::io {

/// How a key signs notes, by the number that the specification gives to it.
enum class NoteAlgorithm : std::uint8_t {
  ed25519 = 1,         ///< c2sp.org/signed-note: Ed25519 of the note's text
  cosignature_v1 = 4,  ///< c2sp.org/tlog-cosignature: Ed25519 of a time and the note's text
};

/// The public half of a key that signs notes. Source: c2sp.org/signed-note, and Go's
/// golang.org/x/mod/sumdb/note for the text `name+id+base64` of a key.
class NoteKey {
 public:
  /// The name must be one that `is_note_key_name` accepts.
  NoteKey(std::string name, NoteAlgorithm algorithm, const PublicKey& key);

  /// Reads `name+id+base64(algorithm ‖ key)`. Errors (`invalid_argument`): a malformed text, an id
  /// that is not that of the key, an unknown algorithm, a key of small order.
  static core::Result<NoteKey> parse(std::string_view text);
  [[nodiscard]] std::string to_text() const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] NoteAlgorithm algorithm() const { return algorithm_; }
  [[nodiscard]] const PublicKey& key() const { return key_; }
  /// The first four bytes of SHA-256(name ‖ "\n" ‖ algorithm ‖ key). Together with the name it says
  /// which key a signature claims to be from; it proves nothing.
  [[nodiscard]] std::uint32_t id() const { return id_; }

 private:
  std::string name_;
  NoteAlgorithm algorithm_;
  PublicKey key_;
  std::uint32_t id_;
};

/// The private half.
class NoteSigner {
 public:
  NoteSigner(std::string name, NoteAlgorithm algorithm, SigningKey key);

  /// Reads `PRIVATE+KEY+name+id+base64(algorithm ‖ seed)`. Errors: as `NoteKey::parse`, without
  /// quoting what may be a secret.
  static core::Result<NoteSigner> parse(std::string_view text);

  [[nodiscard]] const NoteKey& key() const { return key_; }
  [[nodiscard]] const SigningKey& signing_key() const { return signing_key_; }

 private:
  NoteKey key_;
  SigningKey signing_key_;
};

/// True for a name that a key may have: well-formed UTF-8 that is not empty, without control
/// characters, any of Unicode's spaces, or '+'.
bool is_note_key_name(std::string_view name);

}  // namespace nexa::io
