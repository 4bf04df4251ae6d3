#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/behaviour.hpp"
#include "core/credits.hpp"

namespace nexa::io {

/// The nodes that behave alike, and what their replicas came to.
struct ReportBehaviour {
  std::string name;
  core::Intent intent = core::Intent::honest;
  std::uint64_t nodes = 0;
  std::uint64_t identities = 0;  ///< names under which they were known
  std::uint64_t convicted = 0;   ///< of those
  std::uint64_t valid = 0;       ///< replicas; likewise the next two
  std::uint64_t invalid = 0;
  std::uint64_t failed = 0;
};

/// What the page shows of a run whose jobs were validated. Times are seconds since its origin.
struct ReportTrust {
  std::uint64_t jobs = 0;  ///< with a verdict
  std::uint64_t wrong = 0;
  std::uint64_t wrong_at_first = 0;
  std::uint64_t without_result = 0;
  double copies_per_job = 0;
  double copies_per_job_steady = 0;  ///< of the second half of the jobs
  std::uint64_t honest_identities = 0;
  std::uint64_t honest_convicted = 0;
  std::uint64_t undetected = 0;  ///< identities that were wrong and never convicted

  /// Equal parts of the workload in the order of submission. Columns of one length; a part without
  /// verdicts is not there.
  std::vector<double> time_s;              ///< submission of the first job
  std::vector<double> copies;              ///< replicas per job
  std::vector<double> wrong_at_end_share;  ///< from 0 to 1, of the jobs
  std::vector<double> wrong_at_first_share;

  /// Mean lower 5 % quantile of the nodes, from 0 to 1, at times of their own.
  std::vector<double> reputation_at_s;
  std::vector<double> reputation_honest;
  std::vector<double> reputation_hostile;  ///< empty where no node is hostile

  std::vector<ReportBehaviour> behaviours;
};

/// What the nodes that behave alike have made.
struct ReportEarner {
  std::string name;
  core::Intent intent = core::Intent::honest;
  std::uint64_t nodes = 0;
  core::Credits earned{};
  core::Credits computing{};  ///< costs, as the next three
  core::Credits idling{};
  core::Credits slashed{};
  core::Credits fees{};

  [[nodiscard]] core::Credits profit() const {
    return earned - computing - idling - slashed - fees;
  }
};

/// Money that went from some to others, net of what came back; positive.
struct ReportFlow {
  std::string from;
  std::string to;
  core::Credits amount{};
};

/// What the page shows of a run that keeps books.
struct ReportMoney {
  core::Credits cost_per_valid_result{};
  double gini = 0;  ///< of what nodes earned
  std::vector<ReportEarner> earners;
  std::vector<ReportFlow> flows;
};

}  // namespace nexa::io
