#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "core/result.hpp"
#include "core/time.hpp"

namespace nexa::ledger {

/// How much work a job is, from re-execution on trusted nodes: the unit is what one core of
/// reference speed does in a second. Requesters state a size in any unit of their own, such as time
/// steps or residues; the calibration of an application says how much work one of these is. Nothing
/// that a paid node says enters.
class WorkCalibration {
 public:
  /// Keeps that many of the latest samples per application, at least one; the median of an even
  /// number is the lower one, so that a doubt is in favour of the payer.
  explicit WorkCalibration(std::size_t samples = 31);

  /// A trusted node of that speed (the reference is 1000) took `core_time` for a job of `size`.
  /// Errors: `invalid_argument` for a size of zero, a speed of zero or a negative time.
  core::Result<void> add(std::uint32_t application, std::uint64_t size, core::Duration core_time,
                         std::uint32_t speed_permille);

  /// Work of a job of that size in millionths of a unit, rounded down; none before the first
  /// sample. At most 2^62, whatever the size. Cost: sorting the samples.
  [[nodiscard]] std::optional<std::int64_t> work(std::uint32_t application,
                                                 std::uint64_t size) const;

  [[nodiscard]] std::size_t samples(std::uint32_t application) const;

 private:
  /// Work per size, in millionths of a millionth of a unit.
  using Ratios = std::deque<std::uint64_t>;
  std::size_t kept_;
  std::map<std::uint32_t, Ratios> applications_;
};

}  // namespace nexa::ledger
