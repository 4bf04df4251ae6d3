#include "validator/compare/text_tokens.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/rng.hpp"

namespace nexa::validator::compare {
namespace {

/// The tokens of a text that is fed in pieces, each as `line:text`; `$` is the end of a line.
std::vector<std::string> tokens(std::string_view text, std::size_t piece) {
  TokenScanner scanner;
  std::vector<std::string> found;
  while (true) {
    const auto token = scanner.next();
    if (!token) {
      scanner.feed(text.substr(0, piece));
      text.remove_prefix(std::min(piece, text.size()));
      continue;
    }
    if (token->kind == TokenKind::end) return found;
    const std::string name = token->kind == TokenKind::line_end ? "$" : std::string(token->text);
    found.push_back(std::to_string(scanner.line()) + ':' + name);
  }
}

std::vector<std::string> tokens(std::string_view text) {
  return tokens(text, text.size() + 1);
}

using Texts = std::vector<std::string>;

TEST(TokenScanner, CutsWordsSeparatorsAndLines) {
  EXPECT_EQ(tokens("u = 1.5e-3, [2]\n\nend"), (Texts{"1:u", "1:=", "1:1.5e-3", "1:,", "1:[", "1:2",
                                                     "1:]", "1:$", "2:$", "3:end", "3:$"}));
  EXPECT_EQ(tokens(""), Texts{});
  EXPECT_EQ(tokens("\n"), Texts{"1:$"});
  EXPECT_EQ(tokens("a\r\n"), tokens("a\n"));
  EXPECT_EQ(tokens("a"), tokens("a\n"));
}

TEST(TokenScanner, TheNumberOfBlanksDoesNotMatter) {
  EXPECT_EQ(tokens("  1.0 \t -2.0  \n"), tokens("1.0 -2.0\n"));
  EXPECT_NE(tokens("1.0-2.0\n"), tokens("1.0 -2.0\n"));
  EXPECT_NE(tokens("1\n2\n"), tokens("1 2\n"));
}

TEST(TokenScanner, DoesNotDependOnThePieces) {
  std::string text = "alpha 1.25,-3 ;; x\n\n  (nan)\t" + std::string(10'000, 'w') + " 7\nlast";
  for (std::uint32_t draw = 0; draw < 2000; ++draw) {
    const auto at = core::random_below({1, core::RandomStream::test, 1, draw}, 8);
    text += "a1 ,\n=-"[at];
  }
  const Texts whole = tokens(text);
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U, 4095U, 4096U, 4097U}) {
    EXPECT_EQ(tokens(text, piece), whole) << piece;
  }
}

TEST(TokenScanner, LongWordsComeInPieces) {
  const Texts found = tokens(std::string(2 * TokenScanner::longest_word + 5, 'x'));
  ASSERT_EQ(found.size(), 4);
  EXPECT_EQ(found[1].size(), TokenScanner::longest_word + 2);
  EXPECT_EQ(found[2], "1:xxxxx");
}

double real_in(std::string_view word) {
  const auto number = number_in(word);
  EXPECT_TRUE(number && std::holds_alternative<double>(*number)) << word;
  return number && std::holds_alternative<double>(*number) ? std::get<double>(*number) : -99;
}

TEST(NumberIn, UnderstandsDecimalNumbers) {
  EXPECT_EQ(real_in("1.5"), 1.5);
  EXPECT_EQ(real_in("+.5"), 0.5);
  EXPECT_EQ(real_in("-1e-3"), -1e-3);
  EXPECT_EQ(real_in("1.5D+03"), 1500);
  EXPECT_EQ(real_in("2d0"), 2);
  EXPECT_EQ(real_in("-Infinity"), -INFINITY);
  EXPECT_EQ(real_in("inf"), INFINITY);
  EXPECT_TRUE(std::isnan(real_in("NaN")));
}

TEST(NumberIn, KeepsIntegersExact) {
  EXPECT_EQ(std::get<std::int64_t>(*number_in("9007199254740993")), 9007199254740993);
  EXPECT_EQ(std::get<std::int64_t>(*number_in("-7")), -7);
  EXPECT_EQ(std::get<std::int64_t>(*number_in("+7")), 7);
}

TEST(NumberIn, LeavesOtherWordsAlone) {
  for (const char* word :
       {"", "-", "+", "+-1", "--1", "abc", "1.2.3", "0x10", "2024-01-02", "1e", "e5", "d5", "1d",
        "5%", "1e999", "1e-999", "99999999999999999999", "nand", "1.5dd3"}) {
    EXPECT_FALSE(number_in(word)) << word;
  }
}

}  // namespace
}  // namespace nexa::validator::compare
