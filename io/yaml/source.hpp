#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace nexa::io {

/// The text of a file that a person wrote, kept for as long as anything points into it.
class Source {
 public:
  /// `file` is the name that messages show.
  Source(std::string file, std::string text);

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Without its line break; empty for a line that does not exist. Lines count from 1.
  [[nodiscard]] std::string_view line(int number) const;
  /// The text from a byte on, whose line and column count from 1; empty if there is no such line.
  [[nodiscard]] std::string_view text_from(int line, int column) const;

 private:
  std::string file_;
  std::string text_;
  std::vector<std::size_t> line_starts_;
};

using SourcePtr = std::shared_ptr<const Source>;

/// Reads a whole file, but never more than `limit` bytes and one: a longer text shows that the
/// file is too big. A byte order mark is left out. Errors: `not_found` for a missing file, `io`
/// for a folder or for a file that cannot be read.
core::Result<SourcePtr> read_source(const std::string& file, std::size_t limit);

/// Why `file` could not be read, or success.
core::Result<void> check_readable(const std::string& file);

/// The length in bytes of the UTF-8 character at the front of a text that is not empty, or 0 if it
/// is not well formed (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view text);

/// C0 and C1 control characters other than the tab, which a terminal may obey.
bool is_control(std::string_view character);

/// The number of characters of UTF-8 text.
std::size_t character_count(std::string_view text);

/// The value as messages show it: in quotes, cut when long, control characters made visible.
std::string in_quotes(std::string_view value);

}  // namespace nexa::io
