#include "simulator/requesters.hpp"

#include <algorithm>

#include "core/rng.hpp"

namespace nexa::simulator {
namespace {

constexpr std::uint64_t ppm_of_all = 1'000'000;

// Draws of a job, one for each thing that a user may do with it.
constexpr std::uint32_t poison_draw = 0;
constexpr std::uint32_t cancel_draw = 1;
constexpr std::uint32_t dispute_draw = 2;
constexpr std::uint32_t notice_draw = 3;
constexpr std::uint32_t slander_draw = 4;
constexpr std::uint32_t slandered_job_draw = 5;

}  // namespace

Requesters::Requesters(std::span<const core::RequesterGroup> groups, const core::Workload& workload,
                       std::uint64_t seed)
    : groups_(groups.begin(), groups.end()), seed_(seed) {
  if (groups_.empty()) return;
  std::vector<std::uint32_t> users;
  for (const core::WorkloadJob& job : workload.jobs) users.push_back(job.user);
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  for (const std::uint32_t user : users) {
    for (std::uint32_t group = 0; group < groups_.size(); ++group) {
      const core::DrawKey key{seed_, core::RandomStream::requester_mix, user, group};
      if (core::random_below(key, ppm_of_all) >= groups_[group].share_ppm) continue;
      group_of_user_.emplace(user, group);
      break;
    }
  }
}

std::optional<std::size_t> Requesters::group_of(std::uint32_t user) const {
  const auto found = group_of_user_.find(user);
  if (found == group_of_user_.end()) return std::nullopt;
  return found->second;
}

const core::RequesterGroup& Requesters::terms_of(std::uint32_t user) const {
  const std::optional<std::size_t> group = group_of(user);
  return group ? groups_[*group] : honest_;
}

bool Requesters::happens(std::uint32_t ppm, core::JobId job, std::uint32_t what) const {
  if (ppm == 0) return false;
  const core::DrawKey key{seed_, core::RandomStream::requester_acts, job.value, what};
  return core::random_below(key, ppm_of_all) < ppm;
}

std::optional<core::Credits> Requesters::budget_of(std::uint32_t user) const {
  return terms_of(user).budget;
}

core::Credits Requesters::bounty_of(std::uint32_t user) const {
  return terms_of(user).bounty;
}

bool Requesters::is_poison(core::JobId job, std::uint32_t user) const {
  return happens(terms_of(user).poison_ppm, job, poison_draw);
}

std::optional<core::Duration> Requesters::cancelled_after(core::JobId job,
                                                          const core::WorkloadJob& of) const {
  const core::RequesterGroup& terms = terms_of(of.user);
  if (!happens(terms.cancel_ppm, job, cancel_draw)) return std::nullopt;
  __extension__ using Wide = __int128;
  return core::Duration{
      static_cast<std::int64_t>(Wide{of.run_time.count()} * terms.cancel_at_permille / 1000)};
}

bool Requesters::disputes(core::JobId job, std::uint32_t user, bool is_wrong) const {
  const core::RequesterGroup& terms = terms_of(user);
  return is_wrong ? happens(terms.notice_ppm, job, notice_draw)
                  : happens(terms.dispute_ppm, job, dispute_draw);
}

std::optional<InventedRating> Requesters::rating_after(core::JobId job, std::uint32_t user) const {
  if (!happens(terms_of(user).slander_ppm, job, slander_draw)) return std::nullopt;
  const core::DrawKey key{seed_, core::RandomStream::requester_acts, job.value, slandered_job_draw};
  const std::uint64_t bits = core::random_bits(key);
  return InventedRating{.by = core::UserId{user},
                        .about_job = core::JobId{static_cast<std::uint32_t>(bits >> 32)},
                        .stars = 1 + static_cast<std::uint32_t>((bits & 0xffff'ffff) % 5)};
}

void Requesters::bundle(core::Workload& workload) const {
  struct Burst {
    std::uint32_t jobs = 0;
    core::Time submit{};
  };
  std::map<std::uint32_t, Burst> open;
  bool changed = false;
  for (core::WorkloadJob& job : workload.jobs) {
    const std::uint32_t size = terms_of(job.user).burst;
    if (size <= 1) continue;
    Burst& burst = open[job.user];
    if (burst.jobs == 0) burst.submit = job.submit;
    changed |= job.submit != burst.submit;
    job.submit = burst.submit;
    burst.jobs = (burst.jobs + 1) % size;
  }
  if (!changed) return;
  std::stable_sort(workload.jobs.begin(), workload.jobs.end(),
                   [](const auto& a, const auto& b) { return a.submit < b.submit; });
}

}  // namespace nexa::simulator
