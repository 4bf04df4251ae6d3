#pragma once

#include <cstdint>
#include <vector>

#include "core/chunks.hpp"
#include "ledger/account.hpp"
#include "ledger/pending_book.hpp"
#include "ledger/slot_table.hpp"
#include "ledger/status.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

/// A transfer in the books, or the id of one that failed: 64 bytes.
struct Record {
  TransferId id;
  Amount amount;
  core::Time time;  ///< of booking
  AccountId debit;
  AccountId credit;
  /// The place of: its pending part, if it is pending; the pending that it resolved, if it is a
  /// post or void; the group that it resolved.
  std::uint32_t link;
  TransferKind kind;
  Reason reason;
  Status status;  ///< `booked`, or why it failed
  bool linked;
};

/// Accounts, records and pendings of a ledger, and the few changes that money knows. It follows
/// orders: what may be ordered is the business of `Ledger`.
///
/// All changes of money can be taken back in reverse order (`undo_last`). Each takes constant
/// time, but for those of a group, which take time in proportion to its open pendings. Memory: 64
/// bytes per transfer or failed id and 13 to 26 for its place in the table of ids, 32 more per
/// pending; 65 bytes and the name per account.
class Books {
 public:
  explicit Books(std::uint64_t table_key) : key_(table_key), pendings_(table_key) {}

  [[nodiscard]] const AccountNames& names() const { return names_; }
  /// The account must exist.
  [[nodiscard]] const Account& account(AccountId id) const { return accounts_[id.value - 1]; }
  [[nodiscard]] bool is_limited(AccountId id) const { return flags(id).limited; }
  [[nodiscard]] bool is_closed(AccountId id) const { return flags(id).closed; }

  [[nodiscard]] std::uint32_t size() const { return records_.size(); }
  const Record& operator[](std::uint32_t place) const { return records_[place]; }
  /// The place of a transfer, booked or failed, or `no_place`.
  [[nodiscard]] std::uint32_t find(TransferId id) const {
    return places_.find(hash_of(id.value, key_),
                        [&](std::uint32_t place) { return records_[place].id == id; });
  }
  /// The transfer of a record that is booked, as in `Entry`.
  [[nodiscard]] Transfer transfer(std::uint32_t place) const;

  [[nodiscard]] const PendingBook& pendings() const { return pendings_; }
  /// The record of a pending transfer, by its place among the pendings.
  [[nodiscard]] const Record& pending_record(std::uint32_t place) const {
    return records_[pendings_[place].record];
  }

  /// Adds an account; the name is new, and well-formed.
  AccountId add_account(std::string_view name, bool limited);
  void close_account(AccountId id) { flags_[id.value - 1].closed = true; }

  /// Makes room for more records, which the changes below rely on.
  void reserve(std::size_t more);
  /// Asks for the memory that booking a transfer will need.
  void prefetch(const Transfer& transfer) const;

  /// Moves an amount at once, or reserves it until `due`.
  void add_transfer(const Transfer& transfer, core::Time time);
  void add_pending(const Transfer& transfer, core::Time time, core::Time due);
  /// Posts `amount` of a pending transfer, or voids it. The pending is given by its place.
  void add_post(const Transfer& transfer, core::Time time, std::uint32_t pending, Amount amount);
  void add_void(const Transfer& transfer, core::Time time, std::uint32_t pending);
  /// Posts or voids all open pendings of a group, given by its place.
  void add_group_operation(const Transfer& transfer, core::Time time, std::uint32_t group);
  /// Takes the last of these changes back.
  void undo_last();

  /// After this the records from `mark` on cannot be taken back; those pending can expire.
  void settle(std::uint32_t mark);
  /// The id of a transfer that failed for ever.
  void add_failure(TransferId id, Status status, core::Time time);
  /// Expires the pending that is due first, and returns its place among the pendings.
  std::uint32_t expire_next();
  /// Must follow changes before `PendingBook::next_due` is asked.
  void tidy() { pendings_.tidy(); }

 private:
  struct Flags {
    bool limited = true;
    bool closed = false;
  };

  [[nodiscard]] const Flags& flags(AccountId id) const { return flags_[id.value - 1]; }
  Account& sums(AccountId id) { return accounts_[id.value - 1]; }
  void add(const Record& record);
  void reserve_amount(const Record& record);
  void release_amount(const Record& record);
  void post_amount(const Record& record, Amount amount);
  void take_back_amount(const Record& record, Amount amount);
  void reopen(std::uint32_t pending, Amount posted);

  std::uint64_t key_;
  AccountNames names_;
  std::vector<Account> accounts_;
  std::vector<Flags> flags_;
  core::Chunks<Record> records_;
  SlotTable places_;
  PendingBook pendings_;
  std::vector<std::uint32_t> by_groups_;  // resolved by group operations since `settle`
};

}  // namespace nexa::ledger
