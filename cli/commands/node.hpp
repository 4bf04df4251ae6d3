#pragma once

#include "cli/command.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): the library chose the name.
namespace CLI {
class App;
}

namespace nexa::cli {

/// Adds `nexa node …` to the command line. Global options may stand behind the command as well,
/// since its subcommands pass what they do not know to `root`. `context` must outlive `root`.
void add_node_commands(CLI::App& root, CommandContext& context);

}  // namespace nexa::cli
