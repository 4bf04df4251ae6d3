#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/result.hpp"
#include "io/ledger_line.hpp"
#include "ledger/chain.hpp"
#include "ledger/ledger.hpp"

namespace nexa::io {

/// What is wrong with a line of a journal.
enum class LineFault : std::uint8_t {
  form,    ///< it is no line of a journal
  seq,     ///< it has another number than its place
  prev,    ///< it does not name the hash of the line before it
  replay,  ///< the books forbid it
};

struct WrongLine {
  LineFault fault{};
  std::uint64_t seq = 0;  ///< what the line says, where it has form
  core::Error error;      ///< with line and column, but no file
};

/// Takes the lines of a journal one after the other and checks all that a line shows by itself and
/// by the lines before it.
class LedgerWalk {
 public:
  /// Replays the entries in `ledger`, which must be empty, unless that is null. It must outlive the
  /// walk.
  explicit LedgerWalk(ledger::Ledger* ledger);

  /// Takes the next line, without its line break. After a wrong one the walk is over.
  std::optional<WrongLine> add(std::string_view line);

  [[nodiscard]] const ledger::Chain& chain() const { return chain_; }
  /// The lines before the last chain of linked transfers, where the ledger says that its end has
  /// not come yet.
  [[nodiscard]] const ledger::Chain& chain_before_unfinished() const { return before_unfinished_; }
  /// The name in the first line; empty where that is no genesis.
  [[nodiscard]] const std::string& origin() const { return origin_; }
  /// What the last line said.
  [[nodiscard]] const LedgerLine& line() const { return line_; }

 private:
  [[nodiscard]] WrongLine wrong(LineFault fault, core::Error error) const;
  [[nodiscard]] core::Error wrong_seq() const;
  [[nodiscard]] core::Error wrong_prev() const;

  ledger::Ledger* ledger_;
  ledger::Chain chain_;
  ledger::Chain before_unfinished_;
  LedgerLine line_;
  std::string origin_;
};

/// 64 lower-case digits of a digest, without a string around them.
std::array<char, 64> hex_digits(const core::Digest& digest);

}  // namespace nexa::io
