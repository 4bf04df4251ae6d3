#include "cli/color.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace nexa::cli {

namespace {

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

bool wants_color(const std::string& option, int descriptor) {
  if (option == "always") return true;
  if (option == "never" || !variable("NO_COLOR").empty()) return false;
  const std::string_view force = variable("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return variable("TERM") != "dumb" && ::isatty(descriptor) == 1;
}

}  // namespace nexa::cli
