#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "io/compare/plain_files.hpp"
#include "io/compare/read_ahead.hpp"
#include "validator/compare/text_tokens.hpp"

namespace nexa::io::compare {

namespace {

using core::Result;
using validator::compare::number_in;
using validator::compare::NumberComparison;
using validator::compare::NumberPair;
using validator::compare::Token;
using validator::compare::TokenKind;
using validator::compare::TokenScanner;
using validator::compare::Tolerance;

/// The tokens of a file.
class FileTokens {
 public:
  explicit FileTokens(ResultFile file) : source_(std::move(file)) {}

  Result<Token> next() {
    while (true) {
      if (const auto token = scanner_.next()) return *token;
      const auto piece = source_.next();
      if (!piece) return piece.error();
      scanner_.feed({reinterpret_cast<const char*>(piece->data()), piece->size()});
    }
  }
  [[nodiscard]] std::uint64_t line() const { return scanner_.line(); }

 private:
  ReadAhead source_;
  TokenScanner scanner_;
};

/// Numbers are handed over by the thousand, and where they stand is remembered as long as one of
/// them may be the first or the worst.
class NumberBatches {
 public:
  explicit NumberBatches(const Tolerance& tolerance) : numbers_(tolerance) {}

  using Value = std::variant<std::int64_t, double>;

  void add(const Value& a, const Value& b, std::uint64_t line) {
    if (std::holds_alternative<std::int64_t>(a) && std::holds_alternative<std::int64_t>(b)) {
      if (!reals_a_.empty()) flush();
      integers_a_.push_back(std::get<std::int64_t>(a));
      integers_b_.push_back(std::get<std::int64_t>(b));
    } else {
      if (!integers_a_.empty()) flush();
      const auto as_real = [](auto value) { return static_cast<double>(value); };
      reals_a_.push_back(std::visit(as_real, a));
      reals_b_.push_back(std::visit(as_real, b));
    }
    lines_.push_back(line);
    if (lines_.size() == 1024) flush();
  }

  void flush() {
    const std::uint64_t before = numbers_.progress().count;
    numbers_.add(std::span<const std::int64_t>(integers_a_),
                 std::span<const std::int64_t>(integers_b_));
    numbers_.add(std::span<const double>(reals_a_), std::span<const double>(reals_b_));
    const auto remember = [&](const std::optional<NumberPair>& pair, std::uint64_t& line) {
      if (pair && pair->index >= before) line = lines_[pair->index - before];
    };
    remember(numbers_.progress().first_mismatch, first_line_);
    remember(numbers_.progress().largest, largest_line_);
    for (auto* integers : {&integers_a_, &integers_b_}) integers->clear();
    for (auto* reals : {&reals_a_, &reals_b_}) reals->clear();
    lines_.clear();
  }

  [[nodiscard]] const NumberComparison& numbers() const { return numbers_; }
  /// The line of the first mismatch or of the largest deviation, which are all that is asked for.
  [[nodiscard]] std::uint64_t line_of(std::uint64_t index) const {
    const auto& first = numbers_.progress().first_mismatch;
    return first && first->index == index ? first_line_ : largest_line_;
  }

 private:
  NumberComparison numbers_;
  std::vector<std::int64_t> integers_a_, integers_b_;
  std::vector<double> reals_a_, reals_b_;
  std::vector<std::uint64_t> lines_;
  std::uint64_t first_line_ = 0;
  std::uint64_t largest_line_ = 0;
};

std::string token_text(const Token& token) {
  if (token.kind == TokenKind::end) return "the end of the text";
  if (token.kind == TokenKind::line_end) return "the end of the line";
  return shown(token.text);
}

class TextComparison {
 public:
  TextComparison(ResultFile a, ResultFile b, std::string name, const Tolerance& tolerance)
      : name_(std::move(name)), a_(std::move(a)), b_(std::move(b)), batches_(tolerance) {}

  Result<Comparison> run() {
    while (true) {
      const Result<Token> a = a_.next();
      if (!a) return a.error();
      const Result<Token> b = b_.next();
      if (!b) return b.error();
      if (a->kind != b->kind) {
        note(*a, *b);
        break;
      }
      if (a->kind == TokenKind::end) break;
      if (a->kind == TokenKind::word) {
        compare_words(*a, *b);
      } else if (a->text != b->text) {
        note(*a, *b);
      }
    }
    return result();
  }

 private:
  void compare_words(const Token& a, const Token& b) {
    const auto number_a = number_in(a.text);
    const auto number_b = number_in(b.text);
    if (number_a && number_b) {
      batches_.add(*number_a, *number_b, a_.line());
    } else if (a.text != b.text) {
      note(a, b);
    }
  }

  [[nodiscard]] std::string place(std::uint64_t line) const {
    return name_.empty() ? "line " + std::to_string(line) : name_ + ':' + std::to_string(line);
  }

  void note(const Token& a, const Token& b) {
    if (words_.difference_count == 0) first_line_ = a_.line();
    words_.differ(place(a_.line()), token_text(a) + " and " + token_text(b));
  }

  /// What differs in numbers and in words, in the order of the lines.
  Comparison result() {
    batches_.flush();
    const auto where = [this](std::uint64_t index) { return place(batches_.line_of(index)); };
    const auto& first = batches_.numbers().progress().first_mismatch;
    const bool words_first =
        words_.difference_count > 0 && first && first_line_ < batches_.line_of(first->index);
    Comparison numbers;
    numbers.add_part(name_, batches_.numbers(), where);
    Comparison whole = words_first ? words_ : numbers;
    whole.add(words_first ? numbers : words_);
    return whole;
  }

  std::string name_;
  FileTokens a_, b_;
  NumberBatches batches_;
  Comparison words_;  ///< what differs besides numbers
  std::uint64_t first_line_ = 0;
};

}  // namespace

Result<Comparison> compare_texts(ResultFile a, ResultFile b, const std::string& name,
                                 const Tolerance& tolerance) {
  return TextComparison(std::move(a), std::move(b), name, tolerance).run();
}

}  // namespace nexa::io::compare
