#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "ledger/entry.hpp"
#include "ledger/ledger.hpp"

/// The lines of a ledger's journal.
///
///   {"v":1,"seq":0,"prev":"00…","t_us":0,"type":"genesis","ledger":"example.org/log","unit":"ucr"}
///   {"v":1,"seq":1,"prev":"c3…","t_us":5,"type":"transfer","id":"01","dr":"op:mint","cr":"user:a",
///    "amt":"1000000","code":"grant"}
///
/// (one line each). The bytes are what is hashed, so an entry has exactly one text: members stand
/// in a fixed order, without white space, numbers without leading zeros, and only what is not at
/// its default. `prev` is the leaf hash of the line before, `seq` counts from zero, `t_us` is the
/// entry's time in microseconds, amounts are decimal strings of micro-credits, ids hexadecimal.
///
/// | type | further members |
/// |---|---|
/// | `genesis` | `ledger`, `unit` |
/// | `transfer` | `id`, `dr`, `cr`, `amt`, `code`, `linked`? |
/// | `pending` | `id`, `dr`, `cr`, `amt`, `group`?, `timeout_s`? or `timeout_us`?, `code`,
/// `linked`? | | `post` | `id`, `pending`, `amt`, `code`, `linked`? | | `void` | `id`, `pending`,
/// `code`, `linked`? | | `post_group`, `void_group` | `id`, `group`, `code`, `linked`? | |
/// `transfer.failed` | `id`, `status` | | `pending.expired` | `pending` | | `account.open`,
/// `account.close` | `account` | | any other word | what `check_json_members` accepts: a note, such
/// as a verdict |
namespace nexa::io {

/// A longer line would not fit into the bundles of c2sp.org/tlog-tiles.
inline constexpr std::size_t longest_ledger_line = 65'535;

/// Whether a word may be the type of a note: letters a to z, digits and `. _ -`, at most 64, and no
/// type that the ledger uses itself.
bool is_note_type(std::string_view word);

/// Writes entries as lines. It learns the accounts' names from the entries that open them.
class LedgerLineWriter {
 public:
  /// Tells of an account that was opened in an earlier life. Accounts come in the order of their
  /// ids.
  void learn(std::string_view account_name) { names_.emplace_back(account_name); }
  [[nodiscard]] std::size_t accounts() const { return names_.size(); }

  /// Appends the line with its line break, or leaves `out` as it was and says what cannot be
  /// written: a time or timeout beyond 2^53 - 1 µs, a note with a wrong type or body, a line that
  /// is too long (`invalid_argument`, `limit_exceeded`). About 100 ns.
  std::optional<core::Error> append(std::string& out, std::uint64_t seq, const core::Digest& prev,
                                    const ledger::Entry& entry);

 private:
  std::vector<std::string> names_;
};

/// What a line says. The views point into the line.
struct LedgerLine {
  std::uint64_t seq = 0;
  std::string_view prev;    ///< 64 characters, not checked further
  ledger::Entry entry;      ///< with accounts of id zero
  std::string_view debit;   ///< the names of the accounts where the entry has any; of an account
  std::string_view credit;  ///< that is closed, `debit`
};

/// Reads a line, given without its line break. Errors (`corrupt`) carry the column, which counts
/// bytes from 1, and say what was expected. About 100 ns.
core::Result<void> parse_ledger_line(std::string_view line, LedgerLine& parsed);

/// Replays a line that was parsed. Errors: as `Ledger::replay` and `Ledger::replay_account`.
core::Result<void> replay_ledger_line(ledger::Ledger& ledger, LedgerLine& parsed);

}  // namespace nexa::io
