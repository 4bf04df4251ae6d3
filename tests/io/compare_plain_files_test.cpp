#include "io/compare/plain_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "io/compare/read_ahead.hpp"
#include "scratch.hpp"

namespace nexa::io::compare {
namespace {

using testing::Scratch;
using validator::compare::Agreement;
using validator::compare::NumberType;
using validator::compare::Side;
using validator::compare::Tolerance;

ResultFile opened(const std::string& path) {
  auto file = open_result_file(path, Links::follow);
  EXPECT_TRUE(file) << path;
  return file ? std::move(*file) : ResultFile{};
}

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

/// Files with some contents, compared both ways.
class Files : public ::testing::Test {
 protected:
  Comparison bytes(const std::string& a, const std::string& b) {
    return both_ways(a, b, [](ResultFile x, ResultFile y) {
      return compare_bytes(std::move(x), std::move(y), "");
    });
  }
  Comparison arrays(const std::string& a, const std::string& b, NumberType type,
                    const Tolerance& tolerance, const std::string& name = "") {
    return both_ways(a, b, [&](ResultFile x, ResultFile y) {
      return compare_arrays(std::move(x), std::move(y), name, type, tolerance);
    });
  }
  Comparison texts(const std::string& a, const std::string& b, const Tolerance& tolerance,
                   const std::string& name = "") {
    return both_ways(a, b, [&](ResultFile x, ResultFile y) {
      return compare_texts(std::move(x), std::move(y), name, tolerance);
    });
  }

 private:
  template <class Compare>
  Comparison both_ways(const std::string& a, const std::string& b, const Compare& compare) {
    const std::string path_a = scratch_.file("a", a);
    const std::string path_b = scratch_.file("b", b);
    auto there = compare(opened(path_a), opened(path_b));
    auto back = compare(opened(path_b), opened(path_a));
    EXPECT_TRUE(there && back);
    if (!there || !back) return {};
    EXPECT_EQ(there->agreement, back->agreement);
    EXPECT_EQ(there->distance, back->distance);
    EXPECT_EQ(there->mismatches, back->mismatches);
    EXPECT_EQ(there->difference_count, back->difference_count);
    return std::move(*there);
  }

  Scratch scratch_;
};

TEST(ReadAhead, GivesTheWholeFileInPieces) {
  const Scratch scratch;
  constexpr std::size_t piece = ReadAhead::piece_bytes;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, piece - 1, piece, piece + 1, 3 * piece, 3 * piece + 5}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
    ReadAhead source(opened(scratch.file("f", bytes)));
    std::string read;
    while (true) {
      const auto next = source.next();
      ASSERT_TRUE(next);
      if (next->empty()) break;
      EXPECT_TRUE(next->size() == piece || read.size() + next->size() == size);
      read.append(reinterpret_cast<const char*>(next->data()), next->size());
    }
    EXPECT_TRUE(read == bytes) << size;
    EXPECT_TRUE(source.next()->empty());
  }
}

TEST(ReadAhead, MayBeLeftInTheMiddle) {
  const Scratch scratch;
  ReadAhead source(opened(scratch.file("f", std::string(5 * ReadAhead::piece_bytes, 'x'))));
  EXPECT_EQ(source.next()->size(), ReadAhead::piece_bytes);
}

TEST(OpenResultFile, TakesRegularFilesOnly) {
  const Scratch scratch;
  ASSERT_EQ(::mkfifo(scratch.file("pipe").c_str(), 0600), 0);
  for (const std::string& path : {scratch.path(), scratch.file("pipe"), std::string("/dev/null")}) {
    const auto file = open_result_file(path, Links::follow);
    ASSERT_FALSE(file) << path;
    EXPECT_EQ(file.error().code, core::ErrorCode::unsupported);
  }
  const auto absent = open_result_file(scratch.file("absent"), Links::follow);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, core::ErrorCode::not_found);
  const std::string target = scratch.file("target", "x");
  ASSERT_EQ(::symlink(target.c_str(), scratch.file("link").c_str()), 0);
  EXPECT_TRUE(open_result_file(scratch.file("link"), Links::follow));
  EXPECT_FALSE(open_result_file(scratch.file("link"), Links::refuse));
}

TEST_F(Files, BytesAreEqualOrTheFirstOffsetIsNamed) {
  EXPECT_EQ(bytes("", "").agreement, Agreement::equal);
  EXPECT_EQ(bytes("abc", "abc").agreement, Agreement::equal);
  EXPECT_EQ(bytes("abc", "abd").reason(), "the first byte that differs is at offset 2");
  EXPECT_EQ(bytes("abc", "abcd").reason(), "3 and 4 bytes");
  std::string large(2 * ReadAhead::piece_bytes + 100, 'x');
  std::string other = large;
  other[ReadAhead::piece_bytes + 7] = 'y';
  EXPECT_EQ(bytes(large, other).reason(), "the first byte that differs is at offset " +
                                              std::to_string(ReadAhead::piece_bytes + 7));
}

