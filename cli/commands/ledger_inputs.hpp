#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "io/note_key.hpp"

namespace nexa::cli {

/// The clock of this machine, from the Unix epoch.
core::Time now();

/// The public keys that options name, all of one algorithm.
core::Result<std::vector<io::NoteKey>> note_keys(const std::vector<std::string>& arguments,
                                                 io::NoteAlgorithm algorithm);

/// Random bits for a ledger's table of ids.
std::uint64_t table_key();

/// Where checkpoints that were signed here are remembered: `wanted`, or else a folder of the user,
/// `$XDG_STATE_HOME/nexapod/NAME` or `~/.local/state/nexapod/NAME`, which is made. Errors:
/// `invalid_argument` where neither is set, `io`.
core::Result<std::string> state_folder(const std::string& wanted, const std::string& name);

}  // namespace nexa::cli
