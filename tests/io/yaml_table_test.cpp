#include "io/yaml/table.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/io/yaml_helpers.hpp"

namespace nexa::io {
namespace {

using testing::expect_one_error;
using testing::find_error;
using testing::source_of;

enum class Colour { red, green };

struct Part {
  std::string name;
  std::uint32_t count = 3;
};

struct Thing {
  Located<std::string> name;
  bool fast = false;
  std::int64_t speed = 1000;
  core::Duration time = core::seconds(60);
  std::uint64_t memory_kib = 1024;
  core::Credits price;
  Colour colour = Colour::green;
  std::optional<std::uint64_t> limit;
  std::vector<Part> parts;
};

Table<Thing> thing_table() {
  Table<Part> part("a mapping of a part");
  part.required("name", &Part::name, name(), "what it is called")
      .optional("count", &Part::count, as<std::uint32_t>(integer({1, 10})), "how many");
  Table<Thing> thing("a mapping of a thing");
  thing.required("name", &Thing::name, located(text()), "its name")
      .optional("fast", &Thing::fast, boolean(), "whether it is fast")
      .optional("speed", &Thing::speed, decimal(3, {1, 5000}), "how fast")
      .optional("time", &Thing::time, duration({core::seconds(1), core::seconds(86'400)}), "when")
      .optional("memory", &Thing::memory_kib, memory_kib({1, 1024 * 1024}), "how much")
      .optional("price", &Thing::price, credits({core::Credits{}, core::Credits::whole(5)}), "cost")
      .optional("colour", &Thing::colour, choice<Colour>({"red", "green"}), "its colour")
      .optional("limit", &Thing::limit, as<std::uint64_t>(integer({1, 9})), "at most")
      .optional("parts", &Thing::parts, list_of(part.codec(), "a list of parts", {1, 3}), "parts");
  return thing;
}

Thing decode(const std::string& text, Diagnostics& diagnostics) {
  Thing thing;
  const auto document = parse_yaml(source_of(text), diagnostics);
  if (document) thing_table().decode(Cursor(*document, diagnostics), thing);
  return thing;
}

Diagnostics errors_of(const std::string& text) {
  Diagnostics diagnostics;
  decode(text, diagnostics);
  EXPECT_FALSE(diagnostics.ok()) << text;
  return diagnostics;
}

TEST(YamlTable, DecodesEveryField) {
  Diagnostics diagnostics;
  const Thing thing = decode(
      "name: x y\nfast: true\nspeed: 1.25\ntime: 1h 30m\nmemory: 4 MiB\nprice: 0.02\ncolour: red\n"
      "limit: 7\nparts:\n  - name: a\n  - {name: b, count: 5}\n",
      diagnostics);
  ASSERT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  EXPECT_EQ(thing.name.value, "x y");
  EXPECT_EQ(thing.name.place.column, 7);
  EXPECT_TRUE(thing.fast);
  EXPECT_EQ(thing.speed, 1250);
  EXPECT_EQ(thing.time, core::seconds(5400));
  EXPECT_EQ(thing.memory_kib, 4096U);
  EXPECT_EQ(thing.price.micro(), 20'000);
  EXPECT_EQ(thing.colour, Colour::red);
  EXPECT_EQ(thing.limit, 7U);
  ASSERT_EQ(thing.parts.size(), 2U);
  EXPECT_EQ(thing.parts[0].count, 3U);
  EXPECT_EQ(thing.parts[1].count, 5U);
}

TEST(YamlTable, TakesDefaultsFromTheStruct) {
  Diagnostics diagnostics;
  const Thing thing = decode("name: x\n", diagnostics);
  ASSERT_TRUE(diagnostics.ok());
  EXPECT_EQ(thing.speed, 1000);
  EXPECT_EQ(thing.colour, Colour::green);
  EXPECT_FALSE(thing.limit);
}

TEST(YamlTable, SuggestsTheKeyThatWasMeant) {
  expect_one_error(errors_of("name: x\nsped: 2\n"), 2, 1, "unknown key 'sped'",
                   "did you mean 'speed'?");
}

TEST(YamlTable, ListsTheKeysWhereNoneIsNear) {
  expect_one_error(errors_of("name: x\nqqqqqqqq: 2\n"), 2, 1, "unknown key", "known: name, fast");
}

TEST(YamlTable, CutsAnEnormousUnknownKey) {
  expect_one_error(errors_of("name: x\n\"" + std::string(900, 'k') + "\": 2\n"), 2, 1,
                   "unknown key 'kkkk", "known: name");
}

TEST(YamlTable, ReportsAMissingKeyAtItsParent) {
  const Diagnostics diagnostics = errors_of("fast: true\nparts:\n  - count: 1\n");
  EXPECT_EQ(diagnostics.count(), 2U);
  find_error(diagnostics, 1, 1, "missing key 'name'");
  const Diagnostic* part = find_error(diagnostics, 3, 5, "missing key 'parts[0].name'");
  ASSERT_NE(part, nullptr);
  EXPECT_EQ(part->pointer, "/parts/0");
  EXPECT_NE(part->hint.find("what it is called"), std::string::npos);
}

TEST(YamlTable, ReportsAllErrorsInOnePass) {
  const Diagnostics diagnostics = errors_of(
      "name: []\nfast: yes\nspeed: 9\ntime: 5\nmemory: 1\nprice: 0.0000001\ncolour: rd\n");
  EXPECT_EQ(diagnostics.count(), 7U) << diagnostics.to_text();
  EXPECT_EQ(diagnostics.entries()[1].pointer, "/fast");
}

TEST(YamlTable, TakesOnlyTrueAndFalseForBooleans) {
  expect_one_error(errors_of("name: x\nfast: yes\n"), 2, 7, "must be true or false, found 'yes'",
                   "write true");
  expect_one_error(errors_of("name: x\nfast: off\n"), 2, 7, "found 'off'", "write false");
  expect_one_error(errors_of("name: x\nfast: True\n"), 2, 7, "found 'True'", "write true");
  expect_one_error(errors_of("name: x\nfast: \"true\"\n"), 2, 7, "found 'true'", "quotes");
}

TEST(YamlTable, KeepsUnquotedWordsAsTextWhereTextIsMeant) {
  for (const char* word : {"no", "yes", "on", "010", "1:30", "5", "0x1F", "1e3"}) {
    Diagnostics diagnostics;
    EXPECT_EQ(decode("name: " + std::string(word) + "\n", diagnostics).name.value, word);
    EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  }
  expect_one_error(errors_of("name:\n"), 1, 1, "'name' must be text, found nothing");
  expect_one_error(errors_of("name: ''\n"), 1, 7, "'name' must be text, found ''");
}

TEST(YamlTable, RefusesNumbersThatMeanDifferentThings) {
  expect_one_error(errors_of("name: x\nlimit: 010\n"), 2, 8, "'010' has a leading zero", "octal");
  expect_one_error(errors_of("name: x\nspeed: 01.5\n"), 2, 8, "'01.5' has a leading zero");
  for (const char* number : {"0x5", "0o5", "1e0", "5.0", "1_0", "1:00", "+5", "5s", ".5"}) {
    expect_one_error(errors_of("name: x\nlimit: " + std::string(number) + "\n"), 2, 8,
                     "is not a whole number");
  }
  expect_one_error(errors_of("name: x\nlimit: \"5\"\n"), 2, 8, "must be a whole number", "quotes");
}

TEST(YamlTable, ChecksRanges) {
  expect_one_error(errors_of("name: x\nlimit: -1\n"), 2, 8,
                   "'limit' must be a whole number from 1 to 9, found '-1'");
  expect_one_error(errors_of("name: x\nlimit: 99999999999999999999\n"), 2, 8, "too large");
  expect_one_error(errors_of("name: x\nprice: -0.01\n"), 2, 8, "from 0 to 5");
  expect_one_error(errors_of("name: x\ntime: 2d\n"), 2, 7, "from 1s to 1d");
  expect_one_error(errors_of("name: x\nmemory: 2G\n"), 2, 9, "from 1 KiB to 1 GiB");
}

TEST(YamlTable, WantsUnits) {
  expect_one_error(errors_of("name: x\ntime: 90\n"), 2, 7, "'90' needs a unit", "90s");
  expect_one_error(errors_of("name: x\ntime: 90x\n"), 2, 7, "unknown unit 'x'", "90s");
  expect_one_error(errors_of("name: x\ntime: -90s\n"), 2, 7, "negative");
  expect_one_error(errors_of("name: x\nmemory: 4\n"), 2, 9, "'4' needs a unit", "4 GiB");
  expect_one_error(errors_of("name: x\nmemory: 4 GB\n"), 2, 9, "unknown unit 'GB'", "4 GiB");
}

TEST(YamlTable, SaysWhatItFoundInsteadOfAMapping) {
  expect_one_error(errors_of("- a\n"), 1, 1, "the file must be a mapping of a thing, found a list");
  expect_one_error(errors_of("name: x\nparts: {}\n"), 2, 8, "must be a list of parts, found a map");
  expect_one_error(errors_of("name: x\nparts: []\n"), 2, 8, "is an empty list");
  expect_one_error(errors_of("name: x\nparts: [1, {name: a}]\n"), 2, 9,
                   "'parts[0]' must be a mapping of a part, found '1'");
  const std::string four = "[{name: a}, {name: a}, {name: a}, {name: a}]";
  expect_one_error(errors_of("name: x\nparts: " + four + "\n"), 2, 8, "has 4 items");
}

TEST(YamlTable, SuggestsTheWordThatWasMeant) {
  expect_one_error(errors_of("name: x\ncolour: gren\n"), 2, 9, "must be red or green, found 'gren'",
                   "did you mean 'green'?");
}

TEST(YamlTable, RefusesNamesThatCannotBeFileNames) {
  for (const char* bad : {"a/b", "-a", ".a", "a b", "ä", "''"}) {
    expect_one_error(errors_of("name: x\nparts: [{name: " + std::string(bad) + "}]\n"), 2, 16,
                     "must be a name");
  }
  const std::string longest(64, 'a');
  Diagnostics diagnostics;
  decode("name: x\nparts: [{name: " + longest + "}]\n", diagnostics);
  EXPECT_TRUE(diagnostics.ok());
  expect_one_error(errors_of("name: x\nparts: [{name: " + longest + "a}]\n"), 2, 16, "of up to 64");
}

TEST(YamlTable, RunsRulesOverSeveralFields) {
  struct Pair {
    std::int64_t low = 0;
    std::int64_t high = 9;
  };
  Table<Pair> table("a pair");
  table.optional("low", &Pair::low, integer({0, 9}), "least")
      .optional("high", &Pair::high, integer({0, 9}), "most")
      .check([](const Cursor& at, Pair& pair) {
        if (pair.low > pair.high) at.error("low is above high");
      });
  Diagnostics diagnostics;
  const auto document = parse_yaml(source_of("low: 5\nhigh: 4\n"), diagnostics);
  Pair pair;
  table.decode(Cursor(*document, diagnostics), pair);
  expect_one_error(diagnostics, 1, 1, "low is above high");
}

TEST(YamlTable, PrintsAReferenceFromTheFields) {
  const std::string page = field_reference(thing_table().shape(), "thing");
  EXPECT_EQ(page.find("## thing\n"), 0U);
  EXPECT_NE(
      page.find("| `speed` | a number from 0.001 to 5 with at most 3 decimals | `1` | how fast"),
      std::string::npos)
      << page;
  EXPECT_NE(page.find("\n## thing.parts[]\n"), std::string::npos);
  EXPECT_NE(page.find("| `time` |"), std::string::npos);
  EXPECT_NE(page.find("`1m`"), std::string::npos);
}

TEST(YamlTable, PrintsAJsonSchemaFromTheFields) {
  const std::string schema = json_schema(thing_table().shape(), "thing");
  EXPECT_NE(schema.find("http://json-schema.org/draft-07/schema#"), std::string::npos);
  EXPECT_NE(schema.find("\"additionalProperties\": false"), std::string::npos);
  EXPECT_NE(schema.find("\"maximum\": 9"), std::string::npos);
  EXPECT_NE(schema.find("\"default\": \"1m\""), std::string::npos);
  EXPECT_NE(schema.find("\"default\": false"), std::string::npos);
}

}  // namespace
}  // namespace nexa::io
