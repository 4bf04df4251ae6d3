#include "io/strict_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "io/rfc3339.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;

std::string again(std::string_view text) {
  const auto document = parse_strict_json(text, "a.json");
  EXPECT_TRUE(document.has_value()) << text;
  return document ? document->dump() : "";
}

ErrorCode code(std::string_view text, const JsonLimits& limits = {}) {
  const auto document = parse_strict_json(text, "a.json", limits);
  EXPECT_FALSE(document.has_value()) << text;
  return document ? ErrorCode::internal : document.error().code;
}

TEST(StrictJson, KeepsValuesAndTheirOrder) {
  for (const char* text :
       {R"({"b":[1,-2,1.5,true,null,"x\n"],"a":{"c":{},"b":[]}})", "[]", "7", "\"\"",
        "18446744073709551615", "-9223372036854775808", R"([[1],[{"a":[2]}],3])"}) {
    EXPECT_EQ(again(text), text);
  }
}

TEST(StrictJson, RefusesWhatReadersWouldDifferOn) {
  for (const std::string_view text :
       std::initializer_list<std::string_view>{R"({"a":1,"a":1})",
                                               R"({"b":{"a":1,"x":2,"a":3}})",
                                               R"([{"a":1},{"a":1,"\u0061":2}])",
                                               std::string_view("{}\0x", 4),
                                               std::string_view("{}\0", 3),
                                               "\xef\xbb\xbf{}",
                                               "{} {}",
                                               "{}x",
                                               "{\"a\":1,}",
                                               "[1,]",
                                               "// c\n{}",
                                               "{'a':1}",
                                               "\"\xff\"",
                                               "\"\xc0\xaf\"",
                                               "[18446744073709551616]",
                                               "-9223372036854775809",
                                               "[1e999]",
                                               "01",
                                               "",
                                               " ",
                                               "{",
                                               "[1",
                                               "\"a",
                                               "nul",
                                               "NaN",
                                               "\"\x01\""}) {
    EXPECT_EQ(code(text), ErrorCode::corrupt) << text;
  }
}

TEST(StrictJson, NamesTheTwiceGivenNameAndThePlaceOfAnError) {
  const auto twice = parse_strict_json(R"({"payload":1,"payload":2})", "a.json").error();
  EXPECT_EQ(twice.message, "the name 'payload' stands twice in one object");
  EXPECT_EQ(twice.where.file, "a.json");
  const auto broken = parse_strict_json("{\n  \"a\": x}", "a.json").error();
  EXPECT_EQ(broken.where.line, 2);
  EXPECT_EQ(broken.where.column, 8);
}

TEST(StrictJson, HasLimits) {
  const std::string deep = std::string(33, '[') + std::string(33, ']');
  EXPECT_EQ(code(deep), ErrorCode::limit_exceeded);
  EXPECT_EQ(again(deep.substr(1, 64)), deep.substr(1, 64));
  EXPECT_EQ(code(std::string(1'000'000, '[')), ErrorCode::limit_exceeded);
  const JsonLimits five{.depth = 32, .values = 5};
  EXPECT_TRUE(parse_strict_json("[1,2,3,4]", "a", five).has_value());
  EXPECT_TRUE(parse_strict_json(R"({"a":[1,2]})", "a", five).has_value());
  EXPECT_EQ(code("[1,2,3,4,5]", five), ErrorCode::limit_exceeded);
  EXPECT_EQ(code(R"({"a":1,"b":2,"c":3})", five), ErrorCode::limit_exceeded);
}

TEST(Rfc3339, ReadsWhatItWrites) {
  for (const std::int64_t us :
       {std::int64_t{0}, std::int64_t{1'700'000'000'000'000}, std::int64_t{1'700'000'000'000'001},
        std::int64_t{-1}, std::int64_t{951'782'400'000'000}}) {
    const core::Time time{core::Duration{us}};
    EXPECT_EQ(parse_utc(utc_text(time)), time) << utc_text(time);
  }
  EXPECT_EQ(utc_text(core::at_seconds(1'700'000'000)), "2023-11-14T22:13:20Z");
  EXPECT_EQ(utc_text(core::Time{core::Duration{500'000}}), "1970-01-01T00:00:00.500000Z");
  EXPECT_EQ(parse_utc("1985-04-12T23:20:50.52Z"), core::Time{core::Duration{482'196'050'520'000}});
  EXPECT_EQ(parse_utc("1970-01-01t00:00:01+00:00"), core::at_seconds(1));
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const char* text :
       {"", "2023-11-14", "2023-11-14T22:13:20", "2023-11-14T22:13:20+01:00",
        "2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z", "2023-11-14T24:00:00Z",
        "2023-11-14T22:13:60Z", "2023-11-14 22:13:20Z", "2023-11-14T22:13:20.Z",
        "2023-11-14T22:13:20.1234567Z", "2023-11-14T22:13:20Z ", "+023-11-14T22:13:20Z"}) {
    EXPECT_EQ(parse_utc(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace nexa::io
