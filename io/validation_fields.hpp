#pragma once

#include <cstdint>
#include <string>

#include "core/credits.hpp"
#include "core/time.hpp"
#include "io/yaml/codec.hpp"
#include "validator/config.hpp"
#include "validator/fact.hpp"
#include "validator/redundancy.hpp"

namespace nexa::io {

/// `validation` of a scenario: the rules for the replicas of every job, the parameters of the
/// validator, and what a simulation has to know besides.
struct ValidationSource : validator::Redundancy, validator::ValidatorConfig {
  Located<std::string> trusted_tier;  ///< whose nodes arbitrate and run nothing else; empty: none
  validator::ComparatorKind comparator = validator::ComparatorKind::exact;
  core::Credits value_per_core_hour = core::Credits::whole(1);
  std::uint32_t job_classes = 1;  ///< jobs are dealt to them by the seed
  std::uint32_t answer_bits = 256;
  bool recognises_machines = true;
  core::Duration epoch = core::seconds(86'400);
  Place distinct_place;  ///< of `distinct`, or else of what says how many replicas there are

  [[nodiscard]] const validator::Redundancy& rules() const { return *this; }
  [[nodiscard]] const validator::ValidatorConfig& config() const { return *this; }
};

/// The codec checks that the rules go together.
Codec<ValidationSource> validation_codec();

}  // namespace nexa::io
