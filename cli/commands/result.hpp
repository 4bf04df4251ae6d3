#pragma once

#include "cli/command.hpp"

namespace CLI {
class App;
}

namespace nexa::cli {

/// Adds `nexa result` and the commands below it to the command line. `context` must outlive `root`.
void add_result_commands(CLI::App& root, CommandContext& context);

}  // namespace nexa::cli
