#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "ledger/amount.hpp"
#include "ledger/payment.hpp"
#include "ledger/stream.hpp"

/// The extension points of money. A policy is a plain struct in one file of `ledger/policies/`; it
/// implements one of the member functions below, may have typed `Params` (see
/// `core/policy_fields.hpp`, `ledger/fixed_point.hpp`), and ends with
/// NEXA_PRICE_POLICY or NEXA_REWARD_POLICY.
namespace nexa::ledger {

/// Above every price that a policy may ask for, so that it can be multiplied by a count of replicas
/// or by basis points in 128 bits.
inline constexpr Amount price_limit = Amount{1} << 96;

/// Hundredths of a percent in the whole.
inline constexpr std::uint32_t basis_points = 10'000;

/// What a replica used, as its host measured it from outside: the ledger's clock and the counters
/// of cgroups or Slurm, never a figure that the job or its node reports about itself.
struct Usage {
  core::Duration elapsed{};
  core::Duration core_time{};    ///< of all cores together
  core::Duration gpu_time{};     ///< of all GPUs together
  std::int64_t gib_seconds = 0;  ///< memory over time, in millionths
  friend constexpr auto operator<=>(const Usage&, const Usage&) = default;
};

/// Whether any part of it is negative, which no run can use.
constexpr bool is_negative(const Usage& usage) {
  constexpr core::Duration zero{};
  return usage.elapsed < zero || usage.core_time < zero || usage.gpu_time < zero ||
         usage.gib_seconds < 0;
}

/// One replica, as a price policy sees it.
struct PriceView {
  core::TierId tier{};
  /// The work of the job in millionths of a unit, as calibrated when it was submitted (see
  /// `ledger/work_calibration.hpp`); the same for all its replicas.
  std::int64_t work = 0;
  Usage usage;
  friend constexpr auto operator<=>(const PriceView&, const PriceView&) = default;
};

/// One valid replica, as a reward policy sees it.
struct RewardView {
  core::ReplicaId replica{};
  core::NodeId node{};
  Amount price = 0;  ///< by the price policy
  Usage usage;
  std::uint32_t quality = 0;         ///< reputation or quality of the node, in basis points
  std::uint32_t version = 0;         ///< which build of the application ran
  bool on_gpu = false;               ///< whether that build is one for GPUs
  std::uint64_t claimed_flops = 0;   ///< peak speed by the node's own word, per second
  std::uint32_t valid_in_a_row = 0;  ///< of the node with this build, before this result
};

/// The job of these replicas.
struct RewardedJob {
  core::JobId job{};
  std::uint32_t application = 0;
  std::uint64_t estimated_flop = 0;  ///< as the requester estimated it
  std::uint64_t bound_flop = 0;      ///< no replica does more; zero: unknown
  friend constexpr auto operator<=>(const RewardedJob&, const RewardedJob&) = default;
};

/// price: `Amount price(const PriceView&, Factors) const`, what the requester pays for one replica,
/// before rewards are weighed. It must not fall when usage or work grow, since what is held for a
/// job is the price at its limits.
template <class P>
concept SetsPrice = requires(const P policy, const PriceView& view, Factors factors) {
  { policy.price(view, factors) } -> std::same_as<Amount>;
};

/// Beside `price`: `StreamRate stream_rate() const` allows to pay while the replica runs.
template <class P>
concept Streams = requires(const P policy) {
  { policy.stream_rate() } -> std::same_as<StreamRate>;
};

/// reward: `void reward(const RewardedJob&, std::span<const RewardView>, std::span<Amount> charges,
/// std::span<const Factors>)` sees all valid replicas of a job at once, in the order of their ids.
/// `charges` starts as their prices and ends as what the requester pays for each; what a node gets
/// is that less the platform's fee. Each replica has its `Factors`. A policy that learns keeps its
/// state in itself and is asked once per verdict, in the order of verdicts.
template <class P>
concept SetsReward = requires(P policy, const RewardedJob& job, std::span<const RewardView> views,
                              std::span<Amount> charges, std::span<const Factors> factors) {
  policy.reward(job, views, charges, factors);
};

/// Beside `reward`: `Amount most(Amount price) const`, the most that a replica can be charged where
/// no replica of the job has a higher price than that; without it, that price.
template <class P>
concept RaisesReward = requires(const P policy, Amount price) {
  { policy.most(price) } -> std::same_as<Amount>;
};

}  // namespace nexa::ledger