TEST_F(Files, ArraysAreComparedByTheirType) {
  const std::vector<double> a(300'000, 1.5);
  std::vector<double> b = a;
  b[200'000] = 1.5 * (1 + 1e-9);
  const Tolerance close{.rtol = 1e-8, .atol = 0, .ulps = 0};
  const Comparison equal = arrays(bytes_of(a), bytes_of(b), NumberType::f64, close);
  EXPECT_EQ(equal.agreement, Agreement::equal);
  EXPECT_EQ(equal.values, 300'000);
  EXPECT_EQ(equal.largest->where, "number 200000");
  EXPECT_NEAR(equal.distance, 0.1, 1e-6);
  const Comparison different = arrays(bytes_of(a), bytes_of(b), NumberType::f64, {}, "u.bin");
  EXPECT_EQ(different.agreement, Agreement::different);
  EXPECT_EQ(different.mismatches, 1);
  EXPECT_EQ(different.differences[0].where, "u.bin[200000]");
  // The bytes mean something else as integers.
  EXPECT_EQ(arrays(bytes_of(a), bytes_of(b), NumberType::i64, close).agreement, Agreement::equal);
}

TEST_F(Files, ArraysOfOtherSizesDiffer) {
  const std::string ten(80, '\0');
  EXPECT_EQ(arrays(ten, ten.substr(8), NumberType::f64, {}).reason(), "80 and 72 bytes");
  const Comparison odd = arrays(ten.substr(1), ten.substr(1), NumberType::f64, {});
  EXPECT_EQ(odd.agreement, Agreement::incomparable);
  EXPECT_EQ(odd.unreadable, Side::both);
  EXPECT_EQ(odd.reason(), "79 bytes are no whole number of values of 8 bytes");
}

constexpr Tolerance one_percent{.rtol = 0.01, .atol = 0, .ulps = 0};

TEST_F(Files, TextsMayDifferInNumbersAndBlanks) {
  const Comparison found =
      texts("t = 1.00  u: 20\nend\n", "t = 1.005 u:  20.1\r\nend", one_percent);
  EXPECT_EQ(found.agreement, Agreement::equal) << found.reason();
  EXPECT_EQ(found.values, 2);
  EXPECT_EQ(found.largest->where, "line 1");
  EXPECT_NEAR(found.distance, 0.1 / 0.201, 1e-9);
}

TEST_F(Files, TextsMustNotDifferInAnythingElse) {
  const struct {
    const char* a;
    const char* b;
    const char* reason;
  } cases[] = {
      {"u 1\nv 2\n", "u 1\nw 2\n", "line 2: 'v' and 'w'"},
      {"u 1\n", "u 2\n", "line 1: 1 and 2 are 1 apart, 50 of what is allowed"},
      {"u 1\n", "u x\n", "line 1: '1' and 'x'"},
      {"u 1\n", "u 1 2\n", "line 1: the end of the line and '2'"},
      {"u 1\n", "u 1\nv\n", "line 2: the end of the text and 'v'"},
      {"a,b\n", "a;b\n", "line 1: ',' and ';'"},
      {"a\n\nb", "a\nb", "line 2: the end of the line and 'b'"},
      {"a\x01", "a\x02", "line 1: 'a\\x01' and 'a\\x02'"},
      {"1.2.3", "1.2.4", "line 1: '1.2.3' and '1.2.4'"},
      {"nan", "nan", "line 1: nan and nan"},
      {"9007199254740993 ", "9007199254740992", ""},
  };
  for (const auto& [a, b, reason] : cases) {
    const Comparison found = texts(a, b, one_percent);
    EXPECT_EQ(found.reason(), reason) << a;
  }
  EXPECT_EQ(texts("9007199254740993", "9007199254740992", {}).mismatches, 1);
  EXPECT_EQ(texts("1e999", "1e999", {}).agreement, Agreement::equal);
  EXPECT_EQ(texts("1e999", "2e999", {}).agreement, Agreement::different);
}

TEST_F(Files, TextsListWhatDiffersInTheOrderOfTheLines) {
  const Comparison words_first = texts("x\n1\ny\n", "X\n2\nY\n", {}, "log");
  ASSERT_EQ(words_first.differences.size(), 3);
  EXPECT_EQ(words_first.differences[0].where, "log:1");
  const Comparison number_first = texts("1\nx\n", "2\ny\n", {}, "log");
  EXPECT_EQ(number_first.differences[0].where, "log:1");
  EXPECT_EQ(number_first.differences[1].where, "log:2");
}

TEST_F(Files, LinesOfNumbersAreRememberedOverLongTexts) {
  std::string a;
  std::string b;
  for (int line = 1; line <= 20'000; ++line) {
    a += std::to_string(line) + (line % 3 == 0 ? "\n" : ".5\n");
    b += std::to_string(line) + (line == 17'000 ? ".7\n" : line % 3 == 0 ? "\n" : ".5\n");
  }
  const Comparison found = texts(a, b, {.rtol = 0, .atol = 0.125, .ulps = 0});
  EXPECT_EQ(found.values, 20'000);
  EXPECT_EQ(found.mismatches, 1);
  EXPECT_EQ(found.differences[0].where, "line 17000");
  EXPECT_EQ(found.largest->where, "line 17000");
}

TEST(Shown, CutsAndEscapes) {
  EXPECT_EQ(shown("a'b"), "'a'b'");
  EXPECT_EQ(shown(std::string(50, 'x')), "'" + std::string(40, 'x') + "…'");
  EXPECT_EQ(shown(std::string_view("\0\n\xff", 3)), "'\\x00\\x0a\\xff'");
}

}  // namespace
}  // namespace nexa::io::compare
