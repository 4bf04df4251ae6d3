#pragma once

#include <span>
#include <vector>

#include "core/result.hpp"
#include "ledger/job_record.hpp"

namespace nexa::ledger {

/// What a replica is charged by its report, before anything is booked.
struct Charge {
  const ReplicaReport* report = nullptr;
  Amount price = 0;
  Amount amount = 0;  ///< by the refund matrix and the reward policy
  Amount fee = 0;     ///< the part of it that is the platform's
  std::vector<Factor> factors;
  [[nodiscard]] Amount reward() const { return amount - fee; }
};

/// Whether the reports of a verdict fit the job: on assigned replicas, each once, with usage that
/// is not negative, and the canonical one among the valid. Errors: `invalid_argument`.
core::Result<void> check_reports(const JobRecord& job, std::span<const ReplicaReport> reports,
                                 std::optional<core::ReplicaId> canonical);

/// What the price policy makes of the usage of a replica, at most what is held for it. Of negative
/// usage it is zero.
Amount price_of(const JobRecord& job, const ReplicaReport& report, const Factors& factors);

/// Computes charges. It keeps its working memory from one verdict to the next.
class Charger {
 public:
  /// What each replica is charged, by the order of their ids, whatever the order of the reports. A
  /// replica that streamed has the price that is due by evidence until `now`; another the price of
  /// its usage, at most what is held for it. The reward policy is asked once about those that are
  /// valid. With `explain`, the factors are noted. The charges point to the reports, and are valid
  /// until the next call.
  std::span<Charge> charge(const JobRecord& job, std::span<const ReplicaReport> reports,
                           core::Time now, bool explain);

 private:
  void weigh_rewards(const JobRecord& job, bool explain);

  std::vector<Charge> charges_;
  std::size_t used_ = 0;
  std::vector<RewardView> views_;
  std::vector<Amount> amounts_;
  std::vector<Factors> factors_;
  std::vector<Charge*> valid_;
};

}  // namespace nexa::ledger
