#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "ledger/account.hpp"
#include "ledger/books.hpp"
#include "ledger/entry.hpp"
#include "ledger/journal.hpp"
#include "ledger/status.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

/// Most transfers in one batch. Source: TigerBeetle, docs/coding/requests.md.
inline constexpr std::size_t largest_batch = 8190;

/// What the ledger knows of a transfer. It answers a repeated request with the same one for ever,
/// but for the state of a pending transfer.
struct KnownTransfer {
  Status status = Status::booked;           ///< `booked`, or why it failed
  core::Time time{};                        ///< when it was booked, or failed
  Transfer transfer;                        ///< as in `Entry`; of a failed one, only the id
  PendingState state = PendingState::open;  ///< of a pending transfer

  friend bool operator==(const KnownTransfer&, const KnownTransfer&) = default;
};

/// A double-entry ledger with two-phase transfers, as a state machine in memory.
///
/// Every transfer debits one account and credits another; a pending one reserves an amount that is
/// posted, in part or whole, or voided, or expires. The id of a transfer makes it idempotent:
/// sent again it answers `exists` and moves nothing, and one that failed because of the state of
/// the books stays failed. Overflow of an amount is a status. All outcomes are values; the state
/// is a function of the entries told to the journal.
///
/// Time is that of the ledger: it is the latest that any call brought and an entry took, so a
/// clock that jumps back does not take it back. It starts at the origin of `core::Time`.
///
/// Source of the semantics: TigerBeetle, docs/reference and docs/coding. See docs/ledger.md.
class Ledger {
 public:
  /// `table_key` protects the table of ids from users who choose ids to slow it down: a host gives
  /// it random bits. Nothing else depends on it.
  explicit Ledger(std::uint64_t table_key = 0) : books_(table_key) {}

  /// Who is told of every further entry; null for none. It must outlive the ledger. No chain may
  /// be unfinished.
  void attach(Journal* journal);

  /// Writes the first entry. Errors: `conflict` if there are entries.
  core::Result<void> found(const Genesis& genesis, core::Time now);

  /// The account of this name, which begins to exist if it does not. Errors: `invalid_argument`
  /// for a name that is none, `conflict` for a closed account.
  core::Result<AccountId> open(std::string_view name, core::Time now);

  /// Closes an account for ever, such as the escrow of a job that is settled. It must have nothing
  /// and reserve nothing. Closing a closed account does nothing. Errors: `not_found`, `conflict`.
  core::Result<void> close(AccountId account, core::Time now);

  /// Books 1 to 8190 transfers in their order, after expiring what is due by `now`: one status
  /// each, valid until the next call. Linked transfers are booked all or none. A transfer takes
  /// constant time (amortised over the growth of tables), one with a timeout logarithmic time, one
  /// of a group time in proportion to its open pendings.
  std::span<const Status> book(std::span<const Transfer> batch, core::Time now);
  Status book(const Transfer& transfer, core::Time now) { return book({&transfer, 1}, now)[0]; }

  /// Expires the pending transfers that are due by `now`, each at its own time, in the order of
  /// these times and, at one time, of booking. Returns how many.
  std::size_t expire(core::Time now);
  /// When the next pending transfer expires; `core::never` if none will.
  [[nodiscard]] core::Time next_expiry() const { return books_.pendings().next_due(); }

  /// Puts on record what the ledger does not interpret.
  void note(const Note& note, core::Time now);

  /// Takes in an entry of an earlier life. The ledger must not be attached to a journal. Errors:
  /// `corrupt` if this ledger would not have written it here; it must be dropped then.
  ///
  /// The transfers of a chain take effect with its last one.
  core::Result<void> replay(const Entry& entry);
  /// The account that an entry of this time names, which begins to exist if it does not. Errors:
  /// as `open`, and `corrupt` for a time that goes back.
  core::Result<AccountId> replay_account(std::string_view name, core::Time time);
  /// How many entries of a chain were replayed whose end is missing: a journal that ends so must
  /// be cut by as many entries.
  [[nodiscard]] std::size_t unfinished_chain() const { return chain_.size(); }
  void drop_unfinished_chain() { chain_.clear(); }

  /// The time of the last entry.
  [[nodiscard]] core::Time time() const { return time_; }
  [[nodiscard]] const AccountNames& names() const { return books_.names(); }
  [[nodiscard]] const Account& account(AccountId id) const;
  [[nodiscard]] bool is_closed(AccountId id) const { return books_.is_closed(id); }

  /// The transfer of this id, booked or failed. Constant time.
  [[nodiscard]] std::optional<KnownTransfer> find(TransferId id) const;
  /// The records, for whoever derives something from all of them.
  [[nodiscard]] const Books& books() const { return books_; }

 private:
  core::Time advance(core::Time now);
  void append(core::Time time, EntryBody body);
  void book_chain(std::span<const Transfer> chain, core::Time time, Status* statuses);
  Status book_alone(const Transfer& transfer, core::Time time);
  void fail(TransferId id, Status status, core::Time time);
  void settle(std::uint32_t mark);

  Status execute(const Transfer& transfer, core::Time time);
  Status execute_move(const Transfer& transfer, core::Time time);
  Status execute_resolution(const Transfer& transfer, core::Time time);
  Status execute_group_operation(const Transfer& transfer, core::Time time);

  core::Result<void> check_time(const Entry& entry) const;
  core::Result<void> replay_body(const Transfer& transfer, core::Time time);
  core::Result<void> replay_body(const AccountOpened& opened, core::Time time);
  core::Result<void> replay_body(const AccountClosed& closed, core::Time time);
  core::Result<void> replay_body(const TransferFailed& failure, core::Time time);
  core::Result<void> replay_body(const PendingExpired& expired, core::Time time);
  core::Result<void> replay_body(const Genesis& genesis, core::Time time);
  core::Result<void> replay_body(const Note& note, core::Time time);

  Books books_;
  core::Time time_{};
  bool empty_ = true;  // no entry yet
  Journal* journal_ = nullptr;
  std::vector<Status> statuses_;
  std::vector<Transfer> chain_;  // replayed, and its end not seen yet
  core::Time chain_time_{};
};

}  // namespace nexa::ledger
