#include "validator/compare/text_tokens.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/assert.hpp"

namespace nexa::validator::compare {

namespace {

enum class Class : std::uint8_t { inner, blank, separator, line_end };

constexpr std::array<Class, 256> classes = [] {
  std::array<Class, 256> table{};
  for (const char c : std::string_view(" \t\r\f\v")) {
    table[static_cast<unsigned char>(c)] = Class::blank;
  }
  for (const char c : std::string_view(",;:=()[]{}<>|\"'")) {
    table[static_cast<unsigned char>(c)] = Class::separator;
  }
  table['\n'] = Class::line_end;
  return table;
}();

Class class_of(char c) {
  return classes[static_cast<unsigned char>(c)];
}

std::size_t word_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && class_of(text[length]) == Class::inner) ++length;
  return length;
}

/// Fortran writes the exponent of a double behind a D.
std::string_view with_e(std::string_view word, std::array<char, 64>& buffer) {
  const std::size_t mark = word.find_first_of("dD");
  if (mark == std::string_view::npos || word.size() > buffer.size()) return word;
  // "infinity" and "nan" have no d, so this can be but an exponent or no number at all.
  std::copy(word.begin(), word.end(), buffer.begin());
  buffer[mark] = 'e';
  return {buffer.data(), word.size()};
}

}  // namespace

void TokenScanner::feed(std::string_view piece) {
  NEXA_ASSERT(rest_.empty(), "a piece is used up before the next one");
  rest_ = piece;
  at_end_ = piece.empty();
}

std::optional<Token> TokenScanner::word() {
  const std::size_t room = longest_word - carried_.size();
  const std::size_t length = word_length(rest_.substr(0, room));
  const std::string_view here = rest_.substr(0, length);
  // Only a separator or a full word says that no more of it will come.
  const bool is_whole = length < rest_.size() || length == room || at_end_;
  rest_.remove_prefix(length);
  if (is_whole && carried_.empty()) return Token{TokenKind::word, here};
  carried_ += here;
  if (!is_whole) return std::nullopt;
  carried_is_out_ = true;
  return Token{TokenKind::word, carried_};
}

std::optional<Token> TokenScanner::next() {
  if (carried_is_out_) carried_.clear();
  carried_is_out_ = false;
  if (count_line_) ++line_;
  count_line_ = false;
  if (!carried_.empty() && (at_end_ || !rest_.empty())) return word();
  while (!rest_.empty() && class_of(rest_.front()) == Class::blank) rest_.remove_prefix(1);
  if (rest_.empty()) {
    if (!at_end_) return std::nullopt;
    const bool ends_line = line_is_open_;
    line_is_open_ = false;
    return Token{ends_line ? TokenKind::line_end : TokenKind::end, {}};
  }
  line_is_open_ = true;
  const Class first = class_of(rest_.front());
  if (first == Class::inner) return word();
  const std::string_view text = rest_.substr(0, 1);
  rest_.remove_prefix(1);
  if (first == Class::separator) return Token{TokenKind::separator, text};
  line_is_open_ = false;
  count_line_ = true;
  return Token{TokenKind::line_end, {}};
}

std::optional<std::variant<std::int64_t, double>> number_in(std::string_view word) {
  // from_chars takes no plus.
  if (word.size() > 1 && word[0] == '+' && word[1] != '-') word.remove_prefix(1);
  const char* const end = word.data() + word.size();
  std::int64_t integer = 0;
  const auto [int_stop, int_status] = std::from_chars(word.data(), end, integer);
  if (int_status == std::errc{} && int_stop == end) return integer;
  if (int_status == std::errc::result_out_of_range && int_stop == end) return std::nullopt;
  std::array<char, 64> buffer{};
  const std::string_view plain = with_e(word, buffer);
  double real = 0;
  const auto [stop, status] = std::from_chars(plain.data(), plain.data() + plain.size(), real);
  if (status != std::errc{} || stop != plain.data() + plain.size()) return std::nullopt;
  return real;
}

}  // namespace nexa::validator::compare
