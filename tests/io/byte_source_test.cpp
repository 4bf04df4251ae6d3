#include "io/byte_source.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "tests/io/scratch.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;
using testing::gzipped;
using testing::Scratch;

Result<std::string> read_all(const std::string& path, std::size_t piece = 4096) {
  const Result<std::unique_ptr<ByteSource>> source = open_bytes(path);
  if (!source) return source.error();
  std::string all;
  std::string buffer(piece, '\0');
  while (true) {
    const Result<std::size_t> count = (*source)->read(buffer);
    if (!count) return count.error();
    if (*count == 0) return all;
    all.append(buffer, 0, *count);
  }
}

Error error_of(const std::string& path) {
  const Result<std::string> result = read_all(path);
  EXPECT_FALSE(result.has_value()) << path;
  return result ? Error{} : result.error();
}

/// Text that gzip cannot shrink to a few bytes.
std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i * 7919 % 100003) + ' ';
  return text;
}

TEST(ByteSource, ReadsAPlainFile) {
  const Scratch scratch;
  EXPECT_EQ(read_all(scratch.file("a.swf", "1 2 3\n")).value(), "1 2 3\n");
}

TEST(ByteSource, ReadsAnEmptyFileAndASingleByte) {
  const Scratch scratch;
  EXPECT_EQ(read_all(scratch.file("empty", "")).value(), "");
  EXPECT_EQ(read_all(scratch.file("one", "\x1f")).value(), "\x1f");
}

TEST(ByteSource, InflatesByContentNotByName) {
  const Scratch scratch;
  EXPECT_EQ(read_all(scratch.file("no-suffix", gzipped("hello"))).value(), "hello");
  EXPECT_EQ(read_all(scratch.file("plain.gz", "hello")).value(), "hello");
}

TEST(ByteSource, InflatesInPiecesOfAnySize) {
  const Scratch scratch;
  const std::string text = numbers(100'000);
  const std::string path = scratch.file("a.gz", gzipped(text));
  for (const std::size_t piece : {std::size_t{7}, std::size_t{4096}, std::size_t{10'000'000}}) {
    EXPECT_EQ(read_all(path, piece).value(), text) << piece;
  }
}

TEST(ByteSource, JoinsTheMembersOfAGzipFile) {
  const Scratch scratch;
  const std::string two = gzipped("first ") + gzipped("") + gzipped("second");
  EXPECT_EQ(read_all(scratch.file("two.gz", two)).value(), "first second");
}

TEST(ByteSource, IgnoresZeroPaddingAfterGzipData) {
  const Scratch scratch;
  const std::string padded = gzipped("text") + std::string(1000, '\0');
  EXPECT_EQ(read_all(scratch.file("padded.gz", padded)).value(), "text");
}

TEST(ByteSource, RefusesOtherDataAfterGzipData) {
  const Scratch scratch;
  const std::string whole = gzipped("text");
  const Error error = error_of(scratch.file("tail.gz", whole + "oops"));
  EXPECT_EQ(error.code, ErrorCode::corrupt);
  EXPECT_NE(
      error.message.find("other data follow the gzip data at byte " + std::to_string(whole.size())),
      std::string::npos)
      << error.message;
}

TEST(ByteSource, SaysWhereTruncatedGzipDataEnd) {
  const Scratch scratch;
  const std::string whole = gzipped(numbers(10'000));
  for (const std::size_t kept : {std::size_t{5}, whole.size() / 2, whole.size() - 1}) {
    const std::string path = scratch.file("cut.gz", whole.substr(0, kept));
    const Error error = error_of(path);
    EXPECT_EQ(error.code, ErrorCode::corrupt);
    EXPECT_EQ(error.message,
              "the gzip data end too early at byte " + std::to_string(kept) + " of '" + path + "'");
    EXPECT_EQ(error.where.file, path);
  }
}

TEST(ByteSource, NoticesEveryDamagedByteOfGzipData) {
  const Scratch scratch;
  const std::string whole = gzipped(numbers(1000));
  // The first ten bytes are the header, some of which (time, system) carry no meaning.
  for (std::size_t at = 10; at < whole.size(); at += 97) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    const Error error = error_of(scratch.file("damaged.gz", damaged));
    EXPECT_EQ(error.code, ErrorCode::corrupt) << at;
  }
}

TEST(ByteSource, NamesMissingFilesAndFolders) {
  const Scratch scratch;
  const std::string missing = scratch.file("missing.swf");
  EXPECT_EQ(error_of(missing).code, ErrorCode::not_found);
  EXPECT_EQ(error_of(missing).message, "cannot open '" + missing + "': No such file or directory");
  const std::string folder = scratch.file("");
  EXPECT_EQ(error_of(folder).message, "cannot read '" + folder + "': Is a directory");
}

TEST(ByteSource, ReadsGzipDataFromAPipe) {
  const Scratch scratch;
  const std::string path = scratch.file("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string text = numbers(50'000);
  std::thread writer([&] { std::ofstream(path, std::ios::binary) << gzipped(text); });
  const Result<std::string> got = read_all(path);
  writer.join();
  EXPECT_EQ(got.value(), text);
}

}  // namespace
}  // namespace nexa::io
