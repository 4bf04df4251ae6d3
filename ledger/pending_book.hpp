#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/chunks.hpp"
#include "core/time.hpp"
#include "ledger/slot_table.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

inline constexpr std::uint32_t no_place = UINT32_MAX;

/// Spreads a 128-bit id over 64 bits. A ledger takes ids from its users, who could choose them so
/// that they meet in one place of a table; a `key` that they do not know keeps them from it.
/// The mixing is the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA'14), once for each half.
constexpr std::uint64_t hash_of(Amount id, std::uint64_t key) {
  const auto mix = [](std::uint64_t word) {
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    return word ^ (word >> 31);
  };
  const std::uint64_t low = mix(static_cast<std::uint64_t>(id) + key + 0x9e3779b97f4a7c15);
  return mix(low ^ static_cast<std::uint64_t>(id >> 64));
}

/// What is kept of a pending transfer beside its record: 32 bytes.
struct Pending {
  core::Time due;             ///< when it expires; `core::never` if it does not
  std::uint32_t record;       ///< its place among the records
  std::uint32_t group;        ///< its place among the groups, or `no_place`
  std::uint32_t previous;     ///< the open pending of the group that was booked before it
  std::uint32_t next;         ///< likewise after it
  std::uint32_t resolved_by;  ///< the record that posted or voided it, or `no_place`
  PendingState state;
  bool queued;       ///< stands in the queue of those that will expire
  bool began_group;  ///< is the first ever of its group
};

/// The open pendings of a group, in the order of booking: a list through `Pending::next`.
struct Group {
  GroupId id;
  std::uint32_t first = no_place;
  std::uint32_t last = no_place;
};

/// The pending transfers of a ledger, by group and by the time of expiry. It knows no amounts.
///
/// Every change can be taken back, in the reverse order of the changes; this is what makes linked
/// chains possible. Adding, resolving and reopening take constant time, a change of the queue
/// logarithmic time.
class PendingBook {
 public:
  /// `key` is that of `hash_of`.
  explicit PendingBook(std::uint64_t key) : key_(key) {}

  [[nodiscard]] std::uint32_t size() const { return pendings_.size(); }
  const Pending& operator[](std::uint32_t place) const { return pendings_[place]; }

  [[nodiscard]] std::uint32_t group_count() const { return groups_.size(); }
  [[nodiscard]] const Group& group(std::uint32_t place) const { return groups_[place]; }
  /// The place of a group, or `no_place`.
  [[nodiscard]] std::uint32_t find_group(GroupId id) const;

  /// Adds an open pending, whose group is new or known; zero is none.
  void add(std::uint32_t record, core::Time due, GroupId group);
  /// Takes back the last `add`.
  void remove_last();

  /// Ends an open pending. `by` is the record that did it, or `no_place` for an expiry.
  void resolve(std::uint32_t place, PendingState state, std::uint32_t by);
  /// Takes back a `resolve` that was none of an expiry.
  void reopen(std::uint32_t place);

  /// Puts an open pending with a timeout into the queue: it can no longer be taken back.
  void enqueue(std::uint32_t place);
  /// When the next open pending of the queue is due, or `core::never`.
  [[nodiscard]] core::Time next_due() const {
    return queue_.empty() ? core::never : queue_.front().due;
  }
  /// Takes the pending out of the queue that is due first; of several, that booked first. There
  /// must be one.
  std::uint32_t dequeue();
  /// Must follow changes before `next_due` and `dequeue` are called: drops resolved pendings from
  /// the queue.
  void tidy();

  /// How many open pendings stand in the queue.
  [[nodiscard]] std::size_t queued() const { return queue_.size() - resolved_in_queue_; }

 private:
  struct Due {
    core::Time due;
    std::uint32_t place;
  };
  struct Later;

  void pop_front();
  void unlink(const Pending& pending);
  void relink(std::uint32_t place);

  std::uint64_t key_;
  core::Chunks<Pending> pendings_;
  core::Chunks<Group> groups_;
  SlotTable group_places_;
  std::vector<Due> queue_;  // a heap, the earliest in front
  std::size_t resolved_in_queue_ = 0;
};

}  // namespace nexa::ledger
