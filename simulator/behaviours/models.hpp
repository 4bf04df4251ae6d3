#pragma once

#include "core/behaviour.hpp"
#include "simulator/behaviour.hpp"

/// The models of the kinds of behaviour, one overload per kind: `begin` for those that show while a
/// replica runs, `finish` for those that show in what is handed in. `simulator/behaviour.cpp` picks
/// them; a kind without either does not compile there.
namespace nexa::simulator::models {

/// What `finish` works with. The report is that of all behaviours so far.
struct Scene {
  const Assignment& assignment;
  const Disclosure& disclosure;
  NodeState& state;
  Report& report;
};

// numerics.cpp
void finish(const core::Noisy& knobs, Scene& scene);
void finish(const core::Biased& knobs, Scene& scene);
// free_riding.cpp
void finish(const core::Lazy& knobs, Scene& scene);
void finish(const core::Guesser& knobs, Scene& scene);
void begin(const core::Copier& knobs, const Assignment& assignment, Conduct& conduct);
void finish(const core::Copier& knobs, Scene& scene);
// sabotage.cpp
void finish(const core::Saboteur& knobs, Scene& scene);
void finish(const core::Targeted& knobs, Scene& scene);
void finish(const core::Colluder& knobs, Scene& scene);
void finish(const core::Sleeper& knobs, Scene& scene);
void finish(const core::StolenKey& knobs, Scene& scene);
void finish(const core::Opportunist& knobs, Scene& scene);
// hardware.cpp
void finish(const core::SilentCorruption& knobs, Scene& scene);
void finish(const core::ClassDefect& knobs, Scene& scene);
void begin(const core::Flaky& knobs, const Assignment& assignment, Conduct& conduct);
// service.cpp
void begin(const core::Straggler& knobs, const Assignment& assignment, Conduct& conduct);
void begin(const core::Hoarder& knobs, const Assignment& assignment, Conduct& conduct);
void begin(const core::CherryPicker& knobs, const Assignment& assignment, Conduct& conduct);
// forgery.cpp
void finish(const core::TimeForger& knobs, Scene& scene);
void finish(const core::Replayer& knobs, Scene& scene);
void finish(const core::SignatureForger& knobs, Scene& scene);
void finish(const core::Overclaimer& knobs, Scene& scene);
void finish(const core::WrongShape& knobs, Scene& scene);
void finish(const core::CheckerExploit& knobs, Scene& scene);

}  // namespace nexa::simulator::models
