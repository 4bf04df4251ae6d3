#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

/// Small pieces of text that several commands print.
namespace nexa::cli {

/// "a, b, c".
std::string comma_separated(const std::vector<std::string>& words);
/// "1 node", "2 nodes".
std::string counted(std::uint64_t count, std::string_view noun);
/// One line of a summary: a label, and its value in a column of its own.
std::string labelled_line(std::string_view label, const std::string& value);
/// An instant, as the time since the beginning.
std::string time_text(core::Time time);
/// Writes to standard output.
void print(const std::string& text);

}  // namespace nexa::cli
