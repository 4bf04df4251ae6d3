#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/digest.hpp"
#include "core/ids.hpp"
#include "core/short_list.hpp"

namespace nexa::validator {

/// The most results of one job that are compared with each other.
inline constexpr std::size_t max_results = 64;

/// A set of results of one job: bit i is result i.
using ResultMask = std::uint64_t;

/// The set of one result.
constexpr ResultMask mask_of(std::size_t index) {
  return ResultMask{1} << index;
}

/// All of so many results, from 1 to `max_results`.
constexpr ResultMask all_results(std::size_t count) {
  return ~ResultMask{0} >> (max_results - count);
}

/// One result that has a vote.
struct Vote {
  core::Digest digest;
  core::ReplicaId replica;
  std::uint8_t domain = 0;   ///< votes with equal numbers share a fault domain
  std::uint32_t weight = 1;  ///< of a domain counts the heaviest vote
  std::uint32_t checks = 0;  ///< checked results of the node, for credibility
  bool newcomer = false;
  std::uint32_t entry = 0;  ///< index in the job's list of replicas
};

/// Which results agree with which, and how far apart they are.
class Equality {
 public:
  /// Results that are equal by digest.
  explicit Equality(std::span<const Vote> votes);
  Equality() = default;

  void set(std::size_t a, std::size_t b, bool equal, std::uint64_t distance);
  [[nodiscard]] bool equal(std::size_t a, std::size_t b) const { return rows_[a] >> b & 1; }
  [[nodiscard]] ResultMask row(std::size_t a) const { return rows_[a]; }
  [[nodiscard]] std::uint64_t distance(std::size_t a, std::size_t b) const {
    return distances_.empty() ? 0 : distances_[a * rows_.size() + b];
  }
  /// Whether agreeing is transitive, as it is under an exact comparator.
  [[nodiscard]] bool is_transitive() const;
  /// Whether all agree with all.
  [[nodiscard]] bool is_unanimous() const;
  [[nodiscard]] std::size_t size() const { return rows_.size(); }

 private:
  core::ShortList<ResultMask, 4> rows_;
  std::vector<std::uint64_t> distances_;
};

/// The class of results that is ahead, V2 and V3. A class is a maximal clique: all its members
/// agree with each other. Nothing here depends on the order of the votes, but for what breaks ties
/// between equal digests.
struct Agreement {
  ResultMask members = 0;       ///< of the heaviest class
  std::uint32_t votes = 0;      ///< its distinct fault domains
  std::uint64_t weight = 0;     ///< their weight
  std::uint64_t runner_up = 0;  ///< weight of the heaviest other class
  std::uint32_t classes = 0;    ///< maximal cliques
  std::size_t canonical = 0;    ///< medoid of the heaviest class
  bool strict = false;          ///< it weighs more than every other class
};

/// `within`: only cliques that contain these results count (for an arbiter's class).
Agreement agree(std::span<const Vote> votes, const Equality& equality, ResultMask within = 0);

/// The member whose greatest distance to another member is least; of several the one with the
/// smallest digest, then the smallest replica.
std::size_t medoid(std::span<const Vote> votes, const Equality& equality, ResultMask members);

/// Distinct fault domains among some votes.
std::uint32_t distinct_domains(std::span<const Vote> votes, ResultMask members);

/// The maximal cliques, each once, in an order that the equality alone determines. At most 4096 of
/// them: more only arise if somebody contrives it, and then no class is strictly ahead.
std::vector<ResultMask> maximal_cliques(const Equality& equality);

}  // namespace nexa::validator
