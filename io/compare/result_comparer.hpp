#pragma once

#include <memory>
#include <string>

#include "core/result.hpp"
#include "validator/compare/comparator.hpp"
#include "validator/compare/comparison.hpp"

namespace nexa::io::compare {

/// A comparator that is ready to be used on results, as files or folders.
///
/// Folders are compared file by file: both must hold the same names of the same kinds. Symbolic
/// links in them are compared by where they lead and never followed. `script` is an exception: its
/// program gets the two paths, whatever they are.
class ResultComparer {
 public:
  /// Reads the file that the comparator uses, if any, so that its digest is that of what is run.
  /// Errors: those of reading it; `corrupt` for a summary that is none.
  static core::Result<ResultComparer> prepare(validator::compare::Comparator comparator);

  ResultComparer(ResultComparer&&) noexcept;
  ResultComparer& operator=(ResultComparer&&) noexcept;
  ~ResultComparer();

  [[nodiscard]] const validator::compare::Comparator& comparator() const;
  [[nodiscard]] const validator::compare::ComparatorIdentity& identity() const;

  /// Compares two results. Errors are those of this machine: a path that is not there, a disk that
  /// cannot be read, a kernel without sandboxes. What is wrong with a result itself is part of the
  /// comparison.
  [[nodiscard]] core::Result<validator::compare::Comparison> compare(const std::string& a,
                                                                     const std::string& b) const;

 private:
  struct State;
  explicit ResultComparer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace nexa::io::compare
