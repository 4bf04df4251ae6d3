#pragma once

#include <string>
#include <vector>

#include "io/sandbox.hpp"

namespace nexa::io {

/// The descriptors that bubblewrap inherits besides standard input, output and error.
inline constexpr int sandbox_status_fd = 3;
inline constexpr int sandbox_block_fd = 4;
inline constexpr int sandbox_program_fd = 5;

/// By it the program is started. It exits with 126 or 127 where that fails, while bubblewrap exits
/// with 1, which a checker may mean as a verdict.
inline constexpr const char* sandbox_launcher = "/usr/bin/env";

/// The command line of bubblewrap for a run, without the name of the command.
std::vector<std::string> sandbox_arguments(const SandboxRun& run);

}  // namespace nexa::io
