// A whole host class may be wrong in the same way, and then its nodes agree with each other:
// samples of its results are computed by another class.
#include <algorithm>

#include "validator/state.hpp"

namespace nexa::validator {
namespace {

HostClassRecord& record_of(std::vector<HostClassRecord>& records, core::HostClassId id) {
  if (id.value >= records.size()) records.resize(id.value + std::size_t{1});
  return records[id.value];
}

}  // namespace

Threshold ValidatorState::cross_class_share(core::HostClassId host_class) const {
  if (host_class.value >= host_classes.size()) return threshold_of_ppm(config.cross_class_ppm);
  const HostClassRecord& record = host_classes[host_class.value];
  if (record.suspected) return every_draw;
  return threshold_of_ppm(config.cross_class_ppm * (1 + 10ULL * record.mismatches));
}

core::HostClassId ValidatorState::class_to_avoid() {
  const auto worst = std::max_element(host_classes.begin(), host_classes.end(),
                                      [](const HostClassRecord& a, const HostClassRecord& b) {
                                        return std::pair(a.suspected, a.mismatches) <
                                               std::pair(b.suspected, b.mismatches);
                                      });
  if (worst == host_classes.end() || !worst->suspected) return {};
  // Some jobs still go there, and all of them are checked: so the class can be found to be well.
  suspect_tokens += config.suspected_share_ppm;
  if (suspect_tokens >= 1'000'000) {
    suspect_tokens -= 1'000'000;
    return {};
  }
  return core::HostClassId{static_cast<std::uint16_t>(worst - host_classes.begin())};
}

void ValidatorState::note_sample(JobRecord& job, bool same) {
  HostClassRecord& record = record_of(host_classes, job.host_class);
  job.cross_counted = true;
  job.cross_mismatch = !same;
  ++record.samples;
  record.evidence.add(same, config.forget_permille);
  if (!same) return;
  ++record.clean_run;
  if (record.clean_run < config.class_clean_samples) return;
  record.suspected = false;
  record.mismatches = 0;
}

void ValidatorState::suspect_class(JobRecord& job) {
  if (job.cross_suspected) return;
  job.cross_suspected = true;
  HostClassRecord& record = record_of(host_classes, job.host_class);
  ++record.mismatches;
  record.clean_run = 0;
  record.suspected = record.suspected || record.mismatches >= config.class_mismatches;
  building.emplace_back(ClassSuspected{.host_class = job.host_class,
                                       .job = job.id,
                                       .mismatches = record.mismatches,
                                       .samples = record.samples});
}

bool ValidatorState::cross_class_wants_more(JobSlot slot, const Ruling& ruling,
                                            const Case& results) {
  JobRecord& job = jobs[slot];
  if (!job.cross_checked) return false;
  for (std::size_t i = 0; i < job.replicas.size() && !job.cross_counted; ++i) {
    const ReplicaRecord& replica = job.replicas[i];
    if (replica.purpose != Purpose::cross_class) continue;
    if (!replica.ended) return true;
    if (!replica.has_result) return false;
    note_sample(job, equal(job, i, results.votes[ruling.canonical].entry));
  }
  if (!job.cross_mismatch) return false;
  if (distinct_domains(results.votes, ruling.members) < 2) {
    // Is it this node, or its class? Another node of the class tells.
    job.replicated = true;
    send(slot, Purpose::quorum);
    return true;
  }
  if (has_arbiter(job)) {
    send(slot, Purpose::arbitration);
    return true;
  }
  suspect_class(job);
  return false;
}

}  // namespace nexa::validator
