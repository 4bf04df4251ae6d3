#pragma once

#include <string>

namespace nexa::cli {

/// Whether to write colours to the stream behind a file descriptor. In order of precedence:
/// `--color` (`always`, `never`, or `auto` which decides nothing), NO_COLOR, CLICOLOR_FORCE,
/// TERM=dumb, and whether the stream is a terminal.
bool wants_color(const std::string& option, int descriptor);

}  // namespace nexa::cli
