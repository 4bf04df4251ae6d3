#pragma once

#include <string>

#include "cli/command.hpp"
#include "core/result.hpp"
#include "io/note_key.hpp"

namespace nexa::cli {

/// To be called before a command holds a private key: protects the memory of the process, and
/// prints a warning for each measure that the system refuses.
void protect_private_keys(const GlobalOptions& options);

/// Reads a private key for signing, and warns if it cannot be kept out of swap.
core::Result<io::NoteSigner> load_signer(const std::string& path, const GlobalOptions& options);

/// The same for whatever is signed but checkpoints. A witness's key is refused
/// (`invalid_argument`): it says that a log was seen, and nothing else may bear its signature.
core::Result<io::NoteSigner> load_document_signer(const std::string& path,
                                                  const GlobalOptions& options);

/// The same warning for a key that was made just now.
void warn_if_not_locked(const io::NoteSigner& signer, const GlobalOptions& options);

}  // namespace nexa::cli
