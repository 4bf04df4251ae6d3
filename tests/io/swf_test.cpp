#include "io/swf.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/io/scratch.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Repair;
using core::Result;
using core::seconds;
using core::Workload;
using core::WorkloadJob;
using testing::gzipped;
using testing::Scratch;

Result<Workload> read_text(std::string_view text, const SwfOptions& options = {}) {
  return read_swf(*memory_bytes(text, "log.swf"), options);
}

Error error_of(const Result<Workload>& result) {
  EXPECT_FALSE(result.has_value());
  return result ? Error{} : result.error();
}

/// A job line; what the tests do not care about is unknown.
std::string job(int number, int submit, int run, int used, int processors, int estimate) {
  std::string line = "  " + std::to_string(number);
  for (const int field : {submit, -1, run, used, -1, -1, processors, estimate, -1, 1, 7}) {
    line += ' ' + std::to_string(field);
  }
  return line + " -1 -1 -1 -1 -1 -1\n";
}

std::vector<std::string> repairs_of(const Workload& workload) {
  std::vector<std::string> texts;
  for (const Repair& repair : workload.repairs) {
    texts.push_back(repair.what + " x" + std::to_string(repair.count) + " @" +
                    std::to_string(repair.first_line));
  }
  return texts;
}

std::vector<std::uint32_t> numbers_of(const Workload& workload) {
  std::vector<std::uint32_t> numbers;
  for (const WorkloadJob& one : workload.jobs) numbers.push_back(one.number);
  return numbers;
}

using Texts = std::vector<std::string>;
using Numbers = std::vector<std::uint32_t>;

TEST(Swf, MapsTheFieldsOfAJob) {
  const Workload workload = read_text(job(15, 500, 100, 4, 8, 3600)).value();
  ASSERT_EQ(workload.jobs.size(), 1U);
  const WorkloadJob& only = workload.jobs[0];
  EXPECT_EQ(only.number, 15U);
  EXPECT_EQ(only.submit, core::Time{});
  EXPECT_EQ(only.run_time, seconds(100));
  EXPECT_EQ(only.time_limit, seconds(3600));
  EXPECT_EQ(only.slots, 8U);
  EXPECT_EQ(only.user, 7U);
  const core::Request request = workload.request_of(only);
  EXPECT_EQ(request.per_slot, (core::Resources{1, 0, 0}));
  EXPECT_EQ(request.slots, 8U);
  EXPECT_EQ(request.sharing, core::Sharing::shared);
  EXPECT_TRUE(workload.repairs.empty());
  EXPECT_EQ(workload.lines_read, 1U);
}

TEST(Swf, TakesWhatIsUnknownFromOtherFieldsAndCountsIt) {
  const Workload workload =
      read_text(job(1, 0, 100, 4, -1, 200) + job(2, 0, 100, 4, 8, -1) + job(3, 0, 100, 4, 0, 60))
          .value();
  ASSERT_EQ(workload.jobs.size(), 3U);
  EXPECT_EQ(workload.jobs[0].slots, 4U);
  EXPECT_EQ(workload.jobs[1].time_limit, seconds(100));
  EXPECT_EQ(workload.jobs[2].slots, 4U);
  EXPECT_EQ(workload.jobs[2].time_limit, seconds(100));
  EXPECT_EQ(repairs_of(workload), (Texts{"no estimate: run time used x1 @2",
                                         "estimate below run time: raised to it x1 @3",
                                         "no processors asked for: those used taken x2 @1"}));
}

TEST(Swf, DropsJobsThatCannotBeReplayed) {
  const std::string text = job(1, 10, 0, 4, 4, 60) + job(2, 20, -1, 4, 4, 60) +
                           job(3, 30, 5, -1, -1, 60) + job(4, 40, 5, 4, 101, 60) +
                           job(5, -1, 5, 4, 4, 60) + job(6, 50, 5, 4, 100, 60);
  SwfOptions options;
  options.max_processors = 100;
  const Workload workload = read_text(text, options).value();
  EXPECT_EQ(numbers_of(workload), Numbers{6});
  EXPECT_EQ(repairs_of(workload),
            (Texts{"run time <= 0: line dropped x2 @1", "no processors: line dropped x1 @3",
                   "more processors than the machine has: line dropped x1 @4",
                   "no submit time (negative): line dropped x1 @5"}));
  EXPECT_EQ(numbers_of(read_text(text).value()), (Numbers{4, 6}));
}

