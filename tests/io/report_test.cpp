#include "io/report.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/io/report_sample.hpp"

namespace nexa::io {
namespace {

namespace fs = std::filesystem;

/// A folder of its own that vanishes at the end of a test.
class ReportFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "nexa-report-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const ReportData& sample() {
  static const test::ReportSample made(3000, 7);
  return made.data();
}

std::string data_element(const std::string& page) {
  const std::string open = "<script type=\"application/json\" id=\"nexa-data\">";
  const std::size_t begin = page.find(open) + open.size();
  return page.substr(begin, page.find("</script>", begin) - begin);
}

nlohmann::json embedded(const ReportData& data) {
  return nlohmann::json::parse(data_element(render_report(data).value()));
}

/// An independent decoder of the columns, after RFC 4648.
std::vector<std::uint8_t> decode_base64(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = (bits << 6) | static_cast<std::uint32_t>(digits.find(c));
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<std::uint8_t>((bits >> held) & 255));
  }
  return bytes;
}

template <class Stored>
std::vector<Stored> column(const nlohmann::json& text, const std::string& type) {
  const std::string whole = text.get<std::string>();
  EXPECT_EQ(whole.substr(0, whole.find(':')), type);
  const std::vector<std::uint8_t> bytes = decode_base64(whole.substr(whole.find(':') + 1));
  std::vector<Stored> values(bytes.size() / sizeof(Stored));
  static_assert(std::endian::native == std::endian::little);
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

TEST(ReportPage, CarriesEveryColumnUnchanged) {
  const nlohmann::json json = embedded(sample());
  const GanttBars& bars = sample().bars;
  EXPECT_EQ(column<double>(json["gantt"]["start_s"], "f64"), bars.start_s);
  EXPECT_EQ(column<std::uint32_t>(json["gantt"]["job"], "u32"), bars.job);
  EXPECT_EQ(column<std::uint32_t>(json["gantt"]["cores"], "u32"), bars.cores);
  const std::vector<std::uint16_t> lanes(bars.lane.begin(), bars.lane.end());
  EXPECT_EQ(column<std::uint16_t>(json["gantt"]["lane"], "u16"), lanes);
  const std::vector<float> lengths = column<float>(json["gantt"]["duration_s"], "f32");
  ASSERT_EQ(lengths.size(), bars.end_s.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    EXPECT_EQ(lengths[i], static_cast<float>(bars.end_s[i] - bars.start_s[i]));
  }
  const std::vector<float> busy = column<float>(json["load"]["tiers"][2]["busy"], "f32");
  ASSERT_EQ(busy.size(), sample().load.busy_cores[2].size());
  EXPECT_EQ(busy[100], static_cast<float>(sample().load.busy_cores[2][100]));
}

TEST(ReportPage, CarriesTheSummary) {
  const nlohmann::json json = embedded(sample());
  EXPECT_EQ(json["schema"], "nexa.report/1");
  EXPECT_EQ(json["summary"]["jobs"], 3003);
  EXPECT_EQ(json["summary"]["wait_s"]["p95"].get<double>(), sample().summary.wait_s.p95);
  EXPECT_EQ(json["provenance"][5]["value"], "1");
}

TEST(ReportPage, IsTheSameForTheSameData) {
  const test::ReportSample again(3000, 7);
  EXPECT_EQ(render_report(sample()).value(), render_report(again.data()).value());
}

TEST(ReportPage, LoadsNothingFromElsewhere) {
  const std::string page = render_report(sample()).value();
  EXPECT_EQ(page.find("@NEXA_REPORT_DATA@"), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  for (const char* reference : {"src=\"", "url(http", "@import", "href=\"http", "fetch("}) {
    EXPECT_EQ(page.find(reference), std::string::npos) << reference;
  }
}

TEST(ReportPage, KeepsHostileTextInsideItsStrings) {
  ReportData data = sample();
  const std::string hostile = "</script><script>alert(\"1\")</script><!-- \\ ' & \n\t\x01";
  data.title = hostile;
  data.lanes[0].name = hostile;
  data.tiers[0].name = hostile;
  data.provenance[0] = {hostile, hostile};
  const std::string page = render_report(data).value();
  EXPECT_EQ(data_element(page).find('<'), std::string::npos);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  const nlohmann::json json = embedded(data);
  EXPECT_EQ(json["title"], hostile);
  EXPECT_EQ(json["gantt"]["lanes"][0]["name"], hostile);
  EXPECT_EQ(json["load"]["tiers"][0]["name"], hostile);
  EXPECT_EQ(json["provenance"][0]["value"], hostile);
}

TEST(ReportPage, ReplacesBytesThatAreNotUtf8) {
  ReportData data = sample();
  data.title = "caf\xe9";
  EXPECT_EQ(embedded(data)["title"], "caf\xef\xbf\xbd");
}

TEST(ReportPage, ShowsARunWithoutJobs) {
  const nlohmann::json json = embedded(ReportData{});
  EXPECT_EQ(json["summary"]["jobs"], 0);
  EXPECT_TRUE(column<double>(json["gantt"]["start_s"], "f64").empty());
}

TEST(ReportPage, TurnsFiguresThatAreNotFiniteIntoNull) {
  ReportData data;
  data.summary.wait_s.mean = std::nan("");
  EXPECT_TRUE(embedded(data)["summary"]["wait_s"]["mean"].is_null());
}

TEST(ReportPage, RefusesColumnsOfDifferentLengths) {
  ReportData data = sample();
  data.bars.cores.pop_back();
  const auto page = render_report(data);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, core::ErrorCode::invalid_argument);
  EXPECT_EQ(page.error().message, "report: bars.cores has 2999 entries, expected 3000");

  data = sample();
  data.load.busy_cores[1].pop_back();
  EXPECT_FALSE(render_report(data));
  data = sample();
  data.load.busy_cores.pop_back();
  EXPECT_FALSE(render_report(data));
  data = sample();
  data.load.running_jobs.pop_back();
  EXPECT_FALSE(render_report(data));
}

TEST(ReportPage, RefusesAnIndexThatPointsNowhere) {
  ReportData data = sample();
  data.bars.lane[5] = 6;
  EXPECT_EQ(render_report(data).error().message, "report: a bar of job 6 names lane 6 of 6");
  data = sample();
  data.lanes[1].tier = 3;
  EXPECT_EQ(render_report(data).error().message, "report: lane 'lab-server' names tier 3 of 3");
}

TEST(ReportPage, RefusesABarThatEndsBeforeItStarts) {
  ReportData data = sample();
  data.bars.end_s[0] = data.bars.start_s[0] - 1;
  EXPECT_EQ(render_report(data).error().message, "report: a bar of job 1 ends before it starts");
  data.bars.end_s[0] = std::nan("");
  EXPECT_FALSE(render_report(data));
}

TEST_F(ReportFile, HoldsThePage) {
  ASSERT_TRUE(write_report(sample(), path("run.html")));
  EXPECT_EQ(read(path("run.html")), render_report(sample()).value());
  EXPECT_EQ(files(), 1U);
}

TEST_F(ReportFile, ReplacesAnOlderOneAndTheRemainsOfAKilledRun) {
  std::ofstream(path("run.html")) << "old";
  std::ofstream(path("run.html.partial")) << "half";
  ASSERT_TRUE(write_report(ReportData{}, path("run.html")));
  EXPECT_EQ(read(path("run.html")), render_report(ReportData{}).value());
  EXPECT_EQ(files(), 1U);
}

TEST_F(ReportFile, IsWrittenThroughASymbolicLink) {
  std::ofstream(path("real.html")) << "old";
  fs::create_symlink(path("real.html"), path("link.html"));
  ASSERT_TRUE(write_report(ReportData{}, path("link.html")));
  EXPECT_TRUE(fs::is_symlink(path("link.html")));
  EXPECT_EQ(read(path("real.html")), render_report(ReportData{}).value());
}

TEST_F(ReportFile, SaysThatTheDiskIsFull) {
  const auto written = write_report(sample(), "/dev/full");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, core::ErrorCode::io);
  EXPECT_EQ(written.error().message, "cannot write '/dev/full': No space left on device");
  EXPECT_FALSE(fs::exists("/dev/full.partial"));
}

