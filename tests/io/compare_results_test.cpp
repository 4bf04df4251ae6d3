#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "io/compare/ensemble_files.hpp"
#include "io/compare/result_comparer.hpp"
#include "io/compare/result_order.hpp"
#include "scratch.hpp"

namespace nexa::io::compare {
namespace {

using testing::Scratch;
using validator::compare::Agreement;
using validator::compare::Comparison;

core::Result<Comparison> compared(const std::string& a, const std::string& b,
                                  const std::string& comparator) {
  const auto comparer = ResultComparer::prepare(*validator::compare::parse_comparator(comparator));
  EXPECT_TRUE(comparer);
  return comparer->compare(a, b);
}

/// Two folders of results.
class Folders : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* side : {"a", "b"}) {
      std::filesystem::create_directories(scratch_.file(side) + "/out/deep");
      put(side, "log.txt", "1.0\n");
      put(side, "out/u.txt", "2.0\n");
    }
  }
  void put(const std::string& side, const std::string& name, const std::string& text) {
    static_cast<void>(scratch_.file(side + '/' + name, text));
  }
  [[nodiscard]] std::string path(const std::string& name) const { return scratch_.file(name); }
  Comparison folders(const std::string& comparator) {
    const auto there = compared(path("a"), path("b"), comparator);
    const auto back = compared(path("b"), path("a"), comparator);
    EXPECT_TRUE(there && back);
    EXPECT_EQ(there->agreement, back->agreement);
    EXPECT_EQ(there->difference_count, back->difference_count);
    return *there;
  }

 private:
  Scratch scratch_;
};

TEST_F(Folders, AreComparedFileByFile) {
  EXPECT_EQ(folders("exact").agreement, Agreement::equal);
  put("b", "out/u.txt", "2.01\n");
  EXPECT_EQ(folders("exact").reason(), "out/u.txt: 4 and 5 bytes");
  EXPECT_EQ(folders("absrel:rtol=0.1").agreement, Agreement::equal);
  EXPECT_EQ(folders("absrel:rtol=0.1").values, 2);
  EXPECT_EQ(folders("absrel:rtol=0.001").differences[0].where, "out/u.txt:1");
}

TEST_F(Folders, MustHoldTheSameNames) {
  put("b", "extra", "");
  EXPECT_EQ(folders("exact").reason(), "extra: only B has it");
  put("a", "extra", "");
  std::filesystem::create_directory(path("a") + "/more");
  EXPECT_EQ(folders("exact").reason(), "more: only A has it");
  put("b", "more", "");
  EXPECT_EQ(folders("exact").reason(), "more: a folder and a file");
}

TEST_F(Folders, LinksAreComparedAndNotFollowed) {
  ASSERT_EQ(::symlink("/etc/shadow", (path("a") + "/link").c_str()), 0);
  ASSERT_EQ(::symlink("/etc/shadow", (path("b") + "/link").c_str()), 0);
  EXPECT_EQ(folders("absrel").agreement, Agreement::equal);
  ASSERT_EQ(::unlink((path("b") + "/link").c_str()), 0);
  ASSERT_EQ(::symlink("/etc/passwd", (path("b") + "/link").c_str()), 0);
  EXPECT_EQ(folders("absrel").reason(), "link: links to '/etc/shadow' and '/etc/passwd'");
}

TEST_F(Folders, PipesAreNotWaitedFor) {
  for (const char* side : {"a", "b"}) {
    ASSERT_EQ(::mkfifo((path(side) + "/pipe").c_str(), 0600), 0);
  }
  EXPECT_EQ(folders("exact").agreement, Agreement::incomparable);
  const auto pipes = compared(path("a") + "/pipe", path("b") + "/pipe", "exact");
  ASSERT_FALSE(pipes);
  EXPECT_EQ(pipes.error().code, core::ErrorCode::unsupported);
}

TEST_F(Folders, AFileIsNoFolder) {
  EXPECT_EQ(compared(path("a"), path("b") + "/log.txt", "exact")->reason(), "a folder and a file");
  const auto absent = compared(path("a"), path("nowhere"), "exact");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, core::ErrorCode::not_found);
}

TEST_F(Folders, HaveAnOrderByContent) {
  const auto order = [&](const std::string& a, const std::string& b) {
    const auto there = content_order(path(a), path(b));
    const auto back = content_order(path(b), path(a));
    EXPECT_TRUE(there && back);
    EXPECT_EQ(*there == std::strong_ordering::less, *back == std::strong_ordering::greater);
    return *there;
  };
  EXPECT_EQ(order("a", "b"), std::strong_ordering::equal);
  put("b", "out/u.txt", "1.0\n");
  EXPECT_EQ(order("a", "b"), std::strong_ordering::greater);
  EXPECT_EQ(order("a/log.txt", "b/out/u.txt"), std::strong_ordering::equal);
  EXPECT_NE(order("a", "b/log.txt"), std::strong_ordering::equal);
}

