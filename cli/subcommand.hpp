#pragma once

#include <CLI/CLI.hpp>

namespace nexa::cli {

/// Adds a command to a group; options that stand behind it may be those of the groups around it.
/// `footer` is what its help ends with.
inline CLI::App* add_command(CLI::App& group, const char* name, const char* doc,
                             const char* footer) {
  CLI::App* command = group.add_subcommand(name, doc);
  command->fallthrough();
  command->footer(footer);
  return command;
}

}  // namespace nexa::cli
