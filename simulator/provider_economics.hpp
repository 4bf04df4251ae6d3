#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/credits.hpp"
#include "core/economy.hpp"
#include "core/ids.hpp"
#include "core/platform.hpp"
#include "core/time.hpp"

/// Whether it pays to compute, to cheat, to leave or to come back: what a provider works out from
/// its own record. Reckoning is in integers, so it does not depend on the order of additions.
///
/// Source of the rule: a provider that is paid r for a result, saves c by not computing it, and
/// loses r, its stake S and its withheld pay V when an audit of probability p finds it out, has
/// nothing to gain by cheating iff p·(r + S + V) >= c.
namespace nexa::simulator {

/// What one identity of a node has seen, as the node itself can know it.
struct ProviderRecord {
  bool present = true;
  core::Credits stake{};     ///< locked now
  core::Credits withheld{};  ///< paid, but not vested yet: lost by a conviction
  std::uint32_t strikes = 0;

  // Of this identity.
  std::uint64_t results = 0;
  std::uint64_t checked = 0;  ///< of them, compared with another execution
  core::Credits rewards{};
  core::Credits work{};  ///< what computing all results would have cost

  // Since the last review.
  core::Credits earned{};  ///< rewards less slashed stake and fees
  core::Credits spent{};   ///< on computing

  std::uint32_t losing_reviews = 0;  ///< in a row
  friend constexpr bool operator==(const ProviderRecord&, const ProviderRecord&) = default;
};

/// Whether not computing is worth more than what it risks: p·(r + S + V) < c, with the means r and
/// c of the record and Laplace's estimate p = (checked + 1) / (results + 2) of the probability of
/// an audit. Without results it does not pay, since nothing is known of c.
[[nodiscard]] bool cheating_pays(const ProviderRecord& record);

/// The least audit probability, in millionths and rounded up, at which cheating stops paying:
/// c / (r + S + V), at most 10^6. Zero where there is nothing to save.
[[nodiscard]] std::uint32_t deterrent_audit_ppm(core::Credits reward, core::Credits cost,
                                                core::Credits stake, core::Credits withheld);

/// What an identity must cost, with its stake, so that a cycle of building, betraying and coming
/// back gains nothing: min(W, (1 − p) / p)·r for a vesting window of W results. Rounded up.
[[nodiscard]] core::Credits least_identity_cost(std::uint32_t vesting_results,
                                                std::uint32_t audit_ppm, core::Credits reward);

/// What a provider does at a review.
enum class ProviderStep : std::uint8_t {
  stay,
  leave,      ///< takes its stake and goes
  join,       ///< registers a first identity, or a new one after it had left
  whitewash,  ///< leaves a punished identity behind and registers a new one
};

struct ProviderMove {
  core::NodeId node{};
  ProviderStep step = ProviderStep::stay;
  friend constexpr auto operator<=>(const ProviderMove&, const ProviderMove&) = default;
};

/// The providers of a platform, one per node, and their reviews.
///
/// At a review, in the order of the nodes:
/// - Who is absent joins if what a core earned on average, over `horizon` reviews, is more than the
///   fee of registration.
/// - Who was convicted comes back under a new identity if what the average earns more than it does,
///   over `horizon` reviews, is more than the fee and the withheld pay that it leaves behind; only
///   opportunists do that.
/// - Who has lost money at `patience` reviews in a row leaves.
/// - Everybody else stays. Whether an opportunist cheats from now on is `cheating_pays`.
class Providers {
 public:
  /// Nodes that are absent at first are drawn by the seed.
  Providers(const core::Platform& platform, const core::Economy& economy, std::uint64_t seed);

  [[nodiscard]] const ProviderRecord& record_of(core::NodeId node) const {
    return records_[node.value];
  }

  /// A replica ended that took so much core time, or would have if it had been computed.
  void on_result(core::NodeId node, core::Duration core_time, bool computed);
  /// One of its results was checked.
  void on_check(core::NodeId node);
  /// A result was paid; `vests` if the pay is withheld.
  void on_pay(core::NodeId node, core::Credits reward, bool vests);
  /// Withheld pay is its own now.
  void on_vest(core::NodeId node, core::Credits amount);
  /// A conviction took what was withheld and so much of the stake.
  void on_conviction(core::NodeId node, core::Credits slashed);
  /// The host registers a new identity for it: it pays the fee and locks the stake.
  void on_registration(core::NodeId node);
  void on_departure(core::NodeId node);

  /// What all providers do now, without those who stay. The host carries the moves out, and tells
  /// of registrations and departures. Costs a step per node. `is_opportunist` is by node.
  std::vector<ProviderMove> review(const std::vector<bool>& is_opportunist);

 private:
  struct Market {
    core::Credits profit_per_core{};  ///< of the nodes that are present and unpunished
  };
  [[nodiscard]] Market look_at_market() const;
  [[nodiscard]] core::Credits profit_of(std::size_t node) const;
  ProviderStep review_one(std::size_t node, const Market& market, bool is_opportunist);

  core::Economy economy_;
  std::vector<ProviderRecord> records_;
  std::vector<std::uint32_t> cores_;
};

}  // namespace nexa::simulator
