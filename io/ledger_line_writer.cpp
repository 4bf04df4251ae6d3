#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "core/assert.hpp"
#include "io/hex_pairs.hpp"
#include "io/json_check.hpp"
#include "io/ledger_line.hpp"
#include "io/ledger_words.hpp"
#include "io/note_key.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using ledger::Amount;
using ledger::Transfer;
using ledger::TransferKind;

constexpr std::size_t longest_note_type = 64;
constexpr std::size_t longest_ledger_name = 200;

/// More than any line but that of a note or genesis has: two names of accounts at 104 bytes, three
/// ids at 32, an amount at 39, and some 200 for the rest.
constexpr std::size_t longest_own_line = 1024;

/// Writes into memory that is known to be large enough.
class Pen {
 public:
  explicit Pen(char* at) : at_(at) {}

  [[nodiscard]] const char* at() const { return at_; }

  void text(std::string_view words) {
    std::memcpy(at_, words.data(), words.size());
    at_ += words.size();
  }
  void number(std::uint64_t value) { at_ = std::to_chars(at_, at_ + 20, value).ptr; }
  void number(core::Duration value) { number(static_cast<std::uint64_t>(value.count())); }
  void byte(std::uint8_t value) {
    std::memcpy(at_, hex_pairs[value].data(), 2);
    at_ += 2;
  }
  void digest(const core::Digest& digest) {
    for (const std::uint8_t value : digest.bytes) byte(value);
  }
  void amount(Amount value) {
    if (value <= UINT64_MAX) {
      number(static_cast<std::uint64_t>(value));
    } else {
      text(ledger::to_decimal(value));
    }
  }
  /// An even number of hexadecimal digits, as `ledger::to_hex` writes.
  void id(Amount value) {
    int bits = 120;
    while (bits > 0 && value >> bits == 0) bits -= 8;
    for (; bits >= 0; bits -= 8) byte(static_cast<std::uint8_t>(value >> bits));
  }

 private:
  char* at_;
};

void write_front(Pen& pen, std::uint64_t seq, const core::Digest& prev, core::Time time,
                 std::string_view type) {
  pen.text(R"({"v":1,"seq":)");
  pen.number(seq);
  pen.text(R"(,"prev":")");
  pen.digest(prev);
  pen.text(R"(","t_us":)");
  pen.number(time.time_since_epoch());
  pen.text(R"(,"type":")");
  pen.text(type);
  pen.text("\"");
}

void write_timeout(Pen& pen, core::Duration timeout) {
  if (timeout.count() == 0) return;
  const bool is_whole = timeout.count() % core::seconds(1).count() == 0;
  pen.text(is_whole ? R"(,"timeout_s":)" : R"(,"timeout_us":)");
  pen.number(is_whole ? timeout / core::seconds(1).count() : timeout);
}

void write_id(Pen& pen, std::string_view member, Amount id) {
  pen.text(member);
  pen.id(id);
  pen.text("\"");
}

void write_text(Pen& pen, std::string_view member, std::string_view text) {
  pen.text(member);
  pen.text(text);
  pen.text("\"");
}

/// Whether a transfer names its accounts; the others have those of what they resolve.
bool moves_by_itself(const Transfer& transfer) {
  return transfer.kind == TransferKind::transfer || transfer.kind == TransferKind::pending;
}

/// The members of a transfer behind its accounts.
void write_transfer(Pen& pen, const Transfer& transfer) {
  const bool moves = moves_by_itself(transfer);
  if (transfer.kind == TransferKind::post || transfer.kind == TransferKind::void_) {
    write_id(pen, R"(,"pending":")", transfer.pending.value);
  }
  if (moves || transfer.kind == TransferKind::post) {
    pen.text(R"(,"amt":")");
    pen.amount(transfer.amount);
    pen.text("\"");
  }
  if (transfer.group.value != 0) write_id(pen, R"(,"group":")", transfer.group.value);
  if (transfer.kind == TransferKind::pending) write_timeout(pen, transfer.timeout);
  write_text(pen, R"(,"code":")", ledger::name(transfer.reason));
  if (transfer.linked) pen.text(R"(,"linked":true)");
}

Error cannot_write(std::string message, std::string hint,
                   ErrorCode code = ErrorCode::invalid_argument) {
  return {.code = code, .message = std::move(message), .hint = std::move(hint), .where = {}};
}

std::optional<Error> check_number(std::string_view what, std::int64_t value) {
  if (value >= 0 && value <= largest_json_integer) return std::nullopt;
  return cannot_write(std::string(what) + " of " + std::to_string(value) + " us",
                      "a journal holds 0 to 2^53 - 1");
}