TEST(Swf, SortsBySubmitTimeAndKeepsTheOrderOfTies) {
  const Workload workload = read_text(job(1, 50, 5, 1, 1, 9) + job(2, 20, 5, 1, 1, 9) +
                                      job(3, 50, 5, 1, 1, 9) + job(4, 20, 5, 1, 1, 9))
                                .value();
  EXPECT_EQ(numbers_of(workload), (Numbers{2, 4, 1, 3}));
  EXPECT_EQ(workload.jobs[0].submit, core::at_seconds(0));
  EXPECT_EQ(workload.jobs[3].submit, core::at_seconds(30));
  EXPECT_EQ(repairs_of(workload), Texts{"submit time before that of the line above: sorted x2 @2"});
}

TEST(Swf, CountsTimeFromTheFirstJobThatIsKept) {
  const Workload workload = read_text(job(1, 5, 0, 1, 1, 9) + job(2, 843480031, 5, 1, 1, 9) +
                                      job(3, 843480041, 5, 1, 1, 9))
                                .value();
  EXPECT_EQ(workload.jobs[0].submit, core::at_seconds(0));
  EXPECT_EQ(workload.jobs[1].submit, core::at_seconds(10));
}

TEST(Swf, KeepsTheFirstJobsAfterSorting) {
  SwfOptions options;
  options.first = 2;
  const std::string text = job(1, 50, 5, 1, 1, 9) + job(2, 20, 5, 1, 1, 9) + job(3, 30, 5, 1, 1, 9);
  EXPECT_EQ(numbers_of(read_text(text, options).value()), (Numbers{2, 3}));
  options.first = 9;
  EXPECT_EQ(read_text(text, options).value().jobs.size(), 3U);
}

TEST(Swf, CanTakePerfectEstimates) {
  SwfOptions options;
  options.perfect_estimates = true;
  const Workload workload = read_text(job(1, 0, 100, 4, 8, 3600), options).value();
  EXPECT_EQ(workload.jobs[0].time_limit, seconds(100));
}

TEST(Swf, SharesRequestsOfEqualMemory) {
  const std::string text =
      "1 0 -1 9 1 -1 1500 1 9 -1 1 1 -1 -1 -1 -1 -1 -1\n"    // field 7: 1500 KiB, so 2 MiB
      "2 0 -1 9 1 -1 9999 1 9 2048 1 1 -1 -1 -1 -1 -1 -1\n"  // field 10 counts: 2 MiB
      "3 0 -1 9 1 -1 -1 1 9 -1 1 1 -1 -1 -1 -1 -1 -1\n";     // unknown
  SwfOptions options;
  options.use_memory = true;
  options.sharing = core::Sharing::whole_nodes;
  const Workload workload = read_text(text, options).value();
  ASSERT_EQ(workload.request_classes.size(), 2U);
  EXPECT_EQ(workload.jobs[0].request_class, workload.jobs[1].request_class);
  EXPECT_EQ(workload.request_of(workload.jobs[0]).per_slot, (core::Resources{1, 0, 2048}));
  EXPECT_EQ(workload.request_of(workload.jobs[2]).per_slot, (core::Resources{1, 0, 0}));
  EXPECT_EQ(workload.request_of(workload.jobs[0]).sharing, core::Sharing::whole_nodes);
  EXPECT_EQ(read_text(text).value().request_classes.size(), 1U);
}

TEST(Swf, KeepsTheHeaderInOrder) {
  const Workload workload = read_text(
                                "; Version: 2.2\n"
                                ";Information: http://a.example/\n"
                                ";              http://b.example/\n"
                                ";\n"
                                ";  http://c.example/\n"
                                "; no key here\n"
                                ";Note: one\n" +
                                job(1, 0, 5, 1, 1, 9) + "; Late: comment\n")
                                .value();
  using Header = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(workload.header, (Header{{"Version", "2.2"},
                                     {"Information", "http://a.example/\nhttp://b.example/"},
                                     {"Note", "one"}}));
  EXPECT_EQ(workload.lines_read, 9U);
}

