#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/coordinator.hpp"
#include "core/credits.hpp"
#include "core/defences.hpp"
#include "core/request.hpp"
#include "core/requester.hpp"
#include "core/sha256_port.hpp"
#include "core/time.hpp"
#include "simulator/availability.hpp"
#include "simulator/credit_setup.hpp"
#include "validator/config.hpp"
#include "validator/fact.hpp"
#include "validator/redundancy.hpp"

namespace nexa::simulator {

/// How a simulated cluster validates: the rules of all jobs, the parameters of the validator, and
/// which defences are up.
struct ValidationSetup {
  validator::Redundancy rules;
  validator::ValidatorConfig config;
  /// Nodes of these tiers are trusted: they arbitrate, and run nothing else.
  core::TierMask trusted_tiers = 0;
  validator::ComparatorKind comparator = validator::ComparatorKind::exact;
  core::Defences defences;
  /// A machine that comes back under a new name is recognised.
  bool recognises_machines = true;
  /// What the result of a job is worth: so much per core hour of its time limit.
  core::Credits value_per_core_hour = core::Credits::whole(1);
  std::uint32_t job_classes = 1;    ///< jobs are dealt to classes by the seed
  std::uint32_t answer_bits = 256;  ///< entropy of an answer to who has not computed it
  core::Duration epoch = core::seconds(86'400);  ///< of the audit lottery
  core::Sha256 sha256 = nullptr;

  std::vector<core::RequesterGroup> requesters;  ///< users of no group are honest
  std::vector<GroupAvailability> availability;   ///< nodes of no group never fail
  std::optional<CreditSetup> credits;            ///< none: nobody pays, and nobody is paid
  core::CoordinatorFaults faults;
};

/// The setup as it works without the defences that are switched off: where one is a matter of rules
/// and parameters, these change. What an attack needs else, the simulation looks up.
ValidationSetup without_absent_defences(ValidationSetup setup);

}  // namespace nexa::simulator
