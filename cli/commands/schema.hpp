#pragma once

#include "cli/command.hpp"

namespace CLI {
class App;
}

namespace nexa::cli {

/// Adds `nexa schema` to the command line. `context` must outlive `root`.
void add_schema_command(CLI::App& root, CommandContext& context);

}  // namespace nexa::cli
