#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace nexa::validator::compare {

enum class TokenKind : std::uint8_t {
  word,       ///< a number or anything else that stands between separators and blanks
  separator,  ///< one of `, ; : = ( ) [ ] { } < > | " '`
  line_end,   ///< also where the last line ends without one
  end,        ///< of the text
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  ///< valid until the scanner is used again
};

/// Cuts a text that comes in pieces into tokens. Blanks, tabs, carriage returns and form feeds only
/// separate words; how many there are does not matter. Words longer than `longest_word` come in
/// pieces of that length. The tokens do not depend on the pieces of the text.
class TokenScanner {
 public:
  static constexpr std::size_t longest_word = 4096;

  /// The next piece, once `next` has returned nothing; an empty one is the end of the text. It must
  /// stay unchanged until it has been used up.
  void feed(std::string_view piece);
  /// The next token, or nothing where the next piece is needed. `end` comes again and again.
  std::optional<Token> next();
  /// The line of the last token, from 1.
  [[nodiscard]] std::uint64_t line() const { return line_; }

 private:
  std::optional<Token> word();

  std::string_view rest_;  ///< of the piece
  bool at_end_ = false;
  bool line_is_open_ = false;  ///< the line has characters
  bool count_line_ = false;    ///< the next token stands in the next line
  std::uint64_t line_ = 1;
  std::string carried_;  ///< the beginning of a word that goes on in the next piece
  bool carried_is_out_ = false;
};

/// A word as a number: an integer of 64 bits, or binary64 for all other decimal numbers, of which
/// `1.5`, `.5`, `1e-3`, Fortran's `1.5D+3`, `inf`, `Infinity` and `nan` are understood. Nothing for
/// other words, and for numbers beyond the range of their type: those are compared as text.
std::optional<std::variant<std::int64_t, double>> number_in(std::string_view word);

}  // namespace nexa::validator::compare
