#include "cli/words.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "io/values.hpp"

namespace nexa::cli {

std::string comma_separated(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string labelled_line(std::string_view label, const std::string& value) {
  return fmt::format("{:<14}{}\n", label, value);
}

std::string time_text(core::Time time) {
  return io::to_text(time.time_since_epoch());
}

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
}

}  // namespace nexa::cli
