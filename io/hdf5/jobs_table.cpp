#include "io/hdf5/jobs_table.hpp"

namespace nexa::io::hdf5 {
namespace {

using core::JobOutcome;
using core::JobState;
using core::Result;
using core::SelectedBy;
using Names = std::vector<std::pair<std::string, std::int8_t>>;

constexpr std::int8_t none = -1;

Names state_names() {
  return {{"completed", static_cast<std::int8_t>(JobState::completed)},
          {"timed_out", static_cast<std::int8_t>(JobState::timed_out)},
          {"cancelled", static_cast<std::int8_t>(JobState::cancelled)},
          {"rejected", static_cast<std::int8_t>(JobState::rejected)},
          {"unfinished", static_cast<std::int8_t>(JobState::unfinished)},
          {"failed", static_cast<std::int8_t>(JobState::failed)}};
}

Names selector_names() {
  return {{"none", none},
          {"order", static_cast<std::int8_t>(SelectedBy::order)},
          {"backfill", static_cast<std::int8_t>(SelectedBy::backfill)},
          {"reservation", static_cast<std::int8_t>(SelectedBy::reservation)}};
}

Names tier_names(const std::vector<std::string>& tiers) {
  Names names = {{"none", none}};
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    names.emplace_back(tiers[i], static_cast<std::int8_t>(i));
  }
  return names;
}

}  // namespace

Result<void> JobsTable::flush(bool all) {
  return flush_columns(all, job_id_, number_, user_, workload_index_, submit_us_, start_us_,
                       end_us_, wait_us_, time_limit_us_, state_, selected_by_, slots_, cores_,
                       gpus_, cores_held_, tier_, node_class_, nodes_offset_, nodes_count_, first_,
                       last_);
}

Result<void> JobsTable::create_facts(const Handle& group, std::uint64_t chunk) {
  Result<void> done;
  const auto make = [&](auto& column, const char* name, const char* units, const char* text) {
    if (done) done = column.create(group, {name, units, text}, chunk);
  };
  make(job_id_, "job_id", "", "identifier of the job within the run");
  make(number_, "number", "", "job number in the workload file");
  make(user_, "user", "", "user number in the workload file");
  make(workload_index_, "workload_index", "", "position in the workload, sorted by submission");
  make(submit_us_, "submit_us", "us", "submission, since the first submission");
  make(start_us_, "start_us", "us", "start; -1: never started");
  make(end_us_, "end_us", "us", "end; -1: never ended");
  make(wait_us_, "wait_us", "us", "start - submission; -1: never started");
  make(time_limit_us_, "time_limit_us", "us", "longest run that was asked for");
  make(slots_, "slots", "", "equal parts that start together");
  make(cores_, "cores", "cores", "cores that were asked for");
  make(gpus_, "gpus", "GPUs", "GPUs that were asked for");
  return done;
}

Result<void> JobsTable::create_results(const Handle& group, std::uint64_t chunk,
                                       const std::vector<std::string>& tiers) {
  Result<void> done;
  const auto name = [&](Column<std::int8_t>& column, const ColumnText& text, const Names& names) {
    if (done) done = column.create(group, text, chunk, enum_type(names));
  };
  name(state_, {"state", "", "how the job left the system"}, state_names());
  name(selected_by_, {"selected_by", "", "the rule that started it"}, selector_names());
  name(tier_, {"tier", "", "lowest tier among its nodes"}, tier_names(tiers));
  const auto make = [&](auto& column, const char* column_name, const char* units,
                        const char* text) {
    if (done) done = column.create(group, {column_name, units, text}, chunk);
  };
  make(cores_held_, "cores_held", "cores", "cores that the allocation kept from others");
  make(node_class_, "node_class", "", "row in /nodes of its first node; -1: never started");
  make(nodes_offset_, "nodes_offset", "rows", "first of its rows in /allocations");
  make(nodes_count_, "nodes_count", "rows", "number of its rows in /allocations");
  return done;
}

Result<void> JobsTable::create(const Handle& file, std::span<const core::WorkloadJob> jobs,
                               const std::vector<std::string>& tiers) {
  jobs_ = jobs;
  chunk_ = rows_per_chunk(jobs.size());
  const Result<Handle> group = create_group(file, "jobs");
  if (!group) return group.error();
  Result<void> done = create_facts(*group, chunk_);
  if (done) done = create_results(*group, chunk_, tiers);
  if (!done) return done;
  const Result<Handle> allocations = create_group(file, "allocations");
  if (!allocations) return allocations.error();
  done = first_.create(*allocations, {"first", "", "first node of the interval"}, chunk_);
  if (!done) return done;
  return last_.create(*allocations, {"last", "", "last node of the interval"}, chunk_);
}

Result<void> JobsTable::append(const JobOutcome& outcome) {
  const bool started = outcome.started;
  const bool ended = started && outcome.state != JobState::unfinished;
  const bool known = outcome.workload_index < jobs_.size();
  job_id_.push(outcome.id.value);
  number_.push(known ? jobs_[outcome.workload_index].number : outcome.id.value);
  user_.push(known ? jobs_[outcome.workload_index].user : 0);
  workload_index_.push(outcome.workload_index);
  submit_us_.push(outcome.submit.time_since_epoch().count());
  start_us_.push(started ? outcome.start.time_since_epoch().count() : -1);
  end_us_.push(ended ? outcome.end.time_since_epoch().count() : -1);
  wait_us_.push(started ? (outcome.start - outcome.submit).count() : -1);
  time_limit_us_.push(outcome.time_limit.count());
  state_.push(static_cast<std::int8_t>(outcome.state));
  selected_by_.push(started ? static_cast<std::int8_t>(outcome.selected_by) : none);
  slots_.push(outcome.request.slots);
  cores_.push(outcome.request.cores());
  gpus_.push(outcome.request.slots * outcome.request.per_slot.gpus);
  cores_held_.push(started ? outcome.cores_held : 0);
  tier_.push(started ? static_cast<std::int8_t>(outcome.tier.value) : none);
  node_class_.push(started ? static_cast<std::int32_t>(outcome.node_class) : none);
  nodes_offset_.push(intervals_);
  nodes_count_.push(static_cast<std::uint32_t>(outcome.nodes.size()));
  intervals_ += outcome.nodes.size();
  for (const core::Interval& interval : outcome.nodes) {
    first_.push(interval.first);
    last_.push(interval.last);
  }
  if (job_id_.pending() < chunk_ && first_.pending() < chunk_) return {};
  return flush(false);
}

}  // namespace nexa::io::hdf5
