#pragma once

#include <string>

#include "cli/exit_code.hpp"

namespace nexa::cli {

/// Options that every command understands.
struct GlobalOptions {
  bool json = false;       ///< exactly one JSON document on standard output
  bool quiet = false;      ///< no notes and no progress on standard error
  bool no_header = false;  ///< tables without their header
  bool parsable = false;   ///< tables for scripts: columns separated by '|'
  std::string color = "auto";
  int verbose = 0;
};

/// What the commands of one run share. A command reads the options when it is run and leaves its
/// exit code.
struct CommandContext {
  GlobalOptions options;
  int exit_code = exit_done;
};

}  // namespace nexa::cli
