#include "io/swf_line.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "io/swf.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::Result;
using core::Workload;

Error strict_error_of(const std::string& text) {
  SwfOptions options;
  options.strict = true;
  const Result<Workload> result = read_swf(*memory_bytes(text, "log.swf"), options);
  EXPECT_FALSE(result.has_value()) << text;
  return result ? Error{} : result.error();
}

constexpr const char* good = "1 10 -1 5 4 2.5 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 -1\n";

struct Breach {
  const char* line;
  int column;
  const char* message;
};

TEST(StrictSwf, LocatesEachBreachOfTheFormat) {
  const Breach breaches[] = {
      {"2 10 -1 5 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 -1", 44, "job line has 17 fields, not 18"},
      {"2 10 -1 5 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 -1 0", 48, "job line has 19 fields, not 18"},
      {"2 10 -1 5 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 b", 45,
       "think time (field 18) is 'b', not a number"},
      {"2 10 x 5 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 -1", 6,
       "wait time (field 3) is 'x', not a number"},
      {"2 10 -1 5.5 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 -1", 9,
       "run time (field 4) is '5.5', but must be a whole number"},
      {"2 10 -1 -5 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 -1", 9,
       "run time (field 4) is '-5', negative"},
      {"2 -10 -1 5 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 -1", 3,
       "submit time (field 2) is '-10', negative"},
      {"2 10 -1 5 4 -1 -1 4 10000000001 -1 1 7 -1 -1 -1 -1 -1 -1", 21,
       "time asked for (field 9) is '10000000001', out of range"},
      {"2 10 -1 5 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 99999999999999999999 -1", 42,
       "preceding job (field 17) is '99999999999999999999', out of range"},
      {"  2 9 -1 5 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 -1", 3,
       "submit time 9 is before that of the job line above"},
      {"\x01garbage", 9, "job line has 1 fields, not 18"},
  };
  for (const Breach& breach : breaches) {
    const Error error =
        strict_error_of(std::string("; Version: 2.2\n") + good + breach.line + "\n");
    EXPECT_EQ(error.message, breach.message);
    EXPECT_EQ(error.where.file, "log.swf");
    EXPECT_EQ(error.where.line, 3) << breach.line;
    EXPECT_EQ(error.where.column, breach.column) << breach.line;
  }
}

TEST(StrictSwf, AcceptsWhatTheFormatAllows) {
  SwfOptions options;
  options.strict = true;
  const std::string text = std::string(good) +
                           "2 10 -1 0 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 -1\n"
                           "3 -1 -1 5 4 -1 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 -1\n"
                           "4 11 -1 5 4 -1 -1 -1 -1 -1 1 7 -1 -1 -1 -1 -1 -1\n";
  const Workload workload = read_swf(*memory_bytes(text, "log.swf"), options).value();
  EXPECT_EQ(workload.jobs.size(), 2U);
  EXPECT_EQ(workload.repairs.size(), 4U);
}

/// A line of 18 fields with, now and then, something that is not as it should be.
std::string random_line(std::mt19937& random) {
  const auto pick = [&random](unsigned below) { return static_cast<unsigned>(random() % below); };
  static const std::vector<std::string> odd = {
      "-",    "--1",   "1-2",  "1.5", ".5",         "5.",          "1.2.3",
      "x",    "+5",    "1e3",  "007", "-0",         "-1.5",        "99999999999999999999",
      "inf",  "nan",   "0x10", "-99", "4294967296", "10000000001", "1234567890123456",
      "\x80", "1,000", ";",    "1;2", "-5-",        "3.-1",        "12345678901234567"};
  const unsigned fields = pick(12) == 0 ? pick(22) : 18;
  std::string line(pick(4), ' ');
  for (unsigned i = 0; i < fields; ++i) {
    if (pick(60) == 0) {
      line += odd[pick(static_cast<unsigned>(odd.size()))];
    } else if (i == 5 && pick(2) == 0) {
      line += std::to_string(pick(1000)) + "." + std::to_string(pick(100));
    } else {
      line += pick(3) == 0 ? "-1" : std::to_string(pick(1U << pick(31)));
    }
    line.append(1 + (pick(3) == 0 ? pick(12) : 0), pick(20) == 0 ? '\t' : ' ');
  }
  if (pick(10) == 0) line += '\r';
  return line;
}

