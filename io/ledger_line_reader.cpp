#include <algorithm>
#include <charconv>
#include <utility>

#include "io/hex.hpp"
#include "io/json_check.hpp"
#include "io/ledger_line.hpp"
#include "io/ledger_words.hpp"
#include "io/note_key.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;
using ledger::Amount;
using ledger::Transfer;
using ledger::TransferKind;

constexpr std::size_t most_quoted = 24;

/// `ledger::parse_hex` in halves of 64 bits.
std::optional<Amount> parse_id(std::string_view digits) {
  constexpr std::size_t half_digits = 16;
  if (digits.empty() || digits.size() > 2 * half_digits) return std::nullopt;
  const std::size_t low_digits = std::min(digits.size(), half_digits);
  const char* const middle = digits.data() + digits.size() - low_digits;
  const char* const end = digits.data() + digits.size();
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (std::from_chars(middle, end, low, 16).ptr != end) return std::nullopt;
  if (middle != digits.data() && std::from_chars(digits.data(), middle, high, 16).ptr != middle) {
    return std::nullopt;
  }
  const bool has_capitals =
      std::any_of(digits.begin(), digits.end(), [](char c) { return c >= 'A' && c <= 'F'; });
  if (has_capitals) return std::nullopt;
  return Amount{high} << 64 | low;
}

/// Walks over a line. The first thing that is not as expected makes it fail, and later calls do
/// nothing: whoever reads members in a row looks at the end whether all of them were there.
class LineCursor {
 public:
  explicit LineCursor(std::string_view line)
      : begin_(line.data()), at_(begin_), end_(begin_ + line.size()) {}

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::string_view rest() const {
    return {at_, static_cast<std::size_t>(end_ - at_)};
  }

