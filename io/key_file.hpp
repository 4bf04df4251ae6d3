#pragma once

#include <string>

#include "core/result.hpp"
#include "io/note_key.hpp"

namespace nexa::io {

/// Reads a private key: one line `PRIVATE+KEY+name+id+base64(algorithm, seed)`, as Go's
/// golang.org/x/mod/sumdb/note and `nexa key new` write it.
///
/// The file must be a regular one (a link is not followed) that belongs to the user who runs the
/// program and that nobody else may read or write. Errors: `not_found`, `io`; `refused` for a file
/// that others could have read or put there; `corrupt` for one that holds no key. No message
/// quotes what is in it. What was read is wiped.
core::Result<NoteSigner> read_key_file(const std::string& path);

/// Writes a key into a new file of mode 0600 that is whole or not there. Errors: `conflict` where a
/// file of that name exists, which is never replaced; `not_found`, `io`.
core::Result<void> write_key_file(const std::string& path, const NoteSigner& key);

}  // namespace nexa::io
