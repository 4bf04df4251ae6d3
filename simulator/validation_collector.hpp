#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "simulator/validation_statistics.hpp"

namespace nexa::simulator {

/// Collects the figures of a run that is validated. Nodes are identities: one that comes back under
/// a new name counts again.
class ValidationCollector {
 public:
  /// `jobs` of the workload, for the division into its halves.
  explicit ValidationCollector(std::size_t jobs) : jobs_(jobs) {}

  /// `label` lives as long as the collector.
  void identity_joined(core::NodeId node, std::string_view label, core::Intent intent,
                       bool is_new_node);
  /// `nodes` are all that it runs on; `trusted`: those of the tier that arbitrates.
  void replica_started(std::span<const core::NodeId> nodes, std::size_t job, bool trusted);
  void computed(core::NodeId node, double core_seconds, bool trusted);
  void answered_wrongly(core::NodeId node, core::Time now);
  void ended(core::NodeId node, ReplicaFate fate);
  void ended_otherwise(core::NodeId node, ReplicaFate before, ReplicaFate after);
  void convicted(core::NodeId node, core::Time now);
  void leaned(core::NodeId node);

  void accepted(std::size_t job, bool wrong, core::Credits value);
  void without_result(std::size_t job);
  void revised(std::size_t job, bool was_wrong, bool is_wrong, core::Credits value);

  /// When it first answered wrongly, and was first convicted; `core::never` if it did not.
  [[nodiscard]] core::Time first_wrong(core::NodeId node) const {
    return identities_[node.value].first_wrong;
  }
  [[nodiscard]] core::Time first_convicted(core::NodeId node) const {
    return identities_[node.value].first_convicted;
  }

  [[nodiscard]] ValidationFigures summarise();
  [[nodiscard]] const TrustSeries& series() const { return series_; }
  void sample_reputation(core::Time now, double honest, double hostile);

 private:
  struct Identity {
    std::uint32_t behaviour = 0;
    core::Intent intent = core::Intent::honest;
    core::Time first_wrong = core::never;
    core::Time first_convicted = core::never;
    bool computed = false;
    bool leaned = false;
  };
  [[nodiscard]] bool is_late(std::size_t job) const { return job >= jobs_ / 2; }
  [[nodiscard]] std::size_t bucket_of(std::size_t job) const;
  BehaviourFigures& behaviour_of(core::NodeId node);
  void count_identities();

  std::size_t jobs_;
  std::vector<Identity> identities_;  ///< by node id
  ValidationFigures figures_;
  std::uint64_t verdicts_ = 0;
  std::uint64_t late_replicas_ = 0;
  std::uint64_t late_verdicts_ = 0;
  double core_seconds_ = 0;
  double trusted_core_seconds_ = 0;
  TrustSeries series_;
};

}  // namespace nexa::simulator
