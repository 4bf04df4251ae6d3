#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "validator/compare/numbers.hpp"

namespace nexa::validator::compare {

enum class Agreement : std::uint8_t {
  equal,         ///< equal as far as the comparator allows
  different,     ///< in values, or in structure: shape, type, names, number of values
  incomparable,  ///< nothing can be said; it never counts as equal
};

/// Which of two results something is about.
enum class Side : std::uint8_t { neither = 0, a = 1, b = 2, both = 3 };

/// `equal`, `different`, `incomparable`.
const char* to_string(Agreement agreement);

/// One thing in which two results differ, or why it cannot be told.
struct Difference {
  std::string where;  ///< a file, a dataset, a line; empty for the whole
  std::string what;
};

/// The pair of numbers with the largest residual.
struct LargestDeviation {
  std::string where;
  NumberPair pair;
};

/// A part of the results in which one of the two leans to one side inside the tolerance.
struct Bias {
  std::string where;
  Residuals residuals;
};

/// What became of comparing two results A and B. Comparing B and A gives the same with A and B
/// exchanged.
struct Comparison {
  Agreement agreement = Agreement::equal;
  /// Which of the results could not be read as what the comparator compares. Such a result is
  /// broken, and it is its maker's fault or that of the disk.
  Side unreadable = Side::neither;
  /// For the choice of a canonical result among equal ones: the largest residual of all parts, in
  /// units of the tolerance; infinite where the structure differs.
  double distance = 0;
  std::uint64_t values = 0;      ///< pairs of numbers that were compared
  std::uint64_t mismatches = 0;  ///< of those, outside of the tolerance
  std::uint64_t difference_count = 0;
  std::vector<Difference> differences;  ///< the first `most_listed`, in the order of the results
  std::optional<LargestDeviation> largest;
  std::uint64_t bias_count = 0;
  std::vector<Bias> biases;  ///< the first `most_listed`

  static constexpr std::size_t most_listed = 20;

  /// The first difference for a person, `where: what`; empty where there is none.
  [[nodiscard]] std::string reason() const;

  /// The structure, or something that is no number, differs.
  void differ(std::string where, std::string what);
  /// A part cannot be judged. A difference elsewhere outweighs that.
  void cannot_compare(std::string where, std::string what);
  /// A part cannot be judged since it cannot be read on one side or both.
  void cannot_read(Side side, std::string where, std::string what);
  /// Adds what the numbers of one part gave. `place` says where the number with an index stands,
  /// such as `/u[3, 4]`.
  void add_part(const std::string& part, const NumberComparison& numbers,
                const std::function<std::string(std::uint64_t index)>& place);
  /// Adds what was found in another part of the same results, behind what is there.
  void add(const Comparison& part);

 private:
  void list(std::string where, std::string what);
};

}  // namespace nexa::validator::compare
