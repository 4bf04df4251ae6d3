#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/credits.hpp"
#include "core/requester.hpp"
#include "core/workload.hpp"

namespace nexa::simulator {

/// A24: what somebody invents about a node. Nothing in nexapod takes ratings, since trust comes
/// from verdicts alone; a simulation counts the attempts, and that each of them was refused.
struct InventedRating {
  core::UserId by{};
  core::JobId about_job{};  ///< often one of somebody else, or one that does not exist
  std::uint32_t stars = 0;  ///< 1 to 5
};

/// What the users of a workload do besides submitting jobs. Everything depends on the seed, the
/// user and the job alone.
class Requesters {
 public:
  /// The users are those of the workload, which says nothing of them but their numbers.
  Requesters(std::span<const core::RequesterGroup> groups, const core::Workload& workload,
             std::uint64_t seed);

  /// The group of a user, by its position in the list; none: honest, and able to pay.
  [[nodiscard]] std::optional<std::size_t> group_of(std::uint32_t user) const;
  /// What a user has at the beginning; none: without limit.
  [[nodiscard]] std::optional<core::Credits> budget_of(std::uint32_t user) const;

  /// What a user offers for the result of each job, beside its price.
  [[nodiscard]] core::Credits bounty_of(std::uint32_t user) const;

  /// A16: whether the job crashes on every node.
  [[nodiscard]] bool is_poison(core::JobId job, std::uint32_t user) const;
  /// A22: how long after its start the job is cancelled, if it is.
  [[nodiscard]] std::optional<core::Duration> cancelled_after(core::JobId job,
                                                              const core::WorkloadJob& of) const;
  /// A23: whether the user disputes a result, which is wrong or right in truth.
  [[nodiscard]] bool disputes(core::JobId job, std::uint32_t user, bool is_wrong) const;
  /// A24: the rating that follows the job, if one does.
  [[nodiscard]] std::optional<InventedRating> rating_after(core::JobId job,
                                                           std::uint32_t user) const;

  /// A30: the jobs of a user in a group with bursts are submitted together with the first of each
  /// burst. The workload stays sorted by submission; equal times keep their order.
  void bundle(core::Workload& workload) const;

 private:
  [[nodiscard]] const core::RequesterGroup& terms_of(std::uint32_t user) const;
  [[nodiscard]] bool happens(std::uint32_t ppm, core::JobId job, std::uint32_t what) const;

  std::vector<core::RequesterGroup> groups_;
  core::RequesterGroup honest_;
  std::uint64_t seed_;
  std::map<std::uint32_t, std::size_t> group_of_user_;
};

}  // namespace nexa::simulator
