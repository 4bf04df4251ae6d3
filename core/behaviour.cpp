#include "core/behaviour.hpp"

#include <array>

namespace nexa::core {
namespace {

struct Kind {
  std::string_view name;
  Intent intent;
};

/// By the index of the alternative.
constexpr std::array<Kind, std::variant_size_v<Behaviour>> kinds{{
    {"noisy", Intent::honest},
    {"lazy", Intent::hostile},
    {"guesser", Intent::hostile},
    {"copier", Intent::hostile},
    {"saboteur", Intent::hostile},
    {"targeted", Intent::hostile},
    {"biased", Intent::hostile},
    {"colluder", Intent::hostile},
    {"sleeper", Intent::hostile},
    {"sdc", Intent::faulty},
    {"class_defect", Intent::faulty},
    {"flaky", Intent::honest},
    {"straggler", Intent::honest},
    {"hoarder", Intent::hostile},
    {"time_forger", Intent::hostile},
    {"replayer", Intent::hostile},
    {"signature_forger", Intent::hostile},
    {"overclaimer", Intent::hostile},
    {"cherry_picker", Intent::hostile},
    {"stolen_key", Intent::hostile},
    {"wrong_shape", Intent::hostile},
    {"checker_exploit", Intent::hostile},
    {"opportunist", Intent::hostile},
}};

}  // namespace

std::string_view name_of(const Behaviour& behaviour) {
  return kinds[behaviour.index()].name;
}

Intent intent_of(const Behaviour& behaviour) {
  return kinds[behaviour.index()].intent;
}

}  // namespace nexa::core