  /// Takes the text if it stands here.
  bool take(std::string_view text) {
    if (failed_ || !rest().starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  void expect(std::string_view text) {
    if (!take(text)) fail("expected ", text);
  }
  /// Up to and without the next quotation mark, which is taken too. Strings of a journal have no
  /// escapes outside of notes.
  std::string_view text() {
    if (failed_) return {};
    const std::string_view all = rest();
    const std::size_t length = all.find('"');
    if (length == std::string_view::npos) {
      fail("expected the end of a string");
      return {};
    }
    at_ += length + 1;
    return all.substr(0, length);
  }
  std::string_view digest() {
    if (failed_ || rest().size() < digest_digits) {
      fail("expected 64 digits");
      return {};
    }
    const std::string_view digits = rest().substr(0, digest_digits);
    at_ += digest_digits;
    return digits;
  }
  std::uint64_t number() {
    if (failed_) return 0;
    std::uint64_t value = 0;
    const auto [stop, failure] = std::from_chars(at_, end_, value);
    const bool is_wide = failure != std::errc{} || value > std::uint64_t{largest_json_integer};
    if (is_wide || (*at_ == '0' && stop - at_ > 1)) {
      fail("expected an integer of at most 2^53 - 1 without leading zeros");
      return 0;
    }
    at_ = stop;
    return value;
  }
  Amount amount() {
    const char* const begin = at_;
    const std::string_view digits = text();
    if (failed_) return 0;
    // Nearly all amounts fit into 64 bits.
    std::uint64_t small = 0;
    const auto [stop, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), small);
    const bool fits = failure == std::errc{} && stop == digits.data() + digits.size() &&
                      (digits[0] != '0' || digits.size() == 1);
    if (fits) return small;
    const auto large = ledger::parse_amount(digits);
    if (!large) fail_at(begin, "expected an amount in decimal digits without leading zeros");
    return large.value_or(0);
  }
  /// The one text that `ledger::to_hex` gives to an id.
  Amount id() {
    const char* const begin = at_;
    const std::string_view digits = text();
    if (failed_) return 0;
    const auto value = parse_id(digits);
    const bool is_even = digits.size() % 2 == 0;
    if (!value || !is_even || (digits.size() > 2 && digits.starts_with("00"))) {
      fail_at(begin,
              "expected an id: an even number of digits 0 to f, without more leading zeros "
              "than that takes");
    }
    return value.value_or(0);
  }
  template <class Value>
  Value word(std::optional<Value> (*value_of)(std::string_view), std::string_view what) {
    const char* const begin = at_;
    const std::string_view found = text();
    if (failed_) return {};
    const std::optional<Value> value = value_of(found);
    if (!value) fail_at(begin, "unknown ", what);
    return value.value_or(Value{});
  }
  /// The name of an account, which whoever looks it up will check.
  std::string_view known_as() {
    const char* const begin = at_;
    const std::string_view found = text();
    if (!failed_ && found.empty()) fail_at(begin, "expected the name of an account");
    return found;
  }
  std::string_view account() {
    const char* const begin = at_;
    const std::string_view found = text();
    if (failed_ || ledger::parse_account_name(found)) return found;
    fail_at(begin, ledger::parse_account_name(found).error().message);
    return {};
  }

  void fail_at(const char* place, std::string_view what, std::string_view more = "") {
    at_ = place;
    fail(what, more);
  }
  void fail(std::string_view what, std::string_view more = "") {
    if (failed_) return;
    failed_ = true;
    what_ = what;
    if (!more.empty()) what_ += what == "expected " ? in_quotes(more) : std::string(more);
  }
  [[nodiscard]] Error error() const {
    const std::string_view found = rest().substr(0, most_quoted);
    return {.code = ErrorCode::corrupt,
            .message = what_ + ", found " + (found.empty() ? "the end" : in_quotes(found)),
            .hint = "",
            .where = {.file = "", .line = 0, .column = static_cast<int>(at_ - begin_) + 1}};
  }

 private:
  const char* begin_;
  const char* at_;
  const char* end_;
  bool failed_ = false;
  std::string what_;
};

void read_timeout(LineCursor& line, Transfer& transfer) {
  const std::string_view before = line.rest();
  std::int64_t factor = 0;
  if (line.take(R"(,"timeout_s":)")) factor = core::seconds(1).count();
  if (factor == 0 && line.take(R"(,"timeout_us":)")) factor = 1;
  if (factor == 0) return;
  const auto number = static_cast<std::int64_t>(line.number());
  if (line.failed()) return;
  transfer.timeout = core::Duration{number > largest_json_integer / factor ? 0 : number * factor};
  const bool is_whole = transfer.timeout.count() % core::seconds(1).count() == 0;
  if (transfer.timeout.count() == 0 || is_whole != (factor != 1)) {
    line.fail_at(before.data(),
                 "a timeout is whole seconds in timeout_s, others are in timeout_us");
  }
}

void read_transfer(LineCursor& line, TransferKind kind, LedgerLine& parsed) {
  auto& transfer = parsed.entry.body.emplace<Transfer>();
  transfer.kind = kind;
  line.expect(R"(,"id":")");
  transfer.id.value = line.id();
  const bool moves = kind == TransferKind::transfer || kind == TransferKind::pending;
  if (moves) {
    line.expect(R"(,"dr":")");
    parsed.debit = line.known_as();
    line.expect(R"(,"cr":")");
    parsed.credit = line.known_as();
  }
  if (kind == TransferKind::post || kind == TransferKind::void_) {
    line.expect(R"(,"pending":")");
    transfer.pending.value = line.id();
  }
  if (moves || kind == TransferKind::post) {
    line.expect(R"(,"amt":")");
    transfer.amount = line.amount();
  }
  const bool is_of_group = kind == TransferKind::post_group || kind == TransferKind::void_group;
  const char* const at_group = line.rest().data();
  if (is_of_group || (kind == TransferKind::pending && line.rest().starts_with(R"(,"group")"))) {
    line.expect(R"(,"group":")");
    transfer.group.value = line.id();
    if (!is_of_group && transfer.group.value == 0) {
      line.fail_at(at_group, "a group of zero is left out");
    }
  }
  if (kind == TransferKind::pending) read_timeout(line, transfer);
  line.expect(R"(,"code":")");
  transfer.reason = line.word(ledger::reason_of, "reason of a transfer");
  transfer.linked = line.take(R"(,"linked":true)");
  line.expect("}");
}

void read_genesis(LineCursor& line, LedgerLine& parsed) {
  auto& genesis = parsed.entry.body.emplace<ledger::Genesis>();
  line.expect(R"(,"ledger":")");
  const char* const begin = line.rest().data();
  genesis.ledger = line.text();
  if (!line.failed() &&
      (!is_note_key_name(genesis.ledger) || genesis.ledger.find('\\') != std::string::npos)) {
    line.fail_at(begin, "expected the ledger's name, such as example.org/ledger");
  }
  line.expect(R"(,"unit":"ucr"})");
}

void read_note(LineCursor& line, std::string_view type, const char* at_type, LedgerLine& parsed) {
  auto& note = parsed.entry.body.emplace<ledger::Note>();
  if (line.failed()) return;
  if (!is_note_type(type)) {
    line.fail_at(at_type, "expected the type of an entry: letters a to z, digits and . _ -");
    return;
  }
  note.type = type;
  const std::string_view rest = line.rest();
  if (!rest.ends_with('}')) {
    line.fail_at(rest.data() + rest.size(), "expected '}'");
    return;
  }
  std::string_view members = rest.substr(0, rest.size() - 1);
  if (!members.empty()) {
    line.expect(",");
    if (line.failed()) return;
    members.remove_prefix(1);
    if (members.empty()) line.fail("expected a member");
  }
  if (const auto fault = check_json_members(members, ledger_words::common_members)) {
    line.fail_at(members.data() + fault->at, fault->message);
    return;
  }
  note.body = members;
  line.take(members);
  line.expect("}");
}

void read_other(LineCursor& line, std::string_view type, const char* at_type, LedgerLine& parsed) {
  namespace words = ledger_words;
  ledger::EntryBody& body = parsed.entry.body;
  if (type == words::genesis) {
    read_genesis(line, parsed);
    return;
  }
  if (type == words::transfer_failed) {
    auto& failed = body.emplace<ledger::TransferFailed>();
    line.expect(R"(,"id":")");
    failed.id.value = line.id();
    line.expect(R"(,"status":")");
    failed.status = line.word(ledger::status_of, "status of a transfer");
  } else if (type == words::pending_expired) {
    auto& expired = body.emplace<ledger::PendingExpired>();
    line.expect(R"(,"pending":")");
    expired.pending.value = line.id();
  } else if (type == words::account_open) {
    line.expect(R"(,"account":")");
    body.emplace<ledger::AccountOpened>().name = line.account();
  } else if (type == words::account_close) {
    body.emplace<ledger::AccountClosed>();
    line.expect(R"(,"account":")");
    parsed.debit = line.account();
  } else {
    read_note(line, type, at_type, parsed);
    return;
  }
  line.expect("}");
}

}  // namespace

