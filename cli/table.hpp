#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace nexa::cli {

/// Rows of text under a header, as people and scripts read them.
///
/// Columns are aligned and two blanks apart; on a terminal the last column is cut with `…` at the
/// terminal's width. With `--parsable` columns are separated by '|' and never cut; with
/// `--no-header` the header is left out.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : header_(std::move(header)) {}

  /// One cell per column.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  /// The text for standard output.
  [[nodiscard]] std::string text(const GlobalOptions& options) const;
  /// The same for a given width; 0 means that nothing is cut.
  [[nodiscard]] std::string text(const GlobalOptions& options, std::size_t width) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

/// The width of the terminal behind a file descriptor, or 0 if there is none.
std::size_t terminal_width(int descriptor);

}  // namespace nexa::cli
