#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "io/compare/hdf5_type.hpp"
#include "validator/compare/comparison.hpp"

namespace nexa::io::compare {

/// Values of one dataset or attribute of two files, in memory.
struct ValueBlock {
  const std::byte* a = nullptr;
  const std::byte* b = nullptr;
  std::size_t count = 0;
  hdf5::Id object_a = -1;  ///< where references of A lead from
  hdf5::Id object_b = -1;
};

/// Compares values that come block by block, each piece of theirs in its own way.
class LeafValues {
 public:
  /// The layout is that of both and must outlive this.
  LeafValues(const ValueLayout& layout, const validator::compare::Tolerance& tolerance);

  void add(const ValueBlock& block);

  /// Adds what was found. `place` gives the coordinates of the value with an index, such as
  /// `[3, 4]`.
  void report(const std::string& path, const std::function<std::string(std::uint64_t)>& place,
              validator::compare::Comparison& comparison) const;

 private:
  /// A leaf and what was found in it so far.
  struct Progress {
    const Leaf* leaf = nullptr;
    validator::compare::NumberComparison numbers;
    std::uint64_t others = 0;       ///< values that differ in something that is no number
    std::uint64_t first_other = 0;  ///< index of the first such value
    std::string what;               ///< is different there
    /// In sequences: the values in which the first and the largest number stand.
    std::uint64_t first_value = 0;
    std::uint64_t largest_value = 0;
  };

  void add_numbers(Progress& progress, const ValueBlock& block);
  void add_each(Progress& progress, const ValueBlock& block);
  void compare_element(const Leaf& leaf, const std::byte* a, const std::byte* b,
                       const ValueBlock& block, Progress& progress);
  void compare_sequences(const Leaf& leaf, const std::byte* a, const std::byte* b,
                         const ValueBlock& block, Progress& progress);
  void note_other(Progress& progress, std::string what) const;

  const ValueLayout& layout_;
  std::vector<Progress> progress_;
  std::uint64_t values_ = 0;  ///< that were added by earlier blocks
  std::uint64_t index_ = 0;   ///< of the value that is looked at
  std::vector<std::byte> gathered_a_, gathered_b_;
};

}  // namespace nexa::io::compare
