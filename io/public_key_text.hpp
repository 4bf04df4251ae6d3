#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "io/ed25519.hpp"
#include "io/note_key.hpp"

namespace nexa::io {

/// A public key for other programs, such as `openssl pkeyutl -verify -pubin`: PEM of the structure
/// SubjectPublicKeyInfo. Source: RFC 8410, section 4.
std::string to_pem(const PublicKey& key);

/// The public keys that an option names: the text of one, `name+id+base64`, or a file with one on
/// each line, where empty lines and lines that begin with '#' are passed over. All of them must be
/// of the algorithm. Errors: `not_found`, `io`, `invalid_argument` with the line.
core::Result<std::vector<NoteKey>> read_public_keys(
    const std::string& text_or_path, NoteAlgorithm algorithm = NoteAlgorithm::ed25519);

}  // namespace nexa::io
