#include "io/attest/archive.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "io/attest/manifest.hpp"
#include "io/attest/tar.hpp"
#include "tests/io/attest_samples.hpp"
#include "tests/io/foreign.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using testing::bytes_of;
using testing::Foreign;
using testing::run;
using testing::Scratch;

/// A folder with the result of job 42 and its bundle.
class Folder {
 public:
  Folder() {
    std::filesystem::create_directories(path() + "/out");
    put("out/result.bin", "the result\n");
    put("out/summary.txt", "a summary\n");
    put("42.intoto.jsonl", testing::sample_bundle());
  }
  void put(const std::string& name, const std::string& bytes) const {
    static_cast<void>(scratch_.file("42/" + name, bytes));
  }
  [[nodiscard]] std::string path() const { return scratch_.file("42"); }
  [[nodiscard]] std::string beside(const std::string& name) const { return scratch_.file(name); }

  /// Packs the folder and returns the archive's path.
  [[nodiscard]] std::string packed() const {
    const std::string path = beside("42.tar");
    const auto written = write_archive(this->path(), path);
    EXPECT_TRUE(written.has_value()) << (written ? "" : written.error().message);
    return path;
  }

 private:
  Scratch scratch_;
};

/// What does not hold about an archive of job 42.
std::string problems(const std::string& path) {
  const auto archive = read_archive(path);
  if (!archive) return archive.error().message;
  BundleTrust trust;
  for (std::uint8_t node = 1; node <= 3; ++node) {
    trust.nodes.push_back(testing::numbered_node(node));
  }
  trust.verifiers.push_back(testing::sample_coordinator());
  BundleReport report =
      check_bundle(parse_bundle(testing::sample_bundle(), "b").value(), trust, {}, {});
  EXPECT_TRUE(report.holds());
  check_archive(*archive, sha256(testing::sample_bundle()), report);
  std::string text;
  for (const BundleFailure& each : report.failures) {
    EXPECT_EQ(each.check, "archive");
    EXPECT_TRUE(each.message.starts_with("'" + path + "': ")) << each.message;
    text += each.message.substr(path.size() + 4) + '\n';
  }
  return text;
}

TEST(Archive, HoldsAsItWasWritten) {
  const Folder folder;
  const std::string path = folder.packed();
  EXPECT_EQ(problems(path), "");
  const Archive archive = read_archive(path).value();
  EXPECT_EQ(archive.files.front().name, "SHA256SUMS");
  EXPECT_EQ(archive.files.size(), 4U);
  EXPECT_EQ(archive.bundle_name, "42.intoto.jsonl");
  EXPECT_EQ(archive.bundle, testing::sample_bundle());
  // The same files give the same bytes, at any time.
  const std::string first = bytes_of(path);
  std::filesystem::last_write_time(folder.path() + "/out/result.bin",
                                   std::filesystem::file_time_type{});
  EXPECT_EQ(bytes_of(folder.packed()), first);
}

TEST(Archive, MayBeAFolderOrPacked) {
  const Folder folder;
  const std::string path = folder.packed();
  const std::string zipped = folder.beside("42.tar.gz");
  std::ofstream(zipped, std::ios::binary) << testing::gzipped(bytes_of(path));
  EXPECT_EQ(problems(zipped), "");
  folder.put("SHA256SUMS", *read_archive(path)->manifest);
  EXPECT_EQ(problems(folder.path()), "");
}

TEST(Archive, EveryDifferenceIsTold) {
  const Folder folder;
  EXPECT_EQ(problems(folder.path()), "it has no list SHA256SUMS\n");
  folder.put("SHA256SUMS", *read_archive(folder.packed())->manifest);
  folder.put("extra", "x");
  EXPECT_EQ(problems(folder.path()), "'extra' is not listed in SHA256SUMS\n");
  std::filesystem::remove(folder.path() + "/extra");
  folder.put("out/result.bin", "a forged result\n");
  EXPECT_EQ(problems(folder.path()),
            "'out/result.bin' is not the file that is listed in SHA256SUMS\n"
            "'out/result.bin' is not the file that is attested\n");
  std::filesystem::remove(folder.path() + "/out/result.bin");
  EXPECT_EQ(problems(folder.path()), "'out/result.bin' is missing\n'out/result.bin' is missing\n");
  // Who changes the list as well is found out by the attestations.
  folder.put("out/result.bin", "a forged result\n");
  EXPECT_EQ(problems(folder.packed()), "'out/result.bin' is not the file that is attested\n");
  folder.put("out/result.bin", "the result\n");
  folder.put("42.intoto.jsonl", "another bundle\n");
  EXPECT_EQ(problems(folder.packed()),
            "its bundle '42.intoto.jsonl' is not the one that is checked\n");
  folder.put("43.intoto.jsonl", "");
  EXPECT_EQ(read_archive(folder.path()).error().code, ErrorCode::conflict);
}

TEST(Archive, RefusesWhatIsNoFile) {
  const Folder folder;
  ASSERT_EQ(::symlink("result.bin", (folder.path() + "/out/link").c_str()), 0);
  EXPECT_EQ(read_archive(folder.path()).error().code, ErrorCode::unsupported);
  EXPECT_EQ(write_archive(folder.path(), folder.beside("a.tar")).error().code,
            ErrorCode::unsupported);
  EXPECT_EQ(read_archive(folder.beside("none")).error().code, ErrorCode::not_found);
  EXPECT_EQ(read_archive(testing::vector_path("archive.tar")).error().code, ErrorCode::corrupt);
}

