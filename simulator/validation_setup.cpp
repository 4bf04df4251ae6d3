#include "simulator/validation_setup.hpp"

#include <limits>

namespace nexa::simulator {

ValidationSetup without_absent_defences(ValidationSetup setup) {
  const core::Defences& defences = setup.defences;
  validator::ValidatorConfig& config = setup.config;
  constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();
  if (!defences.domain_placement) {
    setup.rules.distinct =
        static_cast<std::uint8_t>(setup.rules.distinct & validator::distinct_machine);
  }
  if (!defences.identity_cost) {
    config.newcomer_results = 1;  // the least that a validator takes
    setup.recognises_machines = false;
    if (setup.credits && setup.credits->economy) {
      setup.credits->economy->stake = {};
      setup.credits->economy->registration_fee = {};
      setup.credits->economy->probation_jobs = 0;
    }
  }
  if (!defences.audit_floor) config.audit_min_ppm = 1;  // the least that a validator takes
  if (!defences.backtracking) config.vest_results = 0;
  if (!defences.dispute_bond && setup.credits) setup.credits->bond = {};
  if (!defences.value_weighting) config.value_weight_max = 1;
  if (!defences.cross_class) config.cross_class_ppm = 0;
  if (!defences.in_flight_cap) config.in_flight_at_first = never;
  if (!defences.poison_stop) config.poison_errors = never;
  return setup;
}

}  // namespace nexa::simulator
