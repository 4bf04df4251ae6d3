#include "cli/sim_validation.hpp"

#include "core/assert.hpp"
#include "io/sha256.hpp"

namespace nexa::cli {
namespace {

/// The secret of the audit lottery, made from the seed: in a simulation nobody tries to guess it.
core::Digest lottery_secret(std::uint64_t seed) {
  return io::sha256("nexapod simulation " + std::to_string(seed));
}

}  // namespace

simulator::ValidationSetup validation_setup(const SimInputs& inputs) {
  const io::ScenarioSpec& spec = inputs.spec;
  NEXA_ASSERT(spec.validation.has_value(), "the scenario validates");
  const io::ValidationSource& source = *spec.validation;
  simulator::ValidationSetup setup;
  setup.rules = source.rules();
  setup.config = source.config();
  setup.config.lottery_secret = lottery_secret(spec.seed);
  setup.trusted_tiers = spec.trusted_tiers;
  setup.comparator = source.comparator;
  setup.defences = spec.defences;
  setup.recognises_machines = source.recognises_machines;
  setup.value_per_core_hour = source.value_per_core_hour;
  setup.job_classes = source.job_classes;
  setup.answer_bits = source.answer_bits;
  setup.epoch = source.epoch;
  setup.sha256 = io::sha256_of_parts;
  setup.requesters = spec.requesters;
  for (std::size_t i = 0; i < spec.availability.size(); ++i) {
    const bool has_trace = !spec.availability[i].trace.value.empty();
    setup.availability.push_back(
        {spec.availability[i].model, has_trace ? &inputs.failures[i] : nullptr});
  }
  return setup;
}

}  // namespace nexa::cli