TEST(Archive, IsNotWrittenIntoItselfNorWithoutABundle) {
  const Folder folder;
  EXPECT_EQ(write_archive(folder.path(), folder.path() + "/42.tar").error().code,
            ErrorCode::invalid_argument);
  std::filesystem::remove(folder.path() + "/42.intoto.jsonl");
  EXPECT_EQ(write_archive(folder.path(), folder.beside("42.tar")).error().code,
            ErrorCode::invalid_argument);
}

/// Long names, and names that need two fields or an extended header.
const std::vector<std::string>& hard_names() {
  static const std::vector<std::string> names{std::string(100, 'a'),
                                              std::string(101, 'b'),
                                              std::string(90, 'c') + '/' + std::string(60, 'd'),
                                              std::string(200, 'e') + '/' + std::string(200, 'f'),
                                              "with blank",
                                              "ba\\ck",
                                              "\xc3\xa9t\xc3\xa9",
                                              std::string(155, 'g') + '/' + std::string(100, 'h')};
  return names;
}

TEST(Tar, KeepsAnyName) {
  const Folder folder;
  for (const std::string& name : hard_names()) {
    const auto parent = std::filesystem::path(folder.path() + '/' + name).parent_path();
    std::filesystem::create_directories(parent);
    folder.put(name, name);
  }
  const std::string path = folder.packed();
  EXPECT_EQ(problems(path), "");
  const Archive archive = read_archive(path).value();
  for (const std::string& name : hard_names()) {
    const OutputFile expected{.name = name, .sha256 = sha256(name)};
    EXPECT_NE(std::find(archive.files.begin(), archive.files.end(), expected), archive.files.end())
        << name;
  }
  if (!Foreign::has("tar") || !Foreign::has("sha256sum")) {
    GTEST_SKIP() << "tar or sha256sum is not installed";
  }
  const std::string out = folder.beside("unpacked");
  std::filesystem::create_directory(out);
  const Foreign unpacked = run("tar -xf '" + path + "' -C '" + out + "'");
  EXPECT_EQ(unpacked.status, 0) << unpacked.output;
  const Foreign sums = run("cd '" + out + "' && sha256sum -c --strict SHA256SUMS");
  EXPECT_EQ(sums.status, 0) << sums.output;
  EXPECT_EQ(problems(out), "");
}

TEST(Tar, OfTheProgramIsRead) {
  if (!Foreign::has("tar")) GTEST_SKIP() << "the program tar is not installed";
  const Folder folder;
  for (const std::string& name : hard_names()) {
    std::filesystem::create_directories(
        std::filesystem::path(folder.path() + '/' + name).parent_path());
    folder.put(name, name);
  }
  folder.put("SHA256SUMS", *read_archive(folder.packed())->manifest);
  for (const char* format : {"gnu", "pax", "posix", "ustar"}) {
    const std::string path = folder.beside(std::string(format) + ".tar");
    const Foreign made = run(std::string("tar --format=") + format + " -cf '" + path + "' -C '" +
                             folder.path() + "' .");
    // The oldest format has no room for the longest name.
    if (std::string(format) == "ustar") {
      EXPECT_NE(made.status, 0);
      continue;
    }
    ASSERT_EQ(made.status, 0) << made.output;
    EXPECT_EQ(problems(path), "") << format;
  }
}

TEST(Tar, NoticesDamage) {
  const Folder folder;
  const std::string good = bytes_of(folder.packed());
  const std::string path = folder.beside("damaged.tar");
  const auto problem = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    return problems(path);
  };
  EXPECT_EQ(problem(good), "");
  for (std::size_t size = 0; size + 1024 < good.size(); size += 211) {
    EXPECT_NE(problem(good.substr(0, size)), "") << size;
  }
  // Any byte of headers and files. What fills the last block of a file means nothing.
  for (std::size_t at = 0; at + 1024 < good.size(); at += 13) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    EXPECT_TRUE(problem(bad) != "" || good[at] == '\0') << at;
  }
  EXPECT_NE(problem(good + "more"), "");
  // Doubled files are not left to the order of reading.
  EXPECT_NE(problem(good.substr(0, 1024) + good), "");
}

TEST(Manifest, IsStrict) {
  const std::string digest(64, 'a');
  for (const std::string& line :
       {digest + "  a\n", digest + " *a\n", digest + "  ./a/b\n", '\\' + digest + "  a\\\\b\n"}) {
    EXPECT_TRUE(parse_manifest(line, "S").has_value()) << line;
  }
  for (const std::string& line :
       {std::string("\n"), digest + '\n', digest + " a\n", digest + "  ../a\n", digest + "  /a\n",
        digest + "  a\n" + digest + "  a\n", digest.substr(1) + "  a\n", std::string("# comment\n"),
        '\\' + digest + "  a\\nb\n", '\\' + digest + "  a\\\n"}) {
    EXPECT_FALSE(parse_manifest(line, "S").has_value()) << line;
  }
  const std::vector<OutputFile> files{{.name = "a\\b", .sha256 = sha256("x")},
                                      {.name = "c d", .sha256 = sha256("y")}};
  EXPECT_EQ(parse_manifest(manifest_text(files), "S").value(), files);
}

}  // namespace
}  // namespace nexa::io
