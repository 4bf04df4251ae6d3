#pragma once

#include "cli/command.hpp"

namespace CLI {
class App;
}

namespace nexa::cli {

/// Adds `nexa key …` to the command line. `context` must outlive `root`.
void add_key_commands(CLI::App& root, CommandContext& context);

}  // namespace nexa::cli