TEST(Swf, AcceptsTabsBlankLinesCarriageReturnsAndMissingNewlines) {
  std::string text = "\xef\xbb\xbf; Version: 2.2\r\n\r\n  \t\r\n" + job(1, 0, 5, 1, 1, 9);
  std::replace(text.begin(), text.end(), ' ', '\t');
  text.insert(text.size() - 1, "\r");
  text += job(2, 1, 5, 1, 1, 9);
  text.pop_back();
  const Workload workload = read_text(text).value();
  EXPECT_EQ(numbers_of(workload), (Numbers{1, 2}));
  EXPECT_TRUE(workload.repairs.empty());
  EXPECT_EQ(workload.header.size(), 1U);
  EXPECT_EQ(workload.lines_read, 5U);
}

TEST(Swf, AcceptsDecimalsOnlyInTheAverageCpuTime) {
  const std::string tail = " 4 9 -1 1 7 -1 -1 -1 -1 -1 -1\n";
  EXPECT_TRUE(read_text("1 0 -1 5 4 2.75 -1" + tail).value().repairs.empty());
  const Workload cut = read_text("1 0 -1 5.9 4 2.75 -1" + tail).value();
  EXPECT_EQ(cut.jobs[0].run_time, seconds(5));
  EXPECT_EQ(repairs_of(cut), Texts{"decimals in an integer field: cut off x1 @1"});
  const Workload exponent =
      read_text("1 1e+03 -1 5 4 -1 -1" + tail + job(2, 1010, 5, 1, 1, 9)).value();
  EXPECT_EQ(exponent.jobs[1].submit, core::at_seconds(10));
}

TEST(Swf, MendsLinesWithAWrongNumberOfFields) {
  std::string text = "1 0 -1 5 4 -1 -1 4 9 -1 1\n";                      // 11
  text += "2 1 -1 5 4 -1 -1 4 9 -1\n";                                   // 10
  text += "3 2 -1 5 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 -1 99 hundred\n";  // 20
  const Workload workload = read_text(text).value();
  EXPECT_EQ(numbers_of(workload), (Numbers{1, 3}));
  EXPECT_EQ(repairs_of(workload), (Texts{"fewer than 18 fields: the rest taken as unknown x1 @1",
                                         "fewer than 11 fields: line dropped x1 @2",
                                         "more than 18 fields: the rest ignored x1 @3"}));
}

TEST(Swf, MendsWhatIsNoNumberOrTooLarge) {
  const std::string tail = " -1 1 7 -1 -1 -1 -1 -1 -1\n";
  const Workload workload = read_text("x 0 -1 5 4 -1 -1 4 9" + tail +                     //
                                      "2 1 -1 5 4 -1 -1 4 99999999999999999999" + tail +  //
                                      "3 2 -1 five 4 -1 -1 4 9" + tail +                  //
                                      "4 3 - 5 4 -1 -1 4294967296 9" + tail)
                                .value();
  EXPECT_EQ(numbers_of(workload), (Numbers{0, 2, 4}));
  EXPECT_EQ(workload.jobs[1].time_limit, seconds(5));
  EXPECT_EQ(workload.jobs[2].slots, 4U);
  const Texts texts = repairs_of(workload);
  EXPECT_NE(std::find(texts.begin(), texts.end(), "field is not a number: taken as unknown x3 @1"),
            texts.end());
  EXPECT_NE(std::find(texts.begin(), texts.end(), "number out of range: taken as unknown x2 @2"),
            texts.end());
}

/// Hands out the repeated pattern without ever holding it whole.
class EndlessLine final : public ByteSource {
 public:
  explicit EndlessLine(std::size_t bytes, std::string tail)
      : left_(bytes), tail_(std::move(tail)) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    if (left_ == 0) {
      const std::size_t count = std::min(tail_.size(), buffer.size());
      std::copy_n(tail_.begin(), count, buffer.begin());
      tail_.erase(0, count);
      return count;
    }
    const std::size_t count = std::min(left_, buffer.size());
    std::fill_n(buffer.begin(), count, '7');
    left_ -= count;
    largest_read_ = std::max(largest_read_, buffer.size());
    return count;
  }
  const std::string& name() const override { return name_; }
  std::uint64_t size_hint() const override { return 40'000'000; }
  std::size_t largest_read() const { return largest_read_; }

 private:
  std::size_t left_;
  std::string tail_;
  std::string name_ = "endless.swf";
  std::size_t largest_read_ = 0;
};

