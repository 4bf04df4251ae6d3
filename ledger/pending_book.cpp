#include "ledger/pending_book.hpp"

#include <algorithm>

namespace nexa::ledger {

// The order of a heap whose front is the earliest, and among equals the one that was booked first.
struct PendingBook::Later {
  bool operator()(const Due& a, const Due& b) const {
    return a.due != b.due ? a.due > b.due : a.place > b.place;
  }
};

std::uint32_t PendingBook::find_group(GroupId id) const {
  return group_places_.find(hash_of(id.value, key_),
                            [&](std::uint32_t place) { return groups_[place].id == id; });
}

void PendingBook::add(std::uint32_t record, core::Time due, GroupId group) {
  Pending pending{due,   record, no_place, no_place, no_place, no_place, PendingState::open,
                  false, false};
  if (group.value != 0) {
    pending.group = find_group(group);
    if (pending.group == no_place) {
      group_places_.reserve(groups_.size() + std::size_t{1}, [&](std::uint32_t place) {
        return hash_of(groups_[place].id.value, key_);
      });
      group_places_.add(hash_of(group.value, key_));
      pending.group = groups_.size();
      pending.began_group = true;
      groups_.push_back({group, no_place, no_place});
    }
    pending.previous = groups_[pending.group].last;
  }
  pendings_.push_back(pending);
  relink(pendings_.size() - 1);
}

void PendingBook::remove_last() {
  const Pending pending = pendings_.back();
  NEXA_ASSERT(pending.state == PendingState::open && !pending.queued, "only the last change goes");
  pendings_.pop_back();
  unlink(pending);
  if (!pending.began_group) return;
  group_places_.remove_last(hash_of(groups_.back().id.value, key_));
  groups_.pop_back();
}

void PendingBook::resolve(std::uint32_t place, PendingState state, std::uint32_t by) {
  Pending& pending = pendings_[place];
  NEXA_ASSERT(pending.state == PendingState::open, "a pending resolves once");
  pending.state = state;
  pending.resolved_by = by;
  unlink(pending);
  if (pending.queued) ++resolved_in_queue_;
}

void PendingBook::reopen(std::uint32_t place) {
  Pending& pending = pendings_[place];
  pending.state = PendingState::open;
  pending.resolved_by = no_place;
  relink(place);
  if (pending.queued) --resolved_in_queue_;
}

// The pending keeps its own two links, so that `relink` finds its place again: whatever was
// unlinked after it is back before it, in the reverse order.
void PendingBook::unlink(const Pending& pending) {
  if (pending.group == no_place) return;
  Group& group = groups_[pending.group];
  (pending.previous == no_place ? group.first : pendings_[pending.previous].next) = pending.next;
  (pending.next == no_place ? group.last : pendings_[pending.next].previous) = pending.previous;
}

void PendingBook::relink(std::uint32_t place) {
  const Pending& pending = pendings_[place];
  if (pending.group == no_place) return;
  Group& group = groups_[pending.group];
  (pending.previous == no_place ? group.first : pendings_[pending.previous].next) = place;
  (pending.next == no_place ? group.last : pendings_[pending.next].previous) = place;
}

void PendingBook::enqueue(std::uint32_t place) {
  Pending& pending = pendings_[place];
  NEXA_ASSERT(pending.state == PendingState::open && !pending.queued, "an open one, and once");
  pending.queued = true;
  queue_.push_back({pending.due, place});
  std::push_heap(queue_.begin(), queue_.end(), Later{});
}

std::uint32_t PendingBook::dequeue() {
  const std::uint32_t place = queue_.front().place;
  NEXA_ASSERT(pendings_[place].state == PendingState::open, "the queue is tidy");
  pop_front();
  return place;
}

void PendingBook::pop_front() {
  pendings_[queue_.front().place].queued = false;
  std::pop_heap(queue_.begin(), queue_.end(), Later{});
  queue_.pop_back();
}

void PendingBook::tidy() {
  // Most pendings are resolved long before they are due. Once they are most of the queue they are
  // swept out together, so that it stays as small as what is open.
  if (resolved_in_queue_ > 1024 && resolved_in_queue_ > queue_.size() / 2) {
    std::erase_if(queue_, [&](const Due& due) {
      Pending& pending = pendings_[due.place];
      if (pending.state == PendingState::open) return false;
      pending.queued = false;
      return true;
    });
    std::make_heap(queue_.begin(), queue_.end(), Later{});
    resolved_in_queue_ = 0;
  }
  while (!queue_.empty() && pendings_[queue_.front().place].state != PendingState::open) {
    pop_front();
    --resolved_in_queue_;
  }
}

}  // namespace nexa::ledger
