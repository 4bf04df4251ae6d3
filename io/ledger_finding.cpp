#include "io/ledger_finding.hpp"

#include <array>
#include <optional>
#include <utility>

#include "io/sha256.hpp"

namespace nexa::io {
namespace {

using core::Digest;

constexpr std::array<std::string_view, 9> names{"malformed", "changed",   "inserted",
                                                "missing",   "moved",     "forbidden",
                                                "rewritten", "truncated", "unproven"};
static_assert(names.size() == static_cast<std::size_t>(Tampering::unproven) + 1);

/// What a line says of its place, and its own hash.
struct Link {
  std::uint64_t seq = 0;
  std::string prev;
  std::string leaf;
};

std::string leaf_of(std::string_view line) {
  return to_hex(ledger::leaf_hash(sha256_of_parts, line));
}

std::optional<Link> link_of(std::string_view line) {
  LedgerLine parsed;
  if (!parse_ledger_line(line, parsed)) return std::nullopt;
  return Link{parsed.seq, std::string(parsed.prev), leaf_of(line)};
}

std::string entry_text(std::uint64_t entry) {
  return "entry " + std::to_string(entry);
}

class Diagnosis {
 public:
  Diagnosis(const WrongLine& wrong, const Surroundings& lines)
      : wrong_(wrong), lines_(lines), entry_(lines.entry), head_(to_hex(lines.head)) {
    line_ = link_of(lines.line);
    if (entry_ > 0) before_ = link_of(lines.before);
    if (!lines.after.empty()) next_ = link_of(lines.after[0]);
    if (lines.after.size() > 1) second_ = link_of(lines.after[1]);
  }

  LedgerFinding run() {
    switch (wrong_.fault) {
      case LineFault::form:
        return of_form();
      case LineFault::seq:
        return of_seq();
      case LineFault::prev:
        return of_prev();
      case LineFault::replay:
        break;
    }
    return of_replay();
  }

 private:
  [[nodiscard]] LedgerFinding finding(Tampering tampering, std::uint64_t entry, std::string message,
                                      std::string expected = "", std::string found = "") const {
    LedgerFinding made{tampering,
                       entry,
                       {.file = "", .line = 0, .column = 0},
                       std::move(message),
                       std::move(expected),
                       std::move(found)};
    made.where.line = static_cast<int>(entry + 1);
    if (entry == entry_) made.where.column = wrong_.error.where.column;
    return made;
  }

  /// The next line takes the wrong one's place: it has its number and follows the same line.
  [[nodiscard]] bool next_stands_here() const {
    return next_ && next_->seq == entry_ && next_->prev == head_;
  }
  [[nodiscard]] bool next_confirms_line() const {
    return next_ && line_ && next_->prev == line_->leaf;
  }

  [[nodiscard]] LedgerFinding inserted() const {
    return finding(Tampering::inserted, entry_,
                   "an entry was put in: the one behind it follows the one before it",
                   std::to_string(entry_), std::to_string(wrong_.seq));
  }

  [[nodiscard]] LedgerFinding of_form() const {
    if (next_stands_here()) return inserted();
    return finding(Tampering::malformed, entry_, wrong_.error.message);
  }

  [[nodiscard]] LedgerFinding of_seq() const {
    const std::string expected = std::to_string(entry_);
    const std::string found = std::to_string(line_->seq);
    if (next_stands_here()) {
      const bool follows_next = line_->seq == entry_ + 1 && line_->prev == next_->leaf;
      const bool is_copy = second_ && second_->seq == line_->seq;
      if (!follows_next || is_copy) return inserted();
      return finding(Tampering::moved, entry_,
                     entry_text(entry_) + " and entry " + found + " changed places", expected,
                     found);
    }
    if (line_->prev == head_) {
      return finding(Tampering::changed, entry_, "the number of the entry was changed", expected,
                     found);
    }
    if (before_ && line_->seq + 1 == entry_ && line_->prev == before_->prev) {
      // Two lines claim to follow the same one; the line behind knows which of them is real.
      if (line_->leaf == before_->leaf || (next_ && next_->prev == before_->leaf)) {
        return inserted();
      }
      LedgerFinding put_in = inserted();
      put_in.entry = entry_ - 1;
      put_in.where = {.file = "", .line = static_cast<int>(entry_), .column = 0};
      put_in.message = "an entry was put in: the one behind it has its number and its place";
      put_in.expected = line_->leaf;
      put_in.found = before_->leaf;
      return put_in;
    }
    const bool goes_on = !next_ || next_->seq == line_->seq + 1;
    if (line_->seq > entry_ && goes_on) {
      const std::uint64_t last = line_->seq - 1;
      return finding(Tampering::missing, entry_,
                     last == entry_
                         ? entry_text(entry_) + " is missing"
                         : "entries " + expected + " to " + std::to_string(last) + " are missing",
                     expected, found);
    }
    return finding(Tampering::moved, entry_,
                   entry_text(line_->seq) + " stands in the place of entry " + expected, expected,
                   found);
  }

  [[nodiscard]] LedgerFinding of_prev() const {
    if (entry_ == 0) {
      return finding(Tampering::changed, 0, "the first entry names one before it",
                     std::string(head_.size(), '0'), line_->prev);
    }
    const bool is_here = lines_.before_is_certain || (next_ && !next_confirms_line());
    if (is_here) {
      return finding(Tampering::changed, entry_,
                     "the entry was changed: it does not name the hash of the one before it", head_,
                     line_->prev);
    }
    if (next_) {
      return finding(Tampering::changed, entry_ - 1,
                     "the entry was changed: the one behind it names another hash", line_->prev,
                     head_);
    }
    return finding(Tampering::changed, entry_,
                   "the entry or the one before it was changed: it names another hash than that "
                   "one has",
                   head_, line_->prev);
  }

  [[nodiscard]] LedgerFinding of_replay() const {
    if (next_ && !next_confirms_line()) {
      return finding(Tampering::changed, entry_,
                     "the entry was changed: the one behind it names another hash, and the books "
                     "forbid it: " +
                         wrong_.error.message,
                     next_->prev, line_ ? line_->leaf : "");
    }
    return finding(Tampering::forbidden, entry_, wrong_.error.message);
  }

  const WrongLine& wrong_;
  const Surroundings& lines_;
  std::uint64_t entry_;
  std::string head_;
  std::optional<Link> before_;
  std::optional<Link> line_;
  std::optional<Link> next_;
  std::optional<Link> second_;
};

}  // namespace

std::string_view name(Tampering tampering) {
  return names[static_cast<std::size_t>(tampering)];
}

LedgerFinding diagnose(const WrongLine& wrong, const Surroundings& lines) {
  return Diagnosis(wrong, lines).run();
}

}  // namespace nexa::io
