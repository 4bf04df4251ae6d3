#include "cli/sim_validation.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/assert.hpp"
#include "io/sha256.hpp"

namespace nexa::cli {
namespace {

/// The secret of the audit lottery, made from the seed: in a simulation nobody tries to guess it.
core::Digest lottery_secret(std::uint64_t seed) {
  return io::sha256("nexapod simulation " + std::to_string(seed));
}

/// A part of a scenario or of the command line that would do nothing without a section.
struct Part {
  bool is_there;
  const char* name;  ///< as people wrote it
  const char* key;   ///< of the scenario; empty: an option
};

void refuse_without(const char* section, const char* hint, std::initializer_list<Part> parts,
                    const io::ScenarioSpec& spec, io::Diagnostics& diagnostics) {
  for (const Part& part : parts) {
    if (!part.is_there) continue;
    const std::string message = std::string(part.name) + " needs '" + section + '\'';
    const auto key = spec.keys.find(std::string_view(part.key));
    if (key == spec.keys.end()) {
      diagnostics.add(core::make_error(core::ErrorCode::unsupported, message, hint));
    } else {
      diagnostics.add(key->second, message, hint, core::ErrorCode::unsupported);
    }
  }
}

bool pays(const core::RequesterGroup& group) {
  return group.budget.has_value() || group.bounty > core::Credits{} || group.withholds ||
         group.dispute_ppm > 0 || group.notice_ppm > 0 || group.slander_ppm > 0;
}

simulator::CreditSetup credit_setup(const io::CreditSource& source) {
  simulator::CreditSetup setup;
  const ledger::CreditRules& rules = source;
  static_cast<ledger::CreditRules&>(setup) = rules;
  // The file's reader has made them once already.
  setup.price = ledger::make_price_policy(source.price).value();
  setup.reward = ledger::make_reward_policy(source.reward).value();
  return setup;
}

}  // namespace

void check_sections(const io::ScenarioSpec& spec, const SimFlags& flags,
                    io::Diagnostics& diagnostics) {
  if (!spec.validation) {
    refuse_without("validation",
                   "without it every job runs once on nodes that are always up, and is believed",
                   {{!spec.requesters.empty(), "'requesters'", "requesters"},
                    {!spec.availability.empty(), "'availability'", "availability"},
                    {spec.defences != core::Defences{}, "'defences'", "defences"},
                    {spec.credits.has_value(), "'credits'", "credits"}},
                   spec, diagnostics);
  }
  if (spec.credits) return;
  refuse_without(
      "credits", "without it nobody pays, and no books are kept",
      {{std::any_of(spec.requesters.begin(), spec.requesters.end(), pays),
        "a budget, bounty, dispute or rating of 'requesters'", "requesters"},
       {!flags.ledger.empty(), "--ledger", ""},
       {spec.economy.has_value(), "'economy'", "economy"},
       {!(spec.coordinator.faults == core::CoordinatorFaults{}), "'coordinator'", "coordinator"}},
      spec, diagnostics);
}

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
  if (spec.credits) {
    setup.credits = credit_setup(*spec.credits);
    setup.credits->economy = spec.economy;
    setup.credits->origin = "simulation/" + spec.name;
  }
  setup.faults = spec.coordinator.faults;
  setup.requesters = spec.requesters;
  for (std::size_t i = 0; i < spec.availability.size(); ++i) {
    const bool has_trace = !spec.availability[i].trace.value.empty();
    setup.availability.push_back(
        {spec.availability[i].model, has_trace ? &inputs.failures[i] : nullptr});
  }
  return setup;
}

}  // namespace nexa::cli