TEST(ResultComparer, NeedsTheFileOfItsComparator) {
  const Scratch scratch;
  for (const std::string name : {"script:path=", "ensemble:summary="}) {
    const auto comparer = ResultComparer::prepare(
        *validator::compare::parse_comparator(name + scratch.file("absent")));
    ASSERT_FALSE(comparer);
    EXPECT_EQ(comparer.error().code, core::ErrorCode::not_found);
  }
  const std::string bad = scratch.file("bad.json", "{}");
  const auto comparer =
      ResultComparer::prepare(*validator::compare::parse_comparator("ensemble:summary=" + bad));
  ASSERT_FALSE(comparer);
  EXPECT_EQ(comparer.error().code, core::ErrorCode::corrupt);
}

TEST(RunTables, AreReadWithTheirLines) {
  const Scratch scratch;
  const auto table = read_runs(scratch.file("t.csv", "u, v\r\n1, 2.5\n\n3,-4e-1\n"));
  ASSERT_TRUE(table);
  EXPECT_EQ(table->variables, (std::vector<std::string>{"u", "v"}));
  EXPECT_EQ(table->runs, (std::vector<std::vector<double>>{{1, 2.5}, {3, -0.4}}));
  const struct {
    const char* text;
    int line;
    const char* message;
  } cases[] = {{"", 1, "the table is empty"},
               {"u,u\n", 1, "'u' comes twice"},
               {"u,v\n1,2\n1\n", 3, "1 values for 2 variables"},
               {"u,v\n1,x\n", 2, "'x' is no number"}};
  for (const auto& [text, line, message] : cases) {
    const auto bad = read_runs(scratch.file("t.csv", text));
    ASSERT_FALSE(bad) << text;
    EXPECT_EQ(bad.error().where.line, line);
    EXPECT_NE(bad.error().message.find(message), std::string::npos) << bad.error().message;
  }
}

TEST(EnsembleFiles, SummariesAreReadBackAsTheyWere) {
  const validator::compare::RunTable runs{{"u", "v", "k"},
                                          {{1, 2, 7}, {1.1, 1.7, 7}, {0.9, 2.2, 7}, {1.3, 2, 7}}};
  const auto summary = validator::compare::summarize(runs);
  ASSERT_TRUE(summary);
  const auto again = parse_summary(summary_json(*summary), "x.json");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->components, summary->components);
  EXPECT_EQ(again->deviations, summary->deviations);
  EXPECT_EQ(again->constants, summary->constants);
  std::string bad = summary_json(*summary);
  bad.replace(bad.find("\"means\""), 7, "\"meens\"");
  EXPECT_FALSE(parse_summary(bad, "x.json"));
  EXPECT_FALSE(parse_summary("[1, 2", "x.json"));
}

TEST(EnsembleFiles, ResultsAreEqualWhereBothAreLikeTheTrustedRuns) {
  const Scratch scratch;
  const validator::compare::RunTable runs{{"u", "v"},
                                          {{1, 2}, {1.1, 1.7}, {0.9, 2.2}, {1.3, 2}, {1.0, 2.1}}};
  const std::string summary =
      scratch.file("s.json", summary_json(*validator::compare::summarize(runs)));
  const std::string comparator = "ensemble:summary=" + summary + ",fail_pcs=1,fail_runs=1,sigmas=3";
  const std::string good = scratch.file("good.csv", "u,v\n1.05,1.95\n");
  const std::string other = scratch.file("other.csv", "v,u\n2.0,1.1\n");
  const std::string bad = scratch.file("bad.csv", "u,v\n9,2\n");
  EXPECT_EQ(compared(good, other, comparator)->agreement, Agreement::equal);
  EXPECT_GT(compared(good, other, comparator)->distance, 0);
  const auto found = compared(good, bad, comparator);
  EXPECT_EQ(found->agreement, Agreement::different);
  EXPECT_EQ(found->reason().find("B: unlike the trusted runs:"), 0) << found->reason();
  const std::string broken = scratch.file("broken.csv", "u\n1\n");
  EXPECT_EQ(compared(broken, good, comparator)->unreadable, validator::compare::Side::a);
}

}  // namespace
}  // namespace nexa::io::compare
