#include "io/hdf5/replicas_table.hpp"

#include <algorithm>

#include "core/behaviour.hpp"

namespace nexa::io::hdf5 {
namespace {

using core::Result;
using validator::Purpose;
using validator::ReplicaState;

std::string purpose_name(Purpose purpose) {
  return std::string(validator::to_text(purpose));
}
std::string state_name(ReplicaState state) {
  return std::string(validator::to_text(state));
}

std::uint32_t count_of(std::span<const scheduler::NodeShare> machines) {
  std::uint32_t count = 0;
  for (const scheduler::NodeShare& share : machines) count += share.nodes.size();
  return count;
}

}  // namespace

BehaviourNames::BehaviourNames(const core::Platform& platform) : names_{"honest"} {
  for (const core::NodeGroup& group : platform.groups) {
    for (const core::BehaviourShare& share : group.behaviours) {
      const std::string name(core::name_of(share.behaviour));
      if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
    }
  }
}

Result<Handle> BehaviourNames::type() const {
  std::vector<std::pair<std::string, std::int8_t>> values;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    values.emplace_back(names_[i], static_cast<std::int8_t>(i));
  }
  return enum_type(values);
}

std::int8_t BehaviourNames::operator[](std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return -1;
  return static_cast<std::int8_t>(found - names_.begin());
}

Result<void> ReplicasTable::create(const Handle& file, const core::Platform& platform,
                                   std::size_t jobs) {
  behaviours_ = BehaviourNames(platform);
  chunk_ = rows_per_chunk(jobs);
  const Result<Handle> group = create_group(file, "replicas");
  if (!group) return group.error();
  Result<void> done;
  const auto make = [&](auto& column, const char* name, const char* units, const char* text) {
    if (done) done = column.create(*group, {name, units, text}, chunk_);
  };
  const auto name = [&](Column<std::int8_t>& column, const char* column_name, const char* text,
                        Result<Handle> type) {
    if (done) done = column.create(*group, {column_name, "", text}, chunk_, std::move(type));
  };
  make(job_id_, "job_id", "", "the job, as in /jobs");
  make(replica_, "replica", "", "replicas of a job count from 1");
  make(node_, "node", "", "identity that it is attributed to, as in /identities");
  make(machine_, "machine", "", "first identity of the same machine");
  make(owner_, "owner", "", "number of the identity's owner");
  make(nodes_, "nodes", "nodes", "nodes that it ran on");
  make(cores_held_, "cores_held", "cores", "cores that it kept from others");
  name(behaviour_, "behaviour", "how the machine behaves", behaviours_.type());
  std::vector<std::pair<std::string, std::int8_t>> tiers;
  for (std::size_t i = 0; i < platform.tiers.size(); ++i) {
    tiers.emplace_back(platform.tiers[i], static_cast<std::int8_t>(i));
  }
  name(tier_, "tier", "tier of the machine", enum_type(tiers));
  name(purpose_, "purpose", "why it was asked for", enum_type_of(Purpose::rerun, purpose_name));
  name(state_, "state", "what became of it", enum_type_of(ReplicaState::not_needed, state_name));
  make(start_us_, "start_us", "us", "start, since the first submission");
  make(end_us_, "end_us", "us", "when it left its nodes; -1: never");
  name(wrong_, "wrong", "handed in what no honest node could have", flag_type());
  name(trusted_, "trusted", "ran on a trusted node", flag_type());
  return done;
}

Result<void> ReplicasTable::append(const scheduler::ReplicaRecord& replica) {
  job_id_.push(replica.job.value);
  replica_.push(replica.replica.value);
  node_.push(replica.node.value);
  machine_.push(replica.machine.value);
  owner_.push(replica.owner.value);
  nodes_.push(count_of(replica.machines));
  cores_held_.push(replica.cores);
  behaviour_.push(behaviours_[replica.behaviour]);
  tier_.push(static_cast<std::int8_t>(replica.tier.value));
  purpose_.push(static_cast<std::int8_t>(replica.purpose));
  state_.push(static_cast<std::int8_t>(replica.state));
  start_us_.push(replica.start.time_since_epoch().count());
  end_us_.push(time_or_none(replica.end));
  wrong_.push(replica.wrong ? 1 : 0);
  trusted_.push(replica.trusted ? 1 : 0);
  return job_id_.pending() < chunk_ ? Result<void>() : flush(false);
}

Result<void> ReplicasTable::flush(bool all) {
  return flush_columns(all, job_id_, replica_, node_, machine_, owner_, nodes_, cores_held_,
                       behaviour_, tier_, purpose_, state_, start_us_, end_us_, wrong_, trusted_);
}

}  // namespace nexa::io::hdf5
