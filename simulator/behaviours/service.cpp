#include "simulator/behaviours/draws.hpp"
#include "simulator/behaviours/models.hpp"

// Those whose answers are right, if they come.
namespace nexa::simulator::models {

void begin(const core::Straggler& knobs, const Assignment& assignment, Conduct& conduct) {
  if (!happens(knobs.rate_ppm, execution_draw(assignment, core::RandomStream::slow_down))) return;
  __extension__ using Wide = __int128;
  const Wide slower = Wide{conduct.duration.count()} * knobs.slowdown_permille / 1000;
  conduct.duration = core::Duration{static_cast<std::int64_t>(slower)};
}

void begin(const core::Hoarder& knobs, const Assignment& assignment, Conduct& conduct) {
  if (misbehaves(knobs.rate_ppm, assignment)) conduct.ending = Ending::no_reply;
}

void begin(const core::CherryPicker& knobs, const Assignment& assignment, Conduct& conduct) {
  if (assignment.time_limit > knobs.longest) conduct = {Ending::abort, core::Duration{}};
}

}  // namespace nexa::simulator::models
