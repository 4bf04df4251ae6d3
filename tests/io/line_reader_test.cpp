#include "io/line_reader.hpp"

#include <gtest/gtest.h>

namespace nexa::io {
namespace {

LineReader over(std::string_view text, std::size_t most = 1000) {
  return LineReader(memory_bytes(text, "lines.txt"), most);
}

TEST(LineReader, GivesEachLineWithoutItsBreak) {
  LineReader lines = over("one\n\nthree");
  std::string line;
  ASSERT_TRUE(*lines.next(line));
  EXPECT_EQ(line, "one");
  ASSERT_TRUE(*lines.next(line));
  EXPECT_EQ(line, "");
  EXPECT_EQ(lines.number(), 2U);
  EXPECT_TRUE(lines.line_was_ended());
  ASSERT_TRUE(*lines.next(line));
  EXPECT_EQ(line, "three");
  EXPECT_FALSE(lines.line_was_ended());
  EXPECT_FALSE(*lines.next(line));
  EXPECT_EQ(lines.number(), 3U);
}

TEST(LineReader, FindsNothingInNothing) {
  LineReader lines = over("");
  std::string line;
  EXPECT_FALSE(*lines.next(line));
  EXPECT_EQ(lines.number(), 0U);
}

TEST(LineReader, JoinsLinesThatSpanBuffers) {
  const std::string first(700'000, 'a');
  const std::string second(300'000, 'b');
  const std::string text = first + '\n' + second + '\n';
  LineReader lines = over(text, 1'000'000);
  std::string line;
  ASSERT_TRUE(*lines.next(line));
  EXPECT_EQ(line, first);
  ASSERT_TRUE(*lines.next(line));
  EXPECT_EQ(line, second);
  EXPECT_FALSE(*lines.next(line));
}

TEST(LineReader, RefusesALongLineAndNamesIt) {
  const std::string text = "short\n" + std::string(1001, 'x') + "\n";
  LineReader lines = over(text);
  std::string line;
  ASSERT_TRUE(*lines.next(line));
  const auto refused = lines.next(line);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::ErrorCode::limit_exceeded);
  EXPECT_EQ(refused.error().where.file, "lines.txt");
  EXPECT_EQ(refused.error().where.line, 2);
}

}  // namespace
}  // namespace nexa::io
