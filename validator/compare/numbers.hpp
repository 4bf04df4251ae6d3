#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "validator/compare/residuals.hpp"
#include "validator/compare/tolerance.hpp"

namespace nexa::validator::compare {

/// A number of a result, as it is shown to a person.
using NumberValue = std::variant<float, double, std::int64_t, std::uint64_t>;

/// The shortest text that reads back as the same number.
std::string to_text(const NumberValue& value);

/// Two numbers that stand at the same place of two results.
struct NumberPair {
  std::uint64_t index = 0;  ///< how many numbers came before
  NumberValue a;
  NumberValue b;
  double residual = 0;  ///< as in `Deviation`

  /// |a - b|, rounded to binary64; infinite where one of them is not finite.
  [[nodiscard]] double absolute_difference() const;
};

/// How far the comparison of two sequences of numbers has come.
struct ComparisonProgress {
  std::uint64_t count = 0;       ///< pairs that were looked at
  std::uint64_t mismatches = 0;  ///< pairs outside of the tolerance
  std::optional<NumberPair> first_mismatch;
  /// The pair with the largest residual, the first of several; among pairs of which none may
  /// differ, the one with the largest difference. Absent while all numbers are equal.
  std::optional<NumberPair> largest;

  /// For the choice of a canonical result among equal ones: the largest residual, 1 is the
  /// tolerance.
  [[nodiscard]] double distance() const;
};

/// Compares two sequences of numbers that come in pieces, in constant memory. What it finds depends
/// on the numbers and their order alone, not on the pieces, and is symmetric: with `a` and `b`
/// exchanged the residuals change their signs, and nothing else.
class NumberComparison {
 public:
  explicit NumberComparison(const Tolerance& tolerance) : tolerance_(tolerance) {}

  /// The next numbers of both; the spans are equally long. O(size), and quickest for binary64,
  /// binary32 and integers of up to 32 bits whose tolerance is either of shares and amounts or of
  /// steps.
  template <Number T>
  void add(std::span<const T> a, std::span<const T> b);

  [[nodiscard]] const ComparisonProgress& progress() const { return progress_; }
  /// Of the pairs that are within the tolerance.
  [[nodiscard]] Residuals residuals() const { return residuals_.result(); }

 private:
  template <Number T>
  void add_block(std::span<const T> a, std::span<const T> b);
  template <Number T>
  bool add_within(std::span<const T> a, std::span<const T> b);
  template <Number T>
  void add_each(std::span<const T> a, std::span<const T> b);
  template <Number T>
  void note(std::uint64_t index, T a, T b, const Deviation& found);

  Tolerance tolerance_;
  ComparisonProgress progress_;
  ResidualCollector residuals_;
};

/// The types of numbers in files.
enum class NumberType : std::uint8_t { f32, f64, i8, i16, i32, i64, u8, u16, u32, u64 };

/// Bytes per number.
std::size_t size_of(NumberType type);

/// As `comparison.add` of numbers in the machine's own byte order. Both addresses are aligned for
/// the type.
void add_numbers(NumberComparison& comparison, NumberType type, const void* a, const void* b,
                 std::size_t count);

}  // namespace nexa::validator::compare
