#pragma once

#include "cli/command.hpp"

namespace CLI {
class App;
}

namespace nexa::cli {

/// Adds `nexa ledger …` to the command line. `context` must outlive `root`.
void add_ledger_commands(CLI::App& root, CommandContext& context);

}  // namespace nexa::cli