void expect_equal(const SwfRecord& a, const SwfRecord& b, const std::string& line) {
  EXPECT_EQ(a.number, b.number) << line;
  EXPECT_EQ(a.submit, b.submit) << line;
  EXPECT_EQ(a.run_time, b.run_time) << line;
  EXPECT_EQ(a.processors_used, b.processors_used) << line;
  EXPECT_EQ(a.memory_used, b.memory_used) << line;
  EXPECT_EQ(a.processors, b.processors) << line;
  EXPECT_EQ(a.estimate, b.estimate) << line;
  EXPECT_EQ(a.memory, b.memory) << line;
  EXPECT_EQ(a.user, b.user) << line;
}

TEST(SwfLine, IsReadAlikeFastAndWithCare) {
  std::mt19937 random(7);
  int clean = 0;
  for (int i = 0; i < 200'000 && !HasFailure(); ++i) {
    const std::string line = random_line(random);
    const std::string around(swf_padding, i % 2 == 0 ? '9' : '\n');
    const std::string buffer = around + line + "\n" + around;
    SwfRecord fast;
    const char* const begin = buffer.data() + swf_padding;
    const char* const behind = scan_clean_swf_line(begin, fast);
    SwfRecord careful;
    SwfRepairLog repairs;
    const SwfLineResult result = parse_swf_line(line, 1, false, careful, repairs);
    if (behind == nullptr) continue;
    ++clean;
    EXPECT_EQ(behind, begin + line.size() + 1) << line;
    EXPECT_EQ(result.kind, SwfLineKind::job) << line;
    EXPECT_TRUE(repairs.report().empty()) << line << ": " << repairs.report()[0].what;
    expect_equal(fast, careful, line);
  }
  EXPECT_GT(clean, 50'000);
}

TEST(SwfLine, IsReadFastIfItIsClean) {
  const std::string around(swf_padding, '\n');
  for (const std::string line :
       {"1 10 -1 5 4 2.5 -1 4 9 -1 1 7 -1 -1 -1 -1 -1 -1",
        "   27992 29364635  74580  215400  100     -1    -1  100 216000    -1  1  12  12  -1 -1 -1 "
        "-1 -1",
        "1\t1650000000\t0\t9\t4\t-1\t-1\t4\t9\t-1\t1\t7\t-1\t-1\t-1\t-1\t-1\t-1\r"}) {
    const std::string buffer = around + line + "\n" + around;
    SwfRecord record;
    EXPECT_NE(scan_clean_swf_line(buffer.data() + swf_padding, record), nullptr) << line;
  }
}

/// Hands out a few bytes at a time.
class Trickle final : public ByteSource {
 public:
  Trickle(std::string_view bytes, std::size_t piece) : rest_(bytes), piece_(piece) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t count = std::min({rest_.size(), piece_, buffer.size()});
    rest_.copy(buffer.data(), count);
    rest_.remove_prefix(count);
    return count;
  }
  const std::string& name() const override { return name_; }
  std::uint64_t size_hint() const override { return 0; }

 private:
  std::string_view rest_;
  std::size_t piece_;
  std::string name_ = "trickle.swf";
};

TEST(SwfLine, IsReadAlikeHoweverTheBytesArrive) {
  std::mt19937 random(11);
  std::string text = "; Version: 2.2\n";
  for (int i = 0; i < 500; ++i) text += random_line(random) + "\n";
  const Workload whole = read_swf(*memory_bytes(text, "whole.swf"), {}).value();
  ASSERT_GT(whole.jobs.size(), 100U);
  for (const std::size_t piece : {1U, 2U, 7U, 64U, 1000U}) {
    Trickle source(text, piece);
    const Workload pieces = read_swf(source, {}).value();
    EXPECT_EQ(pieces.lines_read, whole.lines_read);
    ASSERT_EQ(pieces.jobs.size(), whole.jobs.size()) << piece;
    ASSERT_EQ(pieces.repairs.size(), whole.repairs.size());
    for (std::size_t i = 0; i < whole.jobs.size(); ++i) {
      EXPECT_EQ(pieces.jobs[i].number, whole.jobs[i].number);
      EXPECT_EQ(pieces.jobs[i].submit, whole.jobs[i].submit);
      EXPECT_EQ(pieces.jobs[i].run_time, whole.jobs[i].run_time);
    }
    for (std::size_t i = 0; i < whole.repairs.size(); ++i) {
      EXPECT_EQ(pieces.repairs[i].count, whole.repairs[i].count) << whole.repairs[i].what;
      EXPECT_EQ(pieces.repairs[i].first_line, whole.repairs[i].first_line);
    }
  }
}

}  // namespace
}  // namespace nexa::io
