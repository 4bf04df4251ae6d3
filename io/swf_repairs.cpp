#include "io/swf_repairs.hpp"

namespace nexa::io {

std::string to_text(SwfRepair kind) {
  switch (kind) {
    case SwfRepair::run_time_unknown:
      return "run time <= 0: line dropped";
    case SwfRepair::processors_unknown:
      return "no processors: line dropped";
    case SwfRepair::too_many_processors:
      return "more processors than the machine has: line dropped";
    case SwfRepair::submit_unknown:
      return "no submit time (negative): line dropped";
    case SwfRepair::estimate_unknown:
      return "no estimate: run time used";
    case SwfRepair::estimate_too_low:
      return "estimate below run time: raised to it";
    case SwfRepair::processors_from_use:
      return "no processors asked for: those used taken";
    case SwfRepair::not_sorted:
      return "submit time before that of the line above: sorted";
    case SwfRepair::fields_missing:
      return "fewer than 18 fields: the rest taken as unknown";
    case SwfRepair::fields_too_few:
      return "fewer than 11 fields: line dropped";
    case SwfRepair::fields_extra:
      return "more than 18 fields: the rest ignored";
    case SwfRepair::not_a_number:
      return "field is not a number: taken as unknown";
    case SwfRepair::decimals:
      return "decimals in an integer field: cut off";
    case SwfRepair::out_of_range:
      return "number out of range: taken as unknown";
    case SwfRepair::line_too_long:
      return "line longer than 64 KiB: dropped";
  }
  return {};
}

std::vector<core::Repair> SwfRepairLog::report() const {
  std::vector<core::Repair> repairs;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].count == 0) continue;
    repairs.push_back(core::Repair{.what = to_text(static_cast<SwfRepair>(i)),
                                   .count = entries_[i].count,
                                   .first_line = entries_[i].first_line});
  }
  return repairs;
}

}  // namespace nexa::io
