#include "validator/crowd_blame.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::validator {
namespace {

constexpr std::uint64_t whole_ppm = 1'000'000;
constexpr std::uint64_t whole_ppb = 1'000'000'000;
/// Nobody is certain to be wrong, so that some doubt is left for the others.
constexpr std::uint64_t most_suspicion_ppm = 999'000;
/// Estimates move little after so many rounds, and the next wrong crowd goes on from them.
constexpr int rounds = 6;

}  // namespace

CrowdBlame::Member& CrowdBlame::member(std::uint32_t machine) {
  if (machine >= members_.size()) members_.resize(machine + 1);
  return members_[machine];
}

void CrowdBlame::right(std::uint32_t machine) {
  Member& one = member(machine);
  one.right = std::min(one.right + 1, most_right);
}

/// Between 1 and the most: nobody is beyond suspicion.
std::uint32_t CrowdBlame::estimate(const Member& one) {
  const std::uint64_t blame =
      one.blame_ppm + one.wrong_alone * whole_ppm + prior_results * prior_ppm;
  const std::uint64_t results = one.right + one.wrong_alone + one.wrong_crowds + prior_results;
  return static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(blame / results, 1, most_suspicion_ppm));
}

std::uint32_t CrowdBlame::suspicion_ppm(std::uint32_t machine) const {
  return machine < members_.size() ? members_[machine].suspicion_ppm : prior_ppm;
}

std::uint32_t CrowdBlame::wrong_crowds(std::uint32_t machine) const {
  return machine < members_.size() ? members_[machine].wrong_crowds : 0;
}

/// The chance that at least one of them is wrong. Not zero.
std::uint64_t CrowdBlame::spoiled_ppb(std::span<const std::uint32_t> crowd) const {
  std::uint64_t right = whole_ppb;
  for (const std::uint32_t machine : crowd) {
    right = right * (whole_ppm - members_[machine].suspicion_ppm) / whole_ppm;
  }
  return std::max<std::uint64_t>(whole_ppb - right, 1);
}

std::uint32_t CrowdBlame::part_ppm(std::uint32_t machine, std::uint64_t spoiled) const {
  const std::uint64_t part = members_[machine].suspicion_ppm * whole_ppb / spoiled;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(part, 1, whole_ppm));
}

void CrowdBlame::weigh() {
  touched_.clear();
  for (const std::vector<std::uint32_t>& crowd : crowds_) {
    const std::uint64_t spoiled = spoiled_ppb(crowd);
    for (const std::uint32_t machine : crowd) {
      std::uint64_t& blame = members_[machine].blame_ppm;
      if (blame == 0) touched_.push_back(machine);
      blame += part_ppm(machine, spoiled);  // not zero, as nobody is beyond suspicion
    }
  }
  for (const std::uint32_t machine : touched_) {
    Member& one = members_[machine];
    one.suspicion_ppm = estimate(one);
    one.blame_ppm = 0;
  }
}

void CrowdBlame::remember(std::span<const std::uint32_t> machines) {
  for (const std::uint32_t machine : machines) ++member(machine).wrong_crowds;
  crowds_.emplace_back(machines.begin(), machines.end());
  if (crowds_.size() <= remembered) return;
  for (const std::uint32_t machine : crowds_.front()) {
    Member& one = members_[machine];
    if (--one.wrong_crowds == 0) one.suspicion_ppm = estimate(one);
  }
  crowds_.pop_front();
}

std::vector<std::uint32_t> CrowdBlame::wrong(std::span<const std::uint32_t> machines) {
  NEXA_ASSERT(!machines.empty(), "somebody computed it");
  remember(machines);
  for (int round = 0; round < rounds; ++round) weigh();
  const std::uint64_t spoiled = spoiled_ppb(machines);
  std::vector<std::uint32_t> parts;
  parts.reserve(machines.size());
  for (const std::uint32_t machine : machines) parts.push_back(part_ppm(machine, spoiled));
  return parts;
}

}  // namespace nexa::validator
