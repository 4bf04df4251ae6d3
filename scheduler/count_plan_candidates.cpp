// Which waiting jobs may be able to move: what follows from nodes becoming free.
#include <algorithm>

#include "scheduler/count_plan.hpp"

namespace nexa::scheduler {
namespace {

constexpr core::Duration tick{1};

}  // namespace

void CountPlan::note_freed(core::Time from, core::Time to) {
  from = std::max(from, now_);
  if (from >= to) return;
  if (record_freed_) freed_.push_back({from, to});
  if (starts_.empty()) return;
  note_slides(from, to);
  note_jumps(from, to);
}

// A job slides if there is room right before its start.
void CountPlan::note_slides(core::Time from, core::Time to) {
  std::optional<StepProfile::Place> place;
  starts_.for_each_after(from, [&](const PromisedStarts::Entry& promised) {
    if (promised.start > to) return false;
    if (promised.start <= now_) return true;
    place = place ? free_.advance_to_before(*place, promised.start)
                  : free_.place_before(promised.start);
    if (free_.value(*place) < promised.nodes) return true;
    Group& group = groups_[promised.group];
    if (group.marked_from == core::never) {
      group.marked_from = promised.start;
      marked_.push_back(promised.group);
    }
    group.marked_to = promised.start;
    return true;
  });
  note_marked_slides();
}

void CountPlan::note_marked_slides() {
  for (const std::uint32_t number : marked_) {
    Group& group = groups_[number];
    group.slide_from = std::min(group.slide_from, group.marked_from);
    group.slide_to = std::max(group.slide_to, group.marked_to);
    list(number);
    if (compressing_) {
      const auto first = group.jobs.first_starting_in(cursor_, group.marked_from, group.marked_to);
      if (first) add_slide_candidate(number, group.jobs.rank(*first));
    }
    group.marked_from = core::never;
  }
  marked_.clear();
}

// A hole that the freed nodes are part of may begin before them and end after them. Holes for
// wider jobs lie within holes for narrower ones, so their lengths only fall.
void CountPlan::note_jumps(core::Time from, core::Time to) {
  core::Duration longest_run = core::Duration::max();
  const StepProfile::Place first = free_.place_of(from);
  for (Width& width : widths_) {
    if (width.latest_start <= from) continue;
    if (width.members.front().length > longest_run) continue;
    StepProfile::Place place = first;
    if (!free_.find_at_least(place, width.nodes, to)) return;
    longest_run = std::min(longest_run, note_jumps_of(width, from, to, place));
  }
}

// Returns the length of the longest run of free nodes that was found, or `max` if it is not known.
core::Duration CountPlan::note_jumps_of(Width& width, core::Time from, core::Time to,
                                        StepProfile::Place place) {
  const core::Duration shortest = width.members.front().length;
  const core::Duration longest = width.members.back().length;
  const core::Time earliest = std::max(now_, from - longest);
  to = std::min(to, core::never);  // so that a length can be added
  core::Duration longest_run{0};
  do {
    const core::Time begin = free_.run_begin(place, width.nodes, earliest);
    if (width.latest_start < begin + shortest) return core::Duration::max();
    const core::Time stop = std::min(width.latest_start, std::max(to, begin) + longest);
    const core::Time end = free_.run_end(place, width.nodes, stop);
    for (Member& member : width.members) {
      if (member.length > end - begin) break;
      if (member.latest_start < begin + member.length) continue;
      member.latest_start = groups_[member.group].jobs.latest_start();
      if (member.latest_start < begin + member.length) continue;
      note_hole(member.group, begin, end - member.length);
    }
    const bool cut_short = end >= stop || (begin == earliest && earliest != now_);
    longest_run = cut_short ? core::Duration::max() : std::max(longest_run, end - begin);
    if (end >= to) break;
    place = free_.place_of(end);
  } while (free_.find_at_least(place, width.nodes, to));
  return longest_run;
}

void CountPlan::note_hole(std::uint32_t number, core::Time from, core::Time latest) {
  Group& group = groups_[number];
  if (group.hole_from <= from && group.hole_latest >= latest) return;
  group.hole_from = std::min(group.hole_from, from);
  group.hole_latest = std::max(group.hole_latest, latest);
  list(number);
  find_jump_candidate(number);
}

void CountPlan::list(std::uint32_t number) {
  if (groups_[number].listed) return;
  groups_[number].listed = true;
  listed_.push_back(number);
}

void CountPlan::add_slide_candidate(std::uint32_t number, QueueRank rank) {
  Group& group = groups_[number];
  if (!(rank < group.slide_candidate)) return;
  group.slide_candidate = rank;
  candidates_.push({rank, number, false});
}

void CountPlan::find_jump_candidate(std::uint32_t number) {
  if (!compressing_) return;
  Group& group = groups_[number];
  const auto first = first_that_jumps(group);
  if (!first || !(group.jobs.rank(*first) < group.jump_candidate)) return;
  group.jump_candidate = group.jobs.rank(*first);
  candidates_.push({group.jump_candidate, number, true});
}

// The first job after the cursor that starts later than the earliest hole.
std::optional<EqualJobs::Place> CountPlan::first_that_jumps(Group& group) const {
  return group.jobs.first_starting_in(cursor_, group.hole_from + tick, core::never);
}

void CountPlan::find_slide_candidate(std::uint32_t number) {
  Group& group = groups_[number];
  group.slide_candidate = QueueRank::after_all();
  if (group.slide_from > group.slide_to) return;
  if (const auto next = next_that_slides(group)) {
    add_slide_candidate(number, group.jobs.rank(*next));
  }
}

// The first job after the cursor, of those noted, with room before its start. A look at the plan
// tells of a whole range of starts that there is none, so that most jobs are skipped.
std::optional<EqualJobs::Place> CountPlan::next_that_slides(const Group& group) const {
  const std::int64_t nodes = group.shape.nodes;
  core::Time full_from = core::never;  // starts in [full_from, full_to] have no room before them
  core::Time full_to{core::Duration::min()};
  const auto skip = [&](core::Time earliest, core::Time latest) {
    return latest < group.slide_from || earliest > group.slide_to || latest <= now_ ||
           (earliest >= full_from && latest <= full_to);
  };
  const auto accept = [&](core::Time start) {
    if (skip(start, start)) return false;
    StepProfile::Place place = free_.place_before(start);
    if (free_.value(place) >= nodes) return true;
    full_from = free_.begin(place) + tick;
    full_to =
        free_.find_at_least(place, nodes, group.slide_to) ? free_.begin(place) : group.slide_to;
    return false;
  };
  return group.jobs.first_of(group.jobs.first_after(cursor_), skip, accept);
}

// Makes the range of holes sharp; false if there is none after all.
bool CountPlan::has_hole(Group& group) const {
  if (group.hole_from == core::never) return false;
  group.hole_from =
      free_.earliest_hole(group.shape.nodes, group.shape.length, std::max(now_, group.hole_from),
                          core::never, group.hole_latest);
  if (group.hole_from <= group.hole_latest) return true;
  forget_holes(group);
  return false;
}

void CountPlan::forget_slides(Group& group) {
  group.slide_from = core::never;
  group.slide_to = core::Time{core::Duration::min()};
  group.slide_candidate = QueueRank::after_all();
}

void CountPlan::forget_holes(Group& group) {
  group.hole_from = core::never;
  group.hole_latest = core::Time{core::Duration::min()};
  group.jump_candidate = QueueRank::after_all();
}

}  // namespace nexa::scheduler