TEST(Swf, DropsALineOfFortyMegabytesWithoutStoringIt) {
  EndlessLine source(40'000'000, "\n" + job(2, 0, 5, 1, 1, 9));
  const Workload workload = read_swf(source, {}).value();
  EXPECT_EQ(numbers_of(workload), Numbers{2});
  EXPECT_EQ(repairs_of(workload), Texts{"line longer than 64 KiB: dropped x1 @1"});
  EXPECT_EQ(workload.lines_read, 2U);
  EXPECT_LE(source.largest_read(), std::size_t{1} << 20);
}

TEST(Swf, RefusesALineOfFortyMegabytesIfStrict) {
  EndlessLine source(40'000'000, "\n" + job(2, 0, 5, 1, 1, 9));
  SwfOptions options;
  options.strict = true;
  const Error error = error_of(read_swf(source, options));
  EXPECT_EQ(error.code, ErrorCode::limit_exceeded);
  EXPECT_EQ(error.where.file, "endless.swf");
  EXPECT_EQ(error.where.line, 1);
  EXPECT_EQ(error.where.column, 65537);
}

TEST(Swf, CountsALongLineAtTheEndOfTheFile) {
  EndlessLine source(1'000'000, "");
  EXPECT_EQ(error_of(read_swf(source, {})).message, "no job line found in 'endless.swf'");
  const std::string long_but_whole = "; " + std::string(swf_max_line_bytes, 'x') + "\n";
  const Workload workload = read_text(long_but_whole + job(1, 0, 5, 1, 1, 9)).value();
  EXPECT_EQ(repairs_of(workload), Texts{"line longer than 64 KiB: dropped x1 @1"});
}

TEST(Swf, RefusesWhatIsNoLog) {
  EXPECT_EQ(error_of(read_text("")).message, "no job line found in 'log.swf'");
  EXPECT_EQ(error_of(read_text("; Version: 2.2\n")).code, ErrorCode::corrupt);
  std::string garbage;
  for (int i = 0; i < 200'000; ++i) garbage += static_cast<char>(i * 7919 % 251);
  EXPECT_EQ(error_of(read_text(garbage)).message, "no job line found in 'log.swf'");
  const std::string prose = "a text of more than eleven words is still not a log of jobs\n";
  EXPECT_EQ(error_of(read_text(prose)).message, "no job line found in 'log.swf'");
}

TEST(Swf, SaysWhyNoJobIsLeft) {
  const Error error = error_of(read_text(job(1, 0, 0, 1, 1, 9) + job(2, 0, 0, 1, 1, 9)));
  EXPECT_EQ(error.message, "no job is left in 'log.swf'");
  EXPECT_EQ(error.hint, "run time <= 0: line dropped (2 lines)");
}

TEST(Swf, LocatesTheEndOfTruncatedGzipData) {
  const Scratch scratch;
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += job(i, i * 7, i * 7919 % 5003 + 1, 1, 1, 9);
  const std::string whole = gzipped(text);
  EXPECT_EQ(read_swf(scratch.file("a.gz", whole), {}).value().jobs.size(), 20'000U);
  const std::string path = scratch.file("cut.gz", whole.substr(0, whole.size() / 2));
  const Error error = error_of(read_swf(path, {}));
  EXPECT_EQ(error.code, ErrorCode::corrupt);
  EXPECT_EQ(error.where.file, path);
  EXPECT_GT(error.where.line, 1000);
  EXPECT_LT(error.where.line, 20'000);
  EXPECT_NE(error.message.find("at byte " + std::to_string(whole.size() / 2)), std::string::npos);
}

TEST(Swf, NamesAMissingFile) {
  EXPECT_EQ(error_of(read_swf("/nowhere/log.swf", {})).code, ErrorCode::not_found);
}

}  // namespace
}  // namespace nexa::io
