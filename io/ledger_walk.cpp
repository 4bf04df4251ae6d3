#include "io/ledger_walk.hpp"

#include <cstring>
#include <string>
#include <utility>

#include "io/hex.hpp"
#include "io/hex_pairs.hpp"
#include "io/sha256.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;

/// Behind `{"v":1,"seq":`.
constexpr int seq_column = 14;

}  // namespace

std::array<char, 64> hex_digits(const core::Digest& digest) {
  std::array<char, 64> text{};
  char* at = text.data();
  for (const std::uint8_t byte : digest.bytes) {
    std::memcpy(at, hex_pairs[byte].data(), 2);
    at += 2;
  }
  return text;
}

LedgerWalk::LedgerWalk(ledger::Ledger* ledger)
    : ledger_(ledger), chain_(sha256_of_parts), before_unfinished_(sha256_of_parts) {}

WrongLine LedgerWalk::wrong(LineFault fault, Error error) const {
  error.where.line = static_cast<int>(chain_.size() + 1);
  return {fault, line_.seq, std::move(error)};
}

Error LedgerWalk::wrong_seq() const {
  return {.code = ErrorCode::corrupt,
          .message = "the entry has the number " + std::to_string(line_.seq) + ", expected " +
                     std::to_string(chain_.size()),
          .hint = "entries were left out, put in or moved",
          .where = {.file = "", .line = 0, .column = seq_column}};
}

Error LedgerWalk::wrong_prev() const {
  const auto expected = hex_digits(chain_.head());
  return {.code = ErrorCode::corrupt,
          .message = "the entry follows one with the hash " +
                     (digest_of_hex(line_.prev) ? std::string(line_.prev) : in_quotes(line_.prev)) +
                     ", but the one before it has " + std::string(expected.data(), expected.size()),
          .hint = "this entry or the one before it was changed",
          .where = {.file = "",
                    .line = 0,
                    .column = seq_column + static_cast<int>(std::to_string(line_.seq).size()) + 9}};
}

std::optional<WrongLine> LedgerWalk::add(std::string_view line) {
  if (line.size() > longest_ledger_line) {
    return wrong(LineFault::form,
                 {.code = ErrorCode::corrupt,
                  .message = "a line of " + std::to_string(line.size()) + " bytes",
                  .hint = "lines of a journal have at most " + std::to_string(longest_ledger_line),
                  .where = {}});
  }
  if (const auto parsed = parse_ledger_line(line, line_); !parsed) {
    return wrong(LineFault::form, parsed.error());
  }
  if (line_.seq != chain_.size()) return wrong(LineFault::seq, wrong_seq());
  const auto expected = hex_digits(chain_.head());
  if (line_.prev != std::string_view(expected.data(), expected.size())) {
    return wrong(LineFault::prev, wrong_prev());
  }
  if (line_.seq == 0) {
    if (const auto* const genesis = std::get_if<ledger::Genesis>(&line_.entry.body)) {
      origin_ = genesis->ledger;
    }
  }
  if (ledger_ != nullptr) {
    if (const auto done = replay_ledger_line(*ledger_, line_); !done) {
      return wrong(LineFault::replay, done.error());
    }
    if (ledger_->unfinished_chain() == 1) before_unfinished_ = chain_;
  }
  chain_.add(line);
  return std::nullopt;
}

}  // namespace nexa::io
