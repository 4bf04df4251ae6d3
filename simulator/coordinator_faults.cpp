#include "simulator/coordinator_faults.hpp"

#include <algorithm>

#include "core/rng.hpp"

namespace nexa::simulator {
namespace {

/// The first span that ends after `now`.
auto span_after(const core::CoordinatorFaults& faults, core::Time now) {
  return std::find_if(faults.bank_down.begin(), faults.bank_down.end(),
                      [&](const core::TimeSpan& span) { return span.from + span.length > now; });
}

}  // namespace

bool is_dishonest(const core::CoordinatorFaults& faults) {
  return faults.skip_audit_ppm > 0 || faults.fork_at > 0 || faults.backdate_by > core::Duration{};
}

bool skips_audit(const core::CoordinatorFaults& faults, std::uint64_t seed, core::JobId job,
                 std::uint32_t replica, core::NodeId node, const std::string& group) {
  if (faults.skip_audit_ppm == 0) return false;
  if (!faults.favoured_group.empty() && faults.favoured_group != group) return false;
  const core::DrawKey key{seed, core::RandomStream::coordinator_faults,
                          (std::uint64_t{job.value} << 32) | node.value, replica};
  return core::random_below(key, 1'000'000) < faults.skip_audit_ppm;
}

bool forks(const core::CoordinatorFaults& faults, std::uint64_t entry) {
  return faults.fork_at != 0 && entry >= faults.fork_at;
}

core::Time claimed_time(const core::CoordinatorFaults& faults, core::Time now) {
  return now - faults.backdate_by;
}

bool bank_is_up(const core::CoordinatorFaults& faults, core::Time now) {
  const auto span = span_after(faults, now);
  return span == faults.bank_down.end() || now < span->from;
}

core::Time next_bank_change(const core::CoordinatorFaults& faults, core::Time now) {
  const auto span = span_after(faults, now);
  if (span == faults.bank_down.end()) return core::never;
  return now < span->from ? span->from : span->from + span->length;
}

}  // namespace nexa::simulator
