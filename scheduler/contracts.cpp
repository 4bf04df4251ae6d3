#include "scheduler/contracts.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"

namespace nexa::scheduler {

bool Contract::has_waiting_task() const {
  return std::any_of(tasks.begin(), tasks.end(), [](const Task& task) { return !task.running; });
}

Task* Contract::find(core::ReplicaId replica) {
  const auto found = std::find_if(tasks.begin(), tasks.end(),
                                  [&](const Task& task) { return task.replica == replica; });
  return found == tasks.end() ? nullptr : &*found;
}

void Contracts::add(const core::Job& job, std::uint8_t distinct) {
  if (job.id.value >= slot_of_job_.size()) slot_of_job_.resize(job.id.value + 1, none);
  NEXA_ASSERT(slot_of_job_[job.id.value] == none, "a job id is in use");
  if (spare_.empty()) {
    spare_.push_back(contracts_.size());
    contracts_.grow();
  }
  const std::uint32_t slot = spare_.back();
  spare_.pop_back();
  slot_of_job_[job.id.value] = slot;
  Contract& contract = contracts_[slot];
  contract.job = job;
  contract.arrival = ++arrivals_;
  contract.distinct = distinct;
}

Contract* Contracts::find(core::JobId job) {
  if (job.value >= slot_of_job_.size() || slot_of_job_[job.value] == none) return nullptr;
  return &contracts_[slot_of_job_[job.value]];
}

void Contracts::forget(core::JobId job) {
  Contract* contract = find(job);
  NEXA_ASSERT(contract != nullptr && contract->tasks.empty() && contract->wanted.empty(),
              "nothing of the job is left");
  contract->placed.clear();  // and keeps its memory for the next
  spare_.push_back(std::exchange(slot_of_job_[job.value], none));
}

std::vector<core::JobId> Contracts::known_jobs() const {
  std::vector<core::JobId> jobs;
  for (std::uint32_t job = 0; job < slot_of_job_.size(); ++job) {
    if (slot_of_job_[job] != none) jobs.emplace_back(job);
  }
  return jobs;
}

core::JobId Contracts::new_task(Contract& contract, const WantedReplica& wanted) {
  const core::JobId task{static_cast<std::uint32_t>(tasks_.size())};
  tasks_.push_back({contract.job.id, wanted.replica});
  contract.tasks.push_back({task, wanted.replica, false, wanted.purpose});
  return task;
}

void Contracts::want(Contract& contract, WantedReplica wanted) {
  contract.wanted.push_back(std::move(wanted));
  ++held_back_;
}

WantedReplica Contracts::take_wanted(Contract& contract) {
  NEXA_ASSERT(!contract.wanted.empty(), "no replica is wanted");
  WantedReplica wanted = std::move(contract.wanted.front());
  contract.wanted.erase(contract.wanted.begin());
  --held_back_;
  return wanted;
}

bool Contracts::withdraw_wanted(Contract& contract, core::ReplicaId replica) {
  const std::size_t withdrawn = std::erase_if(
      contract.wanted, [&](const WantedReplica& wanted) { return wanted.replica == replica; });
  held_back_ -= withdrawn;
  return withdrawn > 0;
}

void Contracts::check() const {
  std::size_t held_back = 0;
  for (const std::uint32_t slot : slot_of_job_) {
    if (slot == none) continue;
    const Contract& contract = contracts_[slot];
    held_back += contract.wanted.size();
    const auto waiting = std::count_if(contract.tasks.begin(), contract.tasks.end(),
                                       [](const Task& task) { return !task.running; });
    NEXA_ASSERT(waiting <= 1, "two replicas of a job wait for nodes");
    NEXA_ASSERT(contract.wanted.empty() || waiting == 1, "a wanted replica waits for nothing");
  }
  NEXA_ASSERT(held_back == held_back_, "wanted replicas are miscounted");
}

}  // namespace nexa::scheduler
