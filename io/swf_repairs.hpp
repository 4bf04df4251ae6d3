#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/workload.hpp"

namespace nexa::io {

/// What the SWF reader mends or leaves out.
enum class SwfRepair : std::uint8_t {
  run_time_unknown,
  processors_unknown,
  too_many_processors,
  submit_unknown,
  estimate_unknown,
  estimate_too_low,
  processors_from_use,
  not_sorted,
  fields_missing,
  fields_too_few,
  fields_extra,
  not_a_number,
  decimals,
  out_of_range,
  line_too_long,  ///< the last one
};
inline constexpr std::size_t swf_repair_kinds =
    static_cast<std::size_t>(SwfRepair::line_too_long) + 1;

/// Counts repairs by kind, with the line of the first.
class SwfRepairLog {
 public:
  void add(SwfRepair kind, std::uint64_t line) {
    Entry& entry = entries_[static_cast<std::size_t>(kind)];
    if (entry.count++ == 0) entry.first_line = line;
  }
  [[nodiscard]] std::uint64_t count(SwfRepair kind) const {
    return entries_[static_cast<std::size_t>(kind)].count;
  }

  /// The kinds that happened, as text, in the order of the enumeration.
  [[nodiscard]] std::vector<core::Repair> report() const;

 private:
  struct Entry {
    std::uint64_t count = 0;
    std::uint64_t first_line = 0;
  };
  std::array<Entry, swf_repair_kinds> entries_{};
};

/// The text of a kind, such as "run time <= 0: line dropped".
std::string to_text(SwfRepair kind);

}  // namespace nexa::io
