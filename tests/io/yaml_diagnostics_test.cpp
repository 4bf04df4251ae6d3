#include "io/yaml/diagnostics.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "io/yaml/document.hpp"
#include "tests/io/scratch.hpp"
#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

using testing::source_of;

Place place(const SourcePtr& source, int line, int column, int width = 1) {
  return {source, line, column, width, {}, {}};
}

TEST(Diagnostics, AreEmptyAtFirst) {
  const Diagnostics diagnostics;
  EXPECT_TRUE(diagnostics.ok());
  EXPECT_EQ(diagnostics.to_text(), "");
}

TEST(Diagnostics, PrintTheLineWithThePlaceUnderlined) {
  const auto source = source_of("job:\n  name: x\n  count: 1\n  teir: gpu-large\n");
  Diagnostics diagnostics;
  diagnostics.add(place(source, 4, 3, 4), "unknown key 'job.teir'", "did you mean 'tier'?");
  EXPECT_EQ(diagnostics.to_text(),
            "job.yaml:4:3: error: unknown key 'job.teir'\n"
            "   4 |   teir: gpu-large\n"
            "     |   ^~~~\n"
            "     = help: did you mean 'tier'?\n"
            "job.yaml: 1 error\n");
}

TEST(Diagnostics, AreSortedByPlaceAndCounted) {
  const auto source = source_of("a\nb\nc\n");
  Diagnostics diagnostics;
  diagnostics.add(place(source, 3, 1), "third");
  diagnostics.add(place(source, 1, 1), "first");
  diagnostics.add(place(source, 2, 1), "second");
  ASSERT_EQ(diagnostics.entries().size(), 3U);
  EXPECT_EQ(diagnostics.entries()[0].message, "first");
  EXPECT_EQ(diagnostics.entries()[2].message, "third");
  EXPECT_NE(diagnostics.to_text().find("job.yaml: 3 errors\n"), std::string::npos);
}

TEST(Diagnostics, KeepTheFirstTwentyAndCountTheRest) {
  const auto source = source_of("a\n");
  Diagnostics diagnostics;
  for (int i = 0; i < 25; ++i) {
    diagnostics.add(place(source, 1, 1), "error " + std::to_string(i));
  }
  EXPECT_EQ(diagnostics.count(), 25U);
  EXPECT_EQ(diagnostics.entries().size(), 20U);
  EXPECT_NE(diagnostics.to_text().find("job.yaml: 25 errors\nthe first 20 of 25 errors are shown"),
            std::string::npos);
}

TEST(Diagnostics, CountTheSameErrorAtTheSamePlaceOnce) {
  const auto source = source_of("a\n");
  Diagnostics diagnostics;
  diagnostics.add(place(source, 1, 1), "twice");
  diagnostics.add(place(source, 1, 1), "twice");
  EXPECT_EQ(diagnostics.count(), 1U);
}

TEST(Diagnostics, ShowAWindowOfALongLine) {
  const auto source = source_of(std::string(5000, 'x') + "Y" + std::string(5000, 'z'));
  Diagnostics diagnostics;
  diagnostics.add(place(source, 1, 5001), "here");
  const std::string& excerpt = diagnostics.entries()[0].excerpt;
  EXPECT_LT(excerpt.size(), 300U);
  const std::size_t line_end = excerpt.find('\n');
  const std::string shown = excerpt.substr(0, line_end);
  const std::string marker = excerpt.substr(line_end + 1);
  // The ellipsis takes three bytes and one column.
  EXPECT_EQ(shown.find('Y') - 2, marker.find('^'));
}

TEST(Diagnostics, MarkTheRightCharacterBehindTabsAndUmlauts) {
  const auto source = source_of("\"äö\":\tx\n");
  Diagnostics diagnostics;
  diagnostics.add(place_of(source, {1, 9}), "here");
  EXPECT_EQ(diagnostics.entries()[0].column, 7);
  EXPECT_EQ(diagnostics.entries()[0].excerpt, "   1 | \"äö\":\tx\n     |      \t^");
}

TEST(Diagnostics, NeverPrintBytesThatATerminalObeys) {
  const auto source = source_of("a: \x1b[31m \xff\n");
  Diagnostics diagnostics;
  diagnostics.add(place(source, 1, 4), "value " + in_quotes("\x1b[31m\xff"));
  const std::string text = diagnostics.to_text();
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\xff'), std::string::npos);
  EXPECT_NE(text.find("'\\x1b[31m\\xff'"), std::string::npos);
}