std::optional<Error> check(const Transfer& transfer) {
  return check_number("a timeout", transfer.timeout.count());
}
std::optional<Error> check(const ledger::Genesis& genesis) {
  const bool is_plain = genesis.ledger.find_first_of("\"\\") == std::string::npos;
  if (!is_note_key_name(genesis.ledger) || !is_plain ||
      genesis.ledger.size() > longest_ledger_name) {
    return cannot_write(
        "the ledger's name is " + in_quotes(genesis.ledger),
        "it is like 'example.org/ledger': at most 200 bytes, no spaces, '+' or quotes");
  }
  if (genesis.unit == "ucr") return std::nullopt;
  return cannot_write("the ledger's unit is " + in_quotes(genesis.unit), "the only unit is 'ucr'");
}
std::optional<Error> check(const ledger::Note& note) {
  if (!is_note_type(note.type)) {
    return cannot_write("a note has the type " + in_quotes(note.type),
                        "letters a to z, digits and . _ -, and no word of the ledger");
  }
  const auto fault = check_json_members(note.body, ledger_words::common_members);
  if (!fault) return std::nullopt;
  return cannot_write("a note of the type " + in_quotes(note.type) + ", byte " +
                          std::to_string(fault->at + 1) + ": " + fault->message,
                      "write members of JSON without white space");
}
template <class Body>
std::optional<Error> check(const Body& /*unused*/) {
  return std::nullopt;
}

std::string_view type_of(const ledger::EntryBody& body) {
  namespace words = ledger_words;
  if (const auto* const transfer = std::get_if<Transfer>(&body)) return name(transfer->kind);
  if (std::holds_alternative<ledger::AccountOpened>(body)) return words::account_open;
  if (std::holds_alternative<ledger::AccountClosed>(body)) return words::account_close;
  if (std::holds_alternative<ledger::TransferFailed>(body)) return words::transfer_failed;
  if (std::holds_alternative<ledger::PendingExpired>(body)) return words::pending_expired;
  if (std::holds_alternative<ledger::Genesis>(body)) return words::genesis;
  return std::get<ledger::Note>(body).type;
}

/// Writes what follows the type of an entry, but for the body of a note, which can be long.
struct MemberWriter {
  Pen& pen;
  const std::vector<std::string>& names;

  [[nodiscard]] std::string_view name_of(ledger::AccountId account) const {
    NEXA_ASSERT(account.value >= 1 && account.value <= names.size(),
                "an account is opened before it is used");
    return names[account.value - 1];
  }

  void operator()(const Transfer& transfer) const {
    write_id(pen, R"(,"id":")", transfer.id.value);
    if (moves_by_itself(transfer)) {
      write_text(pen, R"(,"dr":")", name_of(transfer.debit));
      write_text(pen, R"(,"cr":")", name_of(transfer.credit));
    }
    write_transfer(pen, transfer);
  }
  void operator()(const ledger::AccountOpened& opened) const {
    write_text(pen, R"(,"account":")", opened.name);
  }
  void operator()(const ledger::AccountClosed& closed) const {
    write_text(pen, R"(,"account":")", name_of(closed.account));
  }
  void operator()(const ledger::TransferFailed& failed) const {
    write_id(pen, R"(,"id":")", failed.id.value);
    write_text(pen, R"(,"status":")", ledger::name(failed.status));
  }
  void operator()(const ledger::PendingExpired& expired) const {
    write_id(pen, R"(,"pending":")", expired.pending.value);
  }
  void operator()(const ledger::Genesis& genesis) const {
    write_text(pen, R"(,"ledger":")", genesis.ledger);
    write_text(pen, R"(,"unit":")", genesis.unit);
  }
  void operator()(const ledger::Note& note) const {
    if (!note.body.empty()) pen.text(",");
  }
};

}  // namespace

bool is_note_type(std::string_view word) {
  if (word.empty() || word.size() > longest_note_type) return false;
  const bool is_word = std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
  namespace words = ledger_words;
  const std::array own{words::genesis, words::account_open, words::account_close,
                       words::transfer_failed, words::pending_expired};
  return is_word && !ledger::transfer_kind_of(word) &&
         std::find(own.begin(), own.end(), word) == own.end();
}

std::optional<Error> LedgerLineWriter::append(std::string& out, std::uint64_t seq,
                                              const core::Digest& prev,
                                              const ledger::Entry& entry) {
  if (auto wrong = check_number("a time", entry.time.time_since_epoch().count())) return wrong;
  if (auto wrong = std::visit([](const auto& body) { return check(body); }, entry.body)) {
    return wrong;
  }
  if (const auto* const opened = std::get_if<ledger::AccountOpened>(&entry.body)) {
    NEXA_ASSERT(opened->account.value == names_.size() + 1, "accounts are numbered in order");
    learn(opened->name);
  }
  std::array<char, longest_own_line> line;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  Pen pen(line.data());
  write_front(pen, seq, prev, entry.time, type_of(entry.body));
  std::visit(MemberWriter{pen, names_}, entry.body);

  const std::size_t begin = out.size();
  out.append(static_cast<const char*>(line.data()), pen.at());
  if (const auto* const note = std::get_if<ledger::Note>(&entry.body)) out += note->body;
  out += "}\n";
  const std::size_t length = out.size() - begin - 1;
  if (length <= longest_ledger_line) return std::nullopt;
  out.resize(begin);
  return cannot_write("a line of " + std::to_string(length) + " bytes",
                      "at most " + std::to_string(longest_ledger_line) + " fit; put a digest of " +
                          "the text into the note instead",
                      ErrorCode::limit_exceeded);
}

}  // namespace nexa::io
