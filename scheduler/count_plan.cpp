#include "scheduler/count_plan.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace nexa::scheduler {

void CountPlan::add(core::Time from, core::Time to, std::int64_t nodes) {
  // The profile forgets the past, where an overdue reservation may begin.
  free_.add(std::max(from, now_), to, nodes);
}

std::uint32_t CountPlan::group_of(Shape shape) {
  const auto [entry, is_new] = group_of_.try_emplace(shape, 0);
  if (!is_new) return entry->second;
  if (spare_groups_.empty()) {
    entry->second = static_cast<std::uint32_t>(groups_.size());
    groups_.emplace_back();
  } else {
    entry->second = spare_groups_.back();
    spare_groups_.pop_back();
  }
  groups_[entry->second].shape = shape;
  return entry->second;
}

CountPlan::Width& CountPlan::width_of(std::uint32_t nodes) {
  const auto place = std::lower_bound(
      widths_.begin(), widths_.end(), nodes,
      [](const Width& width, std::uint32_t wanted) { return width.nodes < wanted; });
  if (place != widths_.end() && place->nodes == nodes) return *place;
  return *widths_.insert(place, {.nodes = nodes, .members = {}});
}

void CountPlan::note_promise(std::uint32_t number, core::Time start) {
  const Group& group = groups_[number];
  starts_.add(start, number, group.shape.nodes);
  Width& width = width_of(group.shape.nodes);
  width.latest_start = std::max(width.latest_start, start);
  const auto member = std::lower_bound(
      width.members.begin(), width.members.end(), group.shape.length,
      [](const Member& other, core::Duration length) { return other.length < length; });
  if (member == width.members.end() || member->group != number) {
    width.members.insert(member, {group.shape.length, start, number});
  } else {
    member->latest_start = std::max(member->latest_start, start);
  }
}

void CountPlan::end_waiting(std::uint32_t number) {
  Group& group = groups_[number];
  Width& width = width_of(group.shape.nodes);
  std::erase_if(width.members, [&](const Member& member) { return member.group == number; });
  if (width.members.empty()) widths_.erase(widths_.begin() + (&width - widths_.data()));
  forget_slides(group);
  forget_holes(group);
  group_of_.erase(group.shape);
  // The list may name it still; then it is spare once the list has been gone through.
  if (!group.listed) spare_groups_.push_back(number);
}

std::optional<CountPlan::Ticket> CountPlan::promise(QueueRank rank, JobSlot job, Shape shape,
                                                    core::Time now) {
  const core::Time start = free_.earliest_hole(shape.nodes, shape.length, now, core::never);
  if (start == core::never) return std::nullopt;
  free_.add(start, start + shape.length, -std::int64_t{shape.nodes});
  const std::uint32_t number = group_of(shape);
  groups_[number].jobs.insert(rank, job, start);
  note_promise(number, start);
  return Ticket{number, rank};
}

core::Time CountPlan::start_of(const Ticket& ticket) const {
  const EqualJobs& jobs = groups_[ticket.group].jobs;
  return jobs.start(jobs.find(ticket.rank));
}

core::Time CountPlan::remove_job(const Ticket& ticket) {
  Group& group = groups_[ticket.group];
  const core::Time start = start_of(ticket);
  group.jobs.erase(ticket.rank);
  starts_.remove(start, ticket.group);
  if (group.jobs.size() == 0) end_waiting(ticket.group);
  return start;
}

CountPlan::Interval CountPlan::withdraw(const Ticket& ticket) {
  const Shape shape = shape_of(ticket);
  const core::Time start = remove_job(ticket);
  add(start, start + shape.length, shape.nodes);
  return {start, start + shape.length};
}

void CountPlan::fulfil(const Ticket& ticket) {
  remove_job(ticket);
}

void CountPlan::append_due(core::Time now, std::vector<JobSlot>& due) const {
  starts_.for_each([&](const PromisedStarts::Entry& promised) {
    if (promised.start > now) return false;
    const EqualJobs& jobs = groups_[promised.group].jobs;
    const auto skip = [&](core::Time earliest, core::Time latest) {
      return earliest > promised.start || latest < promised.start;
    };
    auto place = jobs.first_after(QueueRank::before_all());
    for (std::uint32_t found = 0; found < promised.jobs; ++found) {
      const auto next =
          jobs.first_of(place, skip, [&](core::Time start) { return start == promised.start; });
      NEXA_ASSERT(next, "a job that was promised a start is missing");
      due.push_back(jobs.job(*next));
      place = jobs.next(*next);
    }
    return true;
  });
}

core::Time CountPlan::next_start(core::Time now) const {
  core::Time next = core::never;
  starts_.for_each([&](const PromisedStarts::Entry& promised) {
    next = promised.start;
    return next <= now;
  });
  return next > now ? next : core::never;
}

void CountPlan::forget_before(core::Time now) {
  now_ = now;
  free_.forget_before(now);
}

void CountPlan::reorder(Ticket& ticket, QueueRank rank) {
  const EqualJobs& jobs = groups_[ticket.group].jobs;
  const EqualJobs::Place place = jobs.find(ticket.rank);
  ticket.rank = rank;
  reordered_.push_back({ticket, jobs.job(place), jobs.start(place)});
}

void CountPlan::end_reordering() {
  for (const Width& width : widths_) {
    for (const Member& member : width.members) groups_[member.group].jobs.clear();
  }
  for (const Reordered& job : reordered_) {
    groups_[job.ticket.group].jobs.insert(job.ticket.rank, job.job, job.start);
  }
}

}  // namespace nexa::scheduler
