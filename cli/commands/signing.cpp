#include "cli/commands/signing.hpp"

#include <cstdio>

#include "io/key_file.hpp"
#include "io/secrets.hpp"

namespace nexa::cli {
namespace {

void warn(const std::string& text, const GlobalOptions& options) {
  if (!options.quiet) std::fputs(("warning: " + text + '\n').c_str(), stderr);
}

}  // namespace

void protect_private_keys(const GlobalOptions& options) {
  for (const std::string& warning : io::protect_secrets()) warn(warning, options);
}

void warn_if_not_locked(const io::NoteSigner& signer, const GlobalOptions& options) {
  if (signer.signing_key().is_locked()) return;
  warn("the key cannot be kept out of swap; raise the limit of locked memory (ulimit -l)", options);
}

core::Result<io::NoteSigner> load_signer(const std::string& path, const GlobalOptions& options) {
  protect_private_keys(options);
  core::Result<io::NoteSigner> signer = io::read_key_file(path);
  if (signer) warn_if_not_locked(*signer, options);
  return signer;
}

core::Result<io::NoteSigner> load_document_signer(const std::string& path,
                                                  const GlobalOptions& options) {
  core::Result<io::NoteSigner> signer = load_signer(path, options);
  if (!signer || signer->key().algorithm() == io::NoteAlgorithm::ed25519) return signer;
  return core::Error{.code = core::ErrorCode::invalid_argument,
                     .message = "the key of '" + signer->key().name() + "' is one of a witness",
                     .hint =
                         "it signs checkpoints only; 'nexa key new' without --witness makes "
                         "one for all else",
                     .where = {.file = path, .line = 0, .column = 0}};
}

}  // namespace nexa::cli