Result<void> parse_ledger_line(std::string_view text, LedgerLine& parsed) {
  LineCursor line(text);
  line.expect(R"({"v":1,"seq":)");
  parsed.seq = line.number();
  line.expect(R"(,"prev":")");
  parsed.prev = line.digest();
  line.expect(R"(","t_us":)");
  parsed.entry.time = core::Time{core::Duration{static_cast<std::int64_t>(line.number())}};
  line.expect(R"(,"type":")");
  parsed.debit = {};
  parsed.credit = {};
  const char* const at_type = line.rest().data();
  const std::string_view type = line.text();
  if (line.failed()) return line.error();
  if (const auto kind = ledger::transfer_kind_of(type)) {
    read_transfer(line, *kind, parsed);
  } else {
    read_other(line, type, at_type, parsed);
  }
  if (!line.failed() && !line.rest().empty()) line.fail("expected the end of the line");
  if (line.failed()) return line.error();
  return {};
}

Result<void> replay_ledger_line(ledger::Ledger& ledger, LedgerLine& parsed) {
  const core::Time time = parsed.entry.time;
  ledger::AccountId debit;
  ledger::AccountId credit;
  if (std::holds_alternative<ledger::AccountClosed>(parsed.entry.body) &&
      !ledger.names().find(parsed.debit)) {
    return Error{.code = ErrorCode::corrupt,
                 .message = "account " + in_quotes(parsed.debit) + " is closed, but never opened",
                 .hint = "the journal was changed, or is the continuation of other books",
                 .where = {}};
  }
  if (!parsed.debit.empty()) {
    const auto account = ledger.replay_account(parsed.debit, time);
    if (!account) return account.error();
    debit = *account;
  }
  if (!parsed.credit.empty()) {
    const auto account = ledger.replay_account(parsed.credit, time);
    if (!account) return account.error();
    credit = *account;
  }
  if (auto* const transfer = std::get_if<Transfer>(&parsed.entry.body)) {
    transfer->debit = debit;
    transfer->credit = credit;
  } else if (auto* const closed = std::get_if<ledger::AccountClosed>(&parsed.entry.body)) {
    closed->account = debit;
  }
  return ledger.replay(parsed.entry);
}

}  // namespace nexa::io
