#pragma once

#include <string>

#include "cli/command.hpp"

namespace CLI {
class App;
}

namespace nexa::cli {

/// Adds `nexa sim …` to the command line. `command_line` is what was typed, for the record that
/// outputs carry. `context` must outlive `root`.
void add_sim_commands(CLI::App& root, CommandContext& context, std::string command_line);

}  // namespace nexa::cli
