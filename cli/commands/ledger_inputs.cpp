#include "cli/commands/ledger_inputs.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <system_error>

#include "io/public_key_text.hpp"

namespace nexa::cli {

using core::Error;
using core::Result;

core::Time now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return core::Time{std::chrono::duration_cast<core::Duration>(since_epoch)};
}

Result<std::vector<io::NoteKey>> note_keys(const std::vector<std::string>& arguments,
                                           io::NoteAlgorithm algorithm) {
  std::vector<io::NoteKey> keys;
  for (const std::string& argument : arguments) {
    const auto read = io::read_public_keys(argument, algorithm);
    if (!read) return read.error();
    keys.insert(keys.end(), read->begin(), read->end());
  }
  return keys;
}

std::uint64_t table_key() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

Result<std::string> state_folder(const std::string& wanted, const std::string& name) {
  std::filesystem::path folder = wanted;
  if (wanted.empty()) {
    const char* const state = std::getenv("XDG_STATE_HOME");
    const char* const home = std::getenv("HOME");
    if (state != nullptr && *state == '/') {
      folder = std::filesystem::path(state) / "nexapod" / name;
    } else if (home != nullptr && *home == '/') {
      folder = std::filesystem::path(home) / ".local/state/nexapod" / name;
    } else {
      return Error{.code = core::ErrorCode::invalid_argument,
                   .message = "no folder to remember checkpoints in: HOME is not set",
                   .hint = "name one with --state",
                   .where = {}};
    }
  }
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!failed) return folder.string();
  return Error{.code = core::ErrorCode::io,
               .message = "cannot make the folder '" + folder.string() + "': " + failed.message(),
               .hint = "name another one with --state",
               .where = {}};
}

}  // namespace nexa::cli
