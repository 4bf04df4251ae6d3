#include "io/hdf5/ledger_table.hpp"

#include <numeric>

#include "ledger/account.hpp"

namespace nexa::io::hdf5 {
namespace {

using core::Result;
using ledger::AccountKind;
using ledger::Reason;
using ledger::TransferKind;
using Words = std::vector<std::pair<std::string, std::int8_t>>;

constexpr auto last_kind = static_cast<std::int8_t>(TransferKind::void_group);
constexpr std::int8_t expire_kind = last_kind + 1;

Result<Handle> kind_type() {
  Words words;
  for (std::int8_t i = 0; i <= last_kind; ++i) {
    words.emplace_back(ledger::name(static_cast<TransferKind>(i)), i);
  }
  words.emplace_back("expire", expire_kind);
  return enum_type(words);
}

Result<Handle> reason_type() {
  return enum_type_of(Reason::burn,
                      [](Reason reason) { return std::string(ledger::name(reason)); });
}

/// The kinds of accounts are written once, from their names.
Result<void> write_kinds(const Handle& group, const std::vector<std::string>& names) {
  Column<std::int8_t> column;
  Result<void> done =
      column.create(group, {"kind", "", "whose money it is"}, rows_per_chunk(names.size()),
                    enum_type_of(AccountKind::arb,
                                 [](AccountKind kind) { return std::string(ledger::name(kind)); }));
  if (!done) return done;
  for (const std::string& name : names) {
    const auto parts = ledger::parse_account_name(name);
    if (!parts) return parts.error();
    column.push(static_cast<std::int8_t>(parts->kind));
  }
  return column.flush(true);
}

}  // namespace

Result<void> LedgerTable::create(const Handle& file, std::size_t jobs) {
  chunk_ = rows_per_chunk(4 * jobs);
  const Result<Handle> group = create_group(file, "ledger");
  if (!group) return group.error();
  Result<void> done;
  const auto make = [&](auto& column, const char* name, const char* units, const char* text) {
    if (done) done = column.create(*group, {name, units, text}, chunk_);
  };
  const auto name = [&](Column<std::int8_t>& column, const char* column_name, const char* text,
                        Result<Handle> type) {
    if (done) done = column.create(*group, {column_name, "", text}, chunk_, std::move(type));
  };
  make(time_us_, "time_us", "us", "when it was booked, since the first submission");
  name(kind_, "kind", "whether it moves money, or reserves it, or what becomes of that",
       kind_type());
  make(debit_, "debit", "", "account that pays, as in /accounts; 0: none, as for groups");
  make(credit_, "credit", "", "account that is paid, likewise");
  make(amount_, "amount_microcredits", "microcredits",
       "moved, reserved or released: its lower 64 bits");
  make(amount_high_, "amount_high", "2^64 microcredits", "its upper 64 bits");
  name(reason_, "reason", "what it is for", reason_type());
  make(job_id_, "job_id", "", "the job that it is made for, as in /jobs; -1: none");
  return done;
}

void LedgerTable::append_account(std::string_view name) {
  accounts_.emplace_back(name);
}

Result<void> LedgerTable::append(const scheduler::TransferRecord& transfer) {
  time_us_.push(time_or_none(transfer.time));
  kind_.push(transfer.expired ? expire_kind : static_cast<std::int8_t>(transfer.kind));
  debit_.push(transfer.debit.value);
  credit_.push(transfer.credit.value);
  amount_.push(static_cast<std::uint64_t>(transfer.amount));
  amount_high_.push(static_cast<std::uint64_t>(transfer.amount >> 64));
  reason_.push(static_cast<std::int8_t>(transfer.reason));
  job_id_.push(transfer.job ? transfer.job->value : std::int64_t{-1});
  return time_us_.pending() < chunk_ ? Result<void>() : flush(false);
}

Result<void> LedgerTable::flush(bool all) {
  return flush_columns(all, time_us_, kind_, debit_, credit_, amount_, amount_high_, reason_,
                       job_id_);
}

Result<void> LedgerTable::finish(const Handle& file) {
  Result<void> done = flush(true);
  if (!done) return done;
  const Result<Handle> group = create_group(file, "accounts");
  if (!group) return group.error();
  std::vector<std::uint32_t> numbers(accounts_.size());
  std::iota(numbers.begin(), numbers.end(), 1U);
  done = write_column(*group, {"account", "", "its number, as in /ledger"},
                      std::span<const std::uint32_t>(numbers));
  if (done) done = write_kinds(*group, accounts_);
  if (!done) return done;
  return write_strings(*group, {"name", "", "its name, kind:name"}, accounts_);
}

}  // namespace nexa::io::hdf5
