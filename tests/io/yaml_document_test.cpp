#include "io/yaml/document.hpp"

#include <gtest/gtest.h>

#include <string>

#include "io/yaml/cursor.hpp"
#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

using testing::expect_one_error;
using testing::source_of;

/// Parses text that must be refused, and gives the errors.
Diagnostics errors_of(const std::string& text) {
  Diagnostics diagnostics;
  parse_yaml(source_of(text), diagnostics);
  EXPECT_FALSE(diagnostics.ok()) << text.substr(0, 100);
  return diagnostics;
}

TEST(YamlDocument, KeepsScalarsAsTheyAreWritten) {
  Diagnostics diagnostics;
  const auto document =
      parse_yaml(source_of("a: no\nb: 010\nc: 1:30\nd: \"no\"\ne: ~\nf: 0x1F\n"), diagnostics);
  ASSERT_TRUE(document) << diagnostics.to_text();
  const auto& entries = document->root().entries;
  ASSERT_EQ(entries.size(), 6U);
  EXPECT_EQ(entries[0].value->text, "no");
  EXPECT_TRUE(entries[0].value->plain);
  EXPECT_EQ(entries[1].value->text, "010");
  EXPECT_EQ(entries[2].value->text, "1:30");
  EXPECT_EQ(entries[3].value->text, "no");
  EXPECT_FALSE(entries[3].value->plain);
  EXPECT_EQ(entries[4].value->kind, YamlKind::null);
  EXPECT_EQ(entries[5].value->text, "0x1F");
}

TEST(YamlDocument, KnowsThePlaceOfKeysAndValues) {
  Diagnostics diagnostics;
  const auto document = parse_yaml(source_of("a:\n  - b: x\n    c~/d: 'y z'\n"), diagnostics);
  ASSERT_TRUE(document);
  const Cursor root(*document, diagnostics);
  const Cursor list = root.entry(root.node().entries[0]);
  const Cursor item = list.item(0);
  const Cursor value = item.entry(item.node().entries[1]);
  EXPECT_EQ(value.path(), "a[0].c~/d");
  EXPECT_EQ(value.pointer(), "/a/0/c~0~1d");
  EXPECT_EQ(value.place().line, 3);
  EXPECT_EQ(value.place().column, 11);
  EXPECT_EQ(value.place().width, 5);
  EXPECT_EQ(value.key_place().column, 5);
  EXPECT_EQ(value.key_place().width, 4);
  EXPECT_EQ(place_at_pointer(root, "/a/0/c~0~1d").column, 11);
  EXPECT_EQ(place_at_pointer(root, "/a/0/none").line, 2);
}

TEST(YamlDocument, ReportsADuplicateKeyWithBothPlaces) {
  expect_one_error(errors_of("a: 1\nb:\n  c: 1\n  c: 2\n"), 4, 3,
                   "duplicate key 'b.c', first given at 3:3", "keep one");
}

TEST(YamlDocument, ReportsEveryDuplicateInOnePass) {
  const Diagnostics diagnostics = errors_of("a: 1\na: 2\nb: {x: 1, x: 2, \"x\": 3}\n");
  EXPECT_EQ(diagnostics.count(), 3U) << diagnostics.to_text();
}

TEST(YamlDocument, RefusesASecondDocument) {
  expect_one_error(errors_of("a: 1\n---\nb: 2\n"), 2, 1, "second document", "split");
}

TEST(YamlDocument, AllowsTheMarksOfASingleDocument) {
  Diagnostics diagnostics;
  EXPECT_TRUE(parse_yaml(source_of("%YAML 1.2\n---\na: 1\n...\n"), diagnostics))
      << diagnostics.to_text();
}

TEST(YamlDocument, RefusesTabsAsIndentation) {
  expect_one_error(errors_of("a:\n\tb: 1\n"), 2, 1, "a tab indents the line", "spaces");
  expect_one_error(errors_of("a:\n  \tb: 1\n"), 2, 3, "a tab indents the line", "spaces");
}

TEST(YamlDocument, AllowsTabsInCommentsAndBehindValues) {
  Diagnostics diagnostics;
  EXPECT_TRUE(parse_yaml(source_of("a: 1\t# x\n\t# comment\n"), diagnostics))
      << diagnostics.to_text();
}

TEST(YamlDocument, AcceptsAByteOrderMarkAndWindowsLineBreaks) {
  Diagnostics diagnostics;
  const auto document = parse_yaml(source_of("\xef\xbb\xbf"
                                             "a: 1\r\nb: 2\r\n"),
                                   diagnostics);
  ASSERT_TRUE(document) << diagnostics.to_text();
  EXPECT_EQ(document->root().entries[0].key, "a");
  EXPECT_EQ(document->root().entries[0].mark.column, 1);
  EXPECT_EQ(document->root().entries[1].value->text, "2");
  EXPECT_EQ(document->root().entries[1].mark.line, 2);
}

TEST(YamlDocument, RefusesEmptyFiles) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "~\n", "\xef\xbb\xbf"}) {
    expect_one_error(errors_of(text), 1, 1, "the file is empty");
  }
}

TEST(YamlDocument, RefusesWhatIsNotUtf8) {
  expect_one_error(errors_of("a: x\nb: \xc3("), 2, 4, "byte 0xc3 is not valid UTF-8", "UTF-8");
  expect_one_error(errors_of("a: \xed\xa0\x80\n"), 1, 4, "byte 0xed is not valid UTF-8");
  expect_one_error(errors_of("a: \xf0\x9f\x98"), 1, 4, "byte 0xf0 is not valid UTF-8");
  expect_one_error(errors_of(std::string("\xff\xfe"
                                         "a\0",
                                         4)),
                   1, 1, "UTF-16", "UTF-8");
}