TEST(Diagnostics, KeepErrorsWithoutAPlace) {
  Diagnostics diagnostics;
  diagnostics.add(core::Error{core::ErrorCode::not_found, "no such file: 'x'", {}, {"x", 0, 0}});
  EXPECT_EQ(diagnostics.to_text(), "x: error: no such file: 'x'\n");
  EXPECT_EQ(diagnostics.first_error().code, core::ErrorCode::not_found);
}

TEST(Diagnostics, AreImpossibleOnlyIfAllEntriesAre) {
  const auto source = source_of("a\nb\n");
  Diagnostics diagnostics;
  diagnostics.add(place(source, 1, 1), "too large", {}, core::ErrorCode::unsatisfiable);
  EXPECT_EQ(diagnostics.first_error().code, core::ErrorCode::unsatisfiable);
  diagnostics.add(place(source, 2, 1), "typo");
  EXPECT_EQ(diagnostics.first_error().code, core::ErrorCode::invalid_argument);
  EXPECT_EQ(diagnostics.first_error().where.line, 2);
}

TEST(Diagnostics, StayInvalidWhenTheTypoIsAmongThoseThatAreOnlyCounted) {
  const auto source = source_of("a\n");
  Diagnostics diagnostics;
  for (int i = 0; i < 20; ++i) {
    diagnostics.add(place(source, 1, 1), std::to_string(i), {}, core::ErrorCode::unsatisfiable);
  }
  diagnostics.add(place(source, 1, 1), "typo");
  EXPECT_EQ(diagnostics.first_error().code, core::ErrorCode::invalid_argument);
}

class SourceFiles : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  const testing::Scratch scratch_;
  const std::filesystem::path folder_ = scratch_.path();
};

TEST_F(SourceFiles, ThatAreMissingSaySo) {
  const auto source = read_source((folder_ / "none.yaml").string(), 100);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, core::ErrorCode::not_found);
  EXPECT_NE(source.error().message.find("no such file"), std::string::npos);
}

TEST_F(SourceFiles, ThatAreFoldersSaySo) {
  const auto source = read_source(folder_.string(), 100);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, core::ErrorCode::io);
  EXPECT_NE(source.error().message.find("is a folder"), std::string::npos);
}

/// Root may read every file, so that a test of permissions has to be somebody else for a while.
class NotRoot {
 public:
  NotRoot() {
    constexpr uid_t nobody = 65534;
    if (!was_root_) return;
    EXPECT_EQ(::seteuid(nobody), 0);
  }
  NotRoot(const NotRoot&) = delete;
  NotRoot& operator=(const NotRoot&) = delete;
  ~NotRoot() {
    if (!was_root_) return;
    EXPECT_EQ(::seteuid(0), 0);
  }

 private:
  const bool was_root_ = ::geteuid() == 0;
};

TEST_F(SourceFiles, ThatCannotBeReadSayWhy) {
  const std::string secret = file("secret.yaml", "a: 1\n");
  using std::filesystem::perms;
  std::filesystem::permissions(folder_, perms::owner_all | perms::group_exec | perms::others_exec);
  const auto read_by_somebody = [&] {
    const NotRoot somebody;
    return read_source(secret, 100);
  };
  std::filesystem::permissions(secret, perms::owner_all | perms::group_read | perms::others_read);
  ASSERT_TRUE(read_by_somebody()) << "the way to the file is open";
  std::filesystem::permissions(secret, perms::none);
  const auto source = read_by_somebody();
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, core::ErrorCode::io);
  EXPECT_NE(source.error().message.find("Permission denied"), std::string::npos);
}

TEST_F(SourceFiles, BelowAFileAreNoFiles) {
  const std::string plain = file("plain.yaml", "a: 1\n");
  const auto source = read_source(plain + "/below.yaml", 100);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, core::ErrorCode::io);
}

TEST_F(SourceFiles, AreReadNoFurtherThanTheLimitAndOne) {
  const auto source = read_source(file("long.yaml", std::string(1000, 'x')), 100);
  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->text().size(), 101U);
}

TEST(SourceLines, CountFromOneAndLoseTheirBreaks) {
  const Source source("f",
                      "\xef\xbb\xbf"
                      "a\r\nb\n\nc");
  EXPECT_EQ(source.line(1), "a");
  EXPECT_EQ(source.line(2), "b");
  EXPECT_EQ(source.line(3), "");
  EXPECT_EQ(source.line(4), "c");
  EXPECT_EQ(source.line(5), "");
  EXPECT_EQ(source.line(0), "");
}

}  // namespace
}  // namespace nexa::io
