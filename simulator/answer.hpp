#pragma once

#include <cstdint>

namespace nexa::simulator {

/// What a replica hands in, as far as a comparator can tell. A simulation has no files, so an
/// answer is known by how it relates to the right one.
struct Answer {
  std::uint64_t value = 0;      ///< zero: the right one; others name wrong ones, equal ones agree
  double deviation = 0;         ///< from `value`, in units of the comparator's tolerance
  std::uint32_t structure = 0;  ///< zero: the right shape, type and names; others name wrong ones

  friend constexpr bool operator==(const Answer&, const Answer&) = default;
};

/// How answers are compared.
enum class Comparison : std::uint8_t {
  exact,          ///< equal bytes
  tolerance,      ///< equal structure, and numbers within the tolerance of each other
  lax_structure,  ///< as `tolerance`, but passes what it cannot compare, as h5diff 1.10.8 does
};

/// The distance of two answers in units of the tolerance; infinite where their values or structures
/// differ. For the medoid of a class of agreeing answers.
[[nodiscard]] double distance(const Answer& a, const Answer& b);

[[nodiscard]] bool agree(const Answer& a, const Answer& b, Comparison comparison);

/// Whether accepting the answer would be a mistake: it is none of those that an honest node could
/// have given. An answer just inside the tolerance of the right one is not wrong.
[[nodiscard]] bool is_wrong(const Answer& answer);

}  // namespace nexa::simulator
