#pragma once

namespace nexa::cli {

/// Runs the command line and returns the exit code of the process.
int run_app(int argc, char** argv);

}  // namespace nexa::cli
