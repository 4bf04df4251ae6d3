#include "cli/table.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace nexa::cli {

namespace {

using Row = std::vector<std::string>;

/// Characters, not bytes: UTF-8 continuation bytes do not count.
std::size_t character_count(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

std::string cut(const std::string& line, std::size_t width) {
  if (width == 0 || character_count(line) <= width) return line;
  std::string text;
  std::size_t count = 0;
  for (const char c : line) {
    const bool starts_character = (static_cast<unsigned char>(c) >> 6) != 2;
    if (starts_character && ++count == width) break;
    text += c;
  }
  return text + "…";
}

std::string parsable(const Row& row) {
  std::string line;
  for (const std::string& cell : row) {
    if (&cell != row.data()) line += '|';
    line += cell;
  }
  return line + '\n';
}

std::string aligned(const Row& row, const std::vector<std::size_t>& widths, std::size_t width) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    line += row[i];
    if (i + 1 < row.size()) line.append(widths[i] - character_count(row[i]) + 2, ' ');
  }
  while (line.ends_with(' ')) line.pop_back();
  return cut(line, width) + '\n';
}

}  // namespace

std::size_t terminal_width(int descriptor) {
  winsize size{};
  if (::isatty(descriptor) != 1 || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string Table::text(const GlobalOptions& options) const {
  return text(options, terminal_width(STDOUT_FILENO));
}

std::string Table::text(const GlobalOptions& options, std::size_t width) const {
  std::vector<Row> rows;
  if (!options.no_header) rows.push_back(header_);
  rows.insert(rows.end(), rows_.begin(), rows_.end());
  std::vector<std::size_t> widths(header_.size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], character_count(row[i]));
    }
  }
  std::string text;
  for (const Row& row : rows) {
    text += options.parsable ? parsable(row) : aligned(row, widths, width);
  }
  return text;
}

}  // namespace nexa::cli
