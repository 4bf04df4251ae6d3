#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {

/// Where a value stands in a file, and what it is called there.
struct Place {
  SourcePtr source;     ///< empty for a value that was not read from a file
  int line = 0;         ///< counts from 1; 0: the whole file
  int column = 0;       ///< counts characters from 1
  int width = 1;        ///< characters to underline
  std::string path;     ///< `groups[0].count`
  std::string pointer;  ///< the same as JSON Pointer (RFC 6901): `/groups/0/count`

  [[nodiscard]] core::SourcePos position() const;
};

/// A value together with the place where a person wrote it.
template <class T>
struct Located {
  T value{};
  Place place;
};

/// One finding about a file, ready to be printed or sent as JSON.
struct Diagnostic {
  std::string file;
  int line = 0;
  int column = 0;
  std::string pointer;
  std::string message;
  std::string hint;
  core::ErrorCode code = core::ErrorCode::invalid_argument;
  std::string excerpt;  ///< the line with the place underlined; two lines of text, or empty
};

/// Collects the errors of one pass over one or more files. The first `max_kept` are kept, the rest
/// is counted.
class Diagnostics {
 public:
  static constexpr std::size_t max_kept = 20;

  /// The same error at the same place counts once: a YAML alias repeats what its anchor says.
  void add(const Place& place, std::string message, std::string hint = {},
           core::ErrorCode code = core::ErrorCode::invalid_argument);
  /// For errors of other modules, which know a file and perhaps a line.
  void add(const core::Error& error);
  /// For errors of other modules about a value that stands at `place`.
  void add(const Place& place, const core::Error& error);

  [[nodiscard]] bool ok() const { return count_ == 0; }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// By file (in order of appearance), line and column.
  [[nodiscard]] const std::vector<Diagnostic>& entries() const { return entries_; }
  /// The first entry as an error; there must be one. Its code is `unsatisfiable` only if that is
  /// true of all entries, since a valid file is what makes "impossible" meaningful.
  [[nodiscard]] core::Error first_error() const;
  /// Everything as text, in the form of compilers, ending with a line break; empty if `ok()`.
  [[nodiscard]] std::string to_text() const;

 private:
  void keep(Diagnostic diagnostic);
  [[nodiscard]] std::size_t file_rank(const std::string& file) const;

  std::vector<Diagnostic> entries_;
  std::vector<std::string> files_;
  std::vector<std::size_t> counts_;  ///< errors by file
  std::vector<bool> located_;  ///< files of which some line was named; only these are summed up
  std::size_t count_ = 0;
  bool invalid_ = false;  ///< some entry is about a wrong file, not about an impossible wish
};

}  // namespace nexa::io