TEST_F(ReportFile, LeavesTheOldOneAndNothingElseWhenWritingStopsHalfway) {
  std::ofstream(path("run.html")) << "old";
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit small = before;
  small.rlim_cur = 20'000;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto written = write_report(sample(), path("run.html"));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, core::ErrorCode::io);
  EXPECT_EQ(written.error().message, "cannot write '" + path("run.html") + "': File too large");
  EXPECT_EQ(read(path("run.html")), "old");
  EXPECT_EQ(files(), 1U);
}

TEST_F(ReportFile, SaysThatTheFolderIsMissing) {
  const auto written = write_report(ReportData{}, path("missing/run.html"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, core::ErrorCode::not_found);
  EXPECT_EQ(written.error().message,
            "cannot write '" + path("missing/run.html") + "': No such file or directory");
}

TEST_F(ReportFile, SaysThatTheFolderMayNotBeWrittenTo) {
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                               fs::perms::others_exec);
  // Root may write anywhere, so root becomes somebody else for the attempt.
  const uid_t user = ::geteuid();
  if (user == 0) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const auto written = write_report(ReportData{}, path("run.html"));
  if (user == 0) {
    ASSERT_EQ(::seteuid(user), 0);
  }
  fs::permissions(folder_, fs::perms::owner_all);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "cannot write '" + path("run.html") + "': Permission denied");
  EXPECT_EQ(files(), 0U);
}

TEST_F(ReportFile, DoesNotReplaceAFolder) {
  fs::create_directory(path("run.html"));
  const auto written = write_report(ReportData{}, path("run.html"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, core::ErrorCode::io);
  EXPECT_TRUE(fs::is_directory(path("run.html")));
}

/// Keeps a page to look at: NEXA_REPORT_SAMPLE names the file, NEXA_REPORT_SAMPLE_JOBS the size.
TEST_F(ReportFile, IsAsLargeAsItsBarsNeed) {
  const char* wanted = std::getenv("NEXA_REPORT_SAMPLE");
  const char* jobs = std::getenv("NEXA_REPORT_SAMPLE_JOBS");
  const auto count = static_cast<std::uint32_t>(jobs != nullptr ? std::atoi(jobs) : 3000);
  const test::ReportSample made(count, 7);
  const std::string target = wanted != nullptr ? wanted : path("run.html");
  ASSERT_TRUE(write_report(made.data(), target));
  // 27 bytes per bar, a third more in base64; the page and the other charts are below 250 kB.
  EXPECT_LT(fs::file_size(target), 250'000 + made.data().bars.lane.size() * 37);
}

}  // namespace
}  // namespace nexa::io
