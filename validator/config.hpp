#pragma once

#include <cstdint>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace nexa::validator {

class DrawTamperer;

/// How long a node is left alone after it failed `after` times in a row: `first`, then twice as
/// long each time it happens again without a success in between, at most `longest`.
struct BackOff {
  std::uint32_t after = 3;
  core::Duration first{};
  core::Duration longest{};
};

/// The parameters of validation that are not a job's own. docs/validation.md says where each
/// default comes from.
struct ValidatorConfig {
  /// From which the seeds of the lottery are made; whoever knows it can predict all audits.
  core::Digest lottery_secret{};
  /// Null but in simulations of a dishonest coordinator; must outlive the validator.
  DrawTamperer* tamperer = nullptr;

  // What a node has to do before one result of its own is enough (V5).
  std::uint32_t newcomer_results = 10;    ///< k0: checked results since it joined, or was struck
  std::uint32_t audit_numerator = 8;      ///< audits fall as this / (1 + k)
  std::uint32_t audit_min_ppm = 50'000;   ///< p_min, however large k has become
  std::uint32_t spot_check_ppm = 40'000;  ///< p_trusted, on all results
  std::uint32_t newcomer_spot_check_ppm = 100'000;  ///< where no established node has a vote
  std::uint32_t value_weight_max = 20;  ///< audits grow with value / mean value up to this factor
  std::uint32_t newcomer_share_ppm =
      50'000;  ///< of jobs open to newcomers where they are a minority
  std::uint32_t established_quantile_ppm = 500'000;  ///< reputation that an established node needs

  // The trusted tier (V4).
  std::uint32_t arbiter_check_ppm = 50'000;  ///< p_a: a second trusted node looks at the first
  std::uint32_t max_arbiters = 5;            ///< of one job, until two of them agree

  // Convictions (V7, V9).
  std::uint32_t vest_results = 300;    ///< unconfirmed results that a conviction reopens
  std::uint32_t strikes_to_expel = 2;  ///< hard ones, among the last `strike_memory` results
  std::uint32_t strike_memory = 10'000;
  std::uint32_t soft_strikes_to_hard = 3;  ///< among the last `soft_strike_window` results
  std::uint32_t soft_strike_window = 100;
  /// A machine gets a soft strike for a wrong result of several if it is the culprit with at least
  /// this probability (see `CrowdBlame`); with 0 all of them get one.
  std::uint32_t crowd_blame_ppm = 800'000;
  bool backtrack = true;            ///< a conviction reopens what is in the window
  bool rerun_after_strike = false;  ///< ask the node that was wrong for the same again

  // Errors, wrong results and late ones are three things (V8).
  BackOff errors{.after = 3, .first = core::seconds(600), .longest = core::seconds(604'800)};
  BackOff wrong{.after = 1, .first = core::seconds(3600), .longest = core::seconds(604'800)};
  BackOff late{.after = 3, .first = core::seconds(1800), .longest = core::seconds(604'800)};
  std::uint32_t in_flight_at_first =
      64;                           ///< replicas at once of a node; one more per checked result
  std::uint32_t poison_errors = 3;  ///< in a row on one job ...
  std::uint32_t poison_nodes = 3;   ///< ... over at least so many nodes: the job is at fault

  // Newcomers.
  std::uint32_t admission_burst = 64;                     ///< new machines of one owner at once
  core::Duration admission_period = core::seconds(3600);  ///< and then one more in each such time

  // Reputation and credibility.
  std::uint32_t forget_permille = 10;          ///< of what is known, with each new result
  std::uint32_t cross_class_ppm = 10'000;      ///< of jobs with a host class rule
  std::uint32_t class_mismatches = 3;          ///< from so many on, jobs keep away from the class
  std::uint32_t class_clean_samples = 1000;    ///< in a row, until they no longer do
  std::uint32_t suspected_share_ppm = 50'000;  ///< of jobs that may use it still, all checked
  std::uint32_t theta_ppm = 990'000;           ///< credibility that a result needs
  std::uint32_t assumed_faulty_ppm = 200'000;  ///< f: share of nodes that are taken for saboteurs
  std::uint32_t odds_per_domain = 99;          ///< the most that one fault domain is believed

  // The systems that are there for comparison.
  std::uint32_t boinc_trusted_from = 10;  ///< CONS_VALID_UNREPLICATED
  std::uint32_t poco_trust = 100;         ///< 1 / (1 - wanted credibility)
};

/// Says what is wrong with the parameters, if anything. Errors: `invalid_argument`.
core::Result<void> check(const ValidatorConfig& config);

}  // namespace nexa::validator
