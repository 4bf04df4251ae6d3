#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace nexa::validator {

/// Whether the results of a machine lie to one side of those of others, inside the tolerance under
/// which they agree. Such a lie wins every vote, since each result of it is right.
///
/// The test is one of the mean of signed differences, in thousandths of the tolerance: it leans if
/// the mean is further from zero than `harmless_permille` by `standard_errors` of them, over at
/// least `fewest` comparisons. An honest machine that is compared with leaning ones is seen to lean
/// the other way, by as much as they are many: up to a quarter of them do not make it lean. So that
/// one of them cannot be most of what a machine is compared with, another machine counts again only
/// after `others_between` others. Nothing says which side is right, so the answer is a reason to
/// look, with a tighter tolerance, and never a verdict. Comparisons fade: beyond `remembered` of
/// them, the weight of all is halved.
///
/// Integers only, so that every host decides alike.
class LeanTest {
 public:
  static constexpr std::int64_t fewest = 30;
  static constexpr std::int64_t harmless_permille = 250;
  static constexpr std::int64_t standard_errors = 4;
  static constexpr std::int64_t remembered = 256;
  static constexpr std::size_t others_between = 5;

  /// A result of the machine lies so far above (positive) or below that of another machine, known
  /// by its number; at most the tolerance, which is 1000. Returns whether `leans()` has changed.
  bool add(std::int32_t permille, std::uint32_t other);

  [[nodiscard]] bool leans() const { return leans_; }
  /// Of the comparisons that are remembered; 0 without any.
  [[nodiscard]] std::int32_t mean_permille() const;
  [[nodiscard]] std::uint32_t comparisons() const { return static_cast<std::uint32_t>(count_); }

 private:
  [[nodiscard]] bool is_significant() const;
  bool was_lately(std::uint32_t other);

  std::int64_t count_ = 0;
  std::int64_t sum_ = 0;
  std::int64_t squares_ = 0;
  bool leans_ = false;
  std::array<std::uint32_t, others_between> lately_{};  ///< numbers + 1, in a ring
  std::size_t oldest_ = 0;
};

}  // namespace nexa::validator