TEST(YamlDocument, RefusesControlCharacters) {
  expect_one_error(errors_of(std::string("a: 1\nb: \0x\n", 11)), 2, 4, "control character 0x00");
  expect_one_error(errors_of("a: \x04\n"), 1, 4, "control character 0x04");
  expect_one_error(errors_of("a: \xc2\x85\n"), 1, 4, "control character 0x85");
  expect_one_error(errors_of("a: 1\rb: 2\n"), 1, 5, "control character 0x0d");
}

TEST(YamlDocument, LocatesSyntaxErrors) {
  expect_one_error(errors_of("a: b: c\n"), 1, 5, "not valid YAML", "quotes");
  expect_one_error(errors_of("a: 1\nb: [1, 2\nc: 3\n"), 3, 2, "not valid YAML", "bracket");
  expect_one_error(errors_of("a: *nowhere\n"), 1, 4, "anchor is not defined");
}

TEST(YamlDocument, RefusesAQuoteThatIsNotClosed) {
  expect_one_error(errors_of("a: \"x\n"), 1, 4, "the quote is not closed");
  expect_one_error(errors_of("a: 'x''\nb: 1\n"), 1, 4, "the quote is not closed");
  expect_one_error(errors_of("a: &q \"x\\\"\n"), 1, 4, "the quote is not closed");
  Diagnostics diagnostics;
  EXPECT_TRUE(parse_yaml(source_of("a: 'it''s'\nb: &q \"x\\\"\\\\\"\n"), diagnostics))
      << diagnostics.to_text();
}

TEST(YamlDocument, RefusesTagsAndKeysThatAreNotText) {
  expect_one_error(errors_of("a: !!str 5\n"), 1, 4, "tag", "remove the tag");
  expect_one_error(errors_of("? [a]\n: b\n"), 1, 3, "a key must be text");
  expect_one_error(errors_of("a: &x b\n*x : c\n"), 2, 1, "an alias cannot be a key");
  expect_one_error(errors_of("a: 1\n~: 2\n"), 2, 1, "a key must be text");
}

TEST(YamlDocument, SharesWhatAliasesRepeat) {
  Diagnostics diagnostics;
  const auto document = parse_yaml(source_of("a: &x {b: 1}\nc: *x\n"), diagnostics);
  ASSERT_TRUE(document) << diagnostics.to_text();
  const auto& entries = document->root().entries;
  EXPECT_EQ(entries[0].value, entries[1].value);
}

TEST(YamlDocument, RefusesAnAliasInsideItsOwnAnchor) {
  expect_one_error(errors_of("a: &x [1, *x]\n"), 1, 11, "contains it");
}

TEST(YamlDocument, DefusesAnAliasBomb) {
  // Eleven levels of nine aliases each stand for 9^12 values.
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i <= 11; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
    for (int k = 1; k < 9; ++k) bomb += "," + below;
    bomb += "]\n";
  }
  expect_one_error(errors_of(bomb), 6, 14, "more than 200000 values, counting what aliases repeat");
}

TEST(YamlDocument, CountsTheDepthThroughAliases) {
  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i < 100; ++i) {
    const std::string name = "a" + std::to_string(i);
    chain += name + ": &" + name + " [*a" + std::to_string(i - 1) + "]\n";
  }
  expect_one_error(errors_of(chain), 63, 12, "more than 64 levels of nesting");
}

TEST(YamlDocument, RefusesDeepNestingOfEveryForm) {
  std::string indented;
  for (int i = 0; i < 2000; ++i) indented += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  expect_one_error(errors_of(indented), 65, 65, "more than 64 levels");
  std::string dashes;
  for (int i = 0; i < 30'000; ++i) dashes += "- ";
  expect_one_error(errors_of(dashes), 1, 129, "more than 64 levels");
  EXPECT_EQ(errors_of("a: " + std::string(60'000, '[')).count(), 1U);
  EXPECT_EQ(errors_of("a: " + std::string(60'000, '{')).count(), 1U);
}

TEST(YamlDocument, SurvivesAHundredThousandOpenBrackets) {
  std::string lines = "a: ";
  for (int i = 0; i < 100'000; ++i) lines += "[\n";
  EXPECT_EQ(errors_of(lines).count(), 1U);
  EXPECT_EQ(errors_of(std::string(100'000, '[')).count(), 1U);
}

TEST(YamlDocument, RefusesALineThatIsTooLong) {
  const std::string text = "a: 1\nb: " + std::string(40'000'000, 'x');
  expect_one_error(errors_of(text), 2, 65537, "the line is longer than 65536 bytes");
}

TEST(YamlDocument, RefusesAFileThatIsTooLong) {
  std::string text;
  for (int i = 0; i < 500'000; ++i) text += "name: xyz\n";
  expect_one_error(errors_of(text), 419431, 1, "the file is longer than 4194304 bytes");
}

TEST(YamlDocument, RefusesMoreBracketsThanAnyHonestFileHas) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += std::string(10'000, ',') + "\n";
  expect_one_error(errors_of(text), 51, 1, "more than 500000 brackets and commas");
}

TEST(YamlDocument, RefusesMoreValuesThanAnyHonestFileHas) {
  std::string text;
  for (int i = 0; i < 200'001; ++i) text += "-\n";
  expect_one_error(errors_of(text), 200'001, 1, "more than 200000 values");
}

TEST(YamlDocument, LoadsFilesAndReportsMissingOnes) {
  Diagnostics diagnostics;
  EXPECT_FALSE(load_yaml("no/such/file.yaml", diagnostics));
  EXPECT_EQ(diagnostics.first_error().code, core::ErrorCode::not_found);
}

}  // namespace
}  // namespace nexa::io
