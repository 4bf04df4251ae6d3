#include "validator/agreement.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>

#include "core/assert.hpp"

namespace nexa::validator {
namespace {

constexpr std::size_t most_cliques = 4096;

std::size_t lowest(ResultMask mask) {
  return static_cast<std::size_t>(std::countr_zero(mask));
}

/// Bron and Kerbosch's enumeration with a pivot. Source: CACM 16(9), 1973, algorithm 457.
struct CliqueSearch {
  const Equality& equality;
  std::vector<ResultMask>& found;

  [[nodiscard]] ResultMask others_of(std::size_t index) const {
    return equality.row(index) & ~mask_of(index);
  }
  void extend(ResultMask clique, ResultMask candidates, ResultMask seen) {
    if (found.size() > most_cliques) return;
    if (candidates == 0 && seen == 0) {
      found.push_back(clique);
      return;
    }
    const ResultMask pivot = others_of(best_pivot(candidates, seen));
    for (ResultMask rest = candidates & ~pivot; rest != 0; rest &= rest - 1) {
      const std::size_t next = lowest(rest);
      const ResultMask near = others_of(next);
      extend(clique | mask_of(next), candidates & near, seen & near);
      candidates &= ~mask_of(next);
      seen |= mask_of(next);
    }
  }
  [[nodiscard]] std::size_t best_pivot(ResultMask candidates, ResultMask seen) const {
    std::size_t best = 0;
    int most = -1;
    for (ResultMask rest = candidates | seen; rest != 0; rest &= rest - 1) {
      const int covered = std::popcount(candidates & others_of(lowest(rest)));
      if (covered > most) {
        most = covered;
        best = lowest(rest);
      }
    }
    return best;
  }
};

std::uint64_t weight_of(std::span<const Vote> votes, ResultMask members) {
  if (std::has_single_bit(members)) return votes[lowest(members)].weight;
  std::array<std::uint32_t, 256> heaviest{};
  std::uint64_t weight = 0;
  for (ResultMask rest = members; rest != 0; rest &= rest - 1) {
    const Vote& vote = votes[lowest(rest)];
    std::uint32_t& of_domain = heaviest[vote.domain];
    if (vote.weight > of_domain) {
      weight += vote.weight - of_domain;
      of_domain = vote.weight;
    }
  }
  return weight;
}

}  // namespace

Equality::Equality(std::span<const Vote> votes) {
  NEXA_ASSERT(votes.size() <= max_results, "a job has at most 64 results that are compared");
  for (std::size_t i = 0; i < votes.size(); ++i) rows_.push_back(0);
  for (std::size_t a = 0; a < votes.size(); ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      if (votes[a].digest != votes[b].digest) continue;
      rows_[a] |= mask_of(b);
      rows_[b] |= mask_of(a);
    }
  }
}

void Equality::set(std::size_t a, std::size_t b, bool equal, std::uint64_t distance) {
  if (distances_.empty()) distances_.assign(rows_.size() * rows_.size(), 0);
  const auto put = [this, equal, distance](std::size_t from, std::size_t to) {
    rows_[from] = equal ? rows_[from] | mask_of(to) : rows_[from] & ~mask_of(to);
    distances_[from * rows_.size() + to] = distance;
  };
  put(a, b);
  put(b, a);
}

bool Equality::is_transitive() const {
  for (const ResultMask row : rows_) {
    for (ResultMask rest = row; rest != 0; rest &= rest - 1) {
      if (rows_[lowest(rest)] != row) return false;
    }
  }
  return true;
}

bool Equality::is_unanimous() const {
  return std::all_of(rows_.begin(), rows_.end(),
                     [this](ResultMask row) { return row == all_results(rows_.size()); });
}

std::vector<ResultMask> maximal_cliques(const Equality& equality) {
  std::vector<ResultMask> cliques;
  if (equality.size() == 0) return cliques;
  if (equality.is_transitive()) {
    ResultMask done = 0;
    for (std::size_t i = 0; i < equality.size(); ++i) {
      if (done >> i & 1) continue;
      cliques.push_back(equality.row(i));
      done |= equality.row(i);
    }
    return cliques;
  }
  CliqueSearch{equality, cliques}.extend(0, all_results(equality.size()), 0);
  std::sort(cliques.begin(), cliques.end());
  return cliques;
}

std::uint32_t distinct_domains(std::span<const Vote> votes, ResultMask members) {
  if (std::has_single_bit(members)) return 1;
  std::array<bool, 256> seen{};
  std::uint32_t count = 0;
  for (ResultMask rest = members; rest != 0; rest &= rest - 1) {
    bool& domain = seen[votes[lowest(rest)].domain];
    if (!domain) ++count;
    domain = true;
  }
  return count;
}

std::size_t medoid(std::span<const Vote> votes, const Equality& equality, ResultMask members) {
  NEXA_ASSERT(members != 0, "only a class with members has a medoid");
  const auto key = [&votes, &equality, members](std::size_t index) {
    std::uint64_t farthest = 0;
    for (ResultMask rest = members; rest != 0; rest &= rest - 1) {
      farthest = std::max(farthest, equality.distance(index, lowest(rest)));
    }
    return std::tuple(farthest, votes[index].digest, votes[index].replica);
  };
  std::size_t best = lowest(members);
  for (ResultMask rest = members & (members - 1); rest != 0; rest &= rest - 1) {
    if (key(lowest(rest)) < key(best)) best = lowest(rest);
  }
  return best;
}

Agreement agree(std::span<const Vote> votes, const Equality& equality, ResultMask within) {
  Agreement result;
  if (votes.empty()) return result;
  if (equality.is_unanimous()) {
    const ResultMask all = all_results(votes.size());
    result = {.members = all,
              .votes = distinct_domains(votes, all),
              .weight = weight_of(votes, all),
              .runner_up = 0,
              .classes = 1,
              .canonical = medoid(votes, equality, all),
              .strict = false};
    result.strict = result.weight > 0;
    return result;
  }
  const std::vector<ResultMask> cliques = maximal_cliques(equality);
  result.classes = static_cast<std::uint32_t>(cliques.size());
  // Ties between classes are only broken to have one to report; such a class is not strict.
  auto best_key = std::tuple(std::uint64_t{0}, core::Digest{});
  for (const ResultMask clique : cliques) {
    if ((clique & within) != within) continue;
    const std::uint64_t weight = weight_of(votes, clique);
    const std::size_t centre = medoid(votes, equality, clique);
    if (result.members != 0) {
      const bool ahead = weight > result.weight ||
                         (weight == result.weight && votes[centre].digest < std::get<1>(best_key));
      result.runner_up = std::max(result.runner_up, ahead ? result.weight : weight);
      if (!ahead) continue;
    }
    best_key = std::tuple(weight, votes[centre].digest);
    result.members = clique;
    result.weight = weight;
    result.canonical = centre;
  }
  result.votes = distinct_domains(votes, result.members);
  result.strict =
      result.members != 0 && result.weight > result.runner_up && cliques.size() <= most_cliques;
  return result;
}

}  // namespace nexa::validator
