#include "validator/compare/comparator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "io/sha256.hpp"
#include "validator/compare/comparison.hpp"
#include "validator/compare/path_pattern.hpp"

namespace nexa::validator::compare {
namespace {

template <class Kind>
Kind parsed(std::string_view text) {
  const auto comparator = parse_comparator(text);
  EXPECT_TRUE(comparator) << text;
  if (!comparator || !std::holds_alternative<Kind>(*comparator)) return {};
  return std::get<Kind>(*comparator);
}

core::Error error_of(std::string_view text) {
  const auto comparator = parse_comparator(text);
  EXPECT_FALSE(comparator) << text;
  return comparator ? core::Error{} : comparator.error();
}

TEST(ParseComparator, TakesDefaultsAndParameters) {
  EXPECT_EQ(parsed<UlpParameters>("ulp"), UlpParameters{});
  EXPECT_EQ(parsed<ExactParameters>("exact"), ExactParameters{});
  const auto ulp = parsed<UlpParameters>("ulp:ulps=16,atol=1e-30,nan=bitwise,format=f32");
  EXPECT_EQ(ulp.ulps, 16);
  EXPECT_EQ(ulp.atol, 1e-30);
  EXPECT_EQ(ulp.nan, NanPolicy::bitwise);
  EXPECT_EQ(ulp.format, FileFormat::f32);
  EXPECT_EQ(parsed<AbsRelParameters>("absrel:rtol=1e-6").rtol, 1e-6);
  const auto script = parsed<ScriptParameters>("script:path=a/check.sh,wall=5");
  EXPECT_EQ(script.path, "a/check.sh");
  EXPECT_EQ(script.wall, 5);
}

TEST(ParseComparator, RulesChangeWhatHoldsEverywhere) {
  const auto hdf5 = parsed<Hdf5Parameters>(
      "hdf5:rtol=1e+0,nan=equal+/u:atol=1e-9+/log/**:check=presence,attributes=ignore+/odd%2B%3a:"
      "ulps=3");
  EXPECT_EQ(hdf5.everywhere.rtol, 1);
  ASSERT_EQ(hdf5.rules.size(), 3);
  EXPECT_EQ(hdf5.rules[0].pattern, "/u");
  EXPECT_EQ(hdf5.rules[0].parameters.atol, 1e-9);
  EXPECT_EQ(hdf5.rules[0].parameters.nan, NanPolicy::equal);
  EXPECT_EQ(hdf5.rules[1].parameters.check, DatasetCheck::presence);
  EXPECT_EQ(hdf5.rules[2].pattern, "/odd+:");
  EXPECT_EQ(parsed<Hdf5Parameters>("hdf5+/u:atol=2").rules.front().parameters.atol, 2);
}

TEST(ParseComparator, TheLastRuleThatMatchesHolds) {
  const auto hdf5 = parsed<Hdf5Parameters>("hdf5:atol=1+/a/*:atol=2+/a/u:atol=3");
  std::size_t rule = 9;
  EXPECT_EQ(hdf5.at("/a/u", &rule).atol, 3);
  EXPECT_EQ(rule, 1);
  EXPECT_EQ(hdf5.at("/a/v", &rule).atol, 2);
  EXPECT_EQ(rule, 0);
  EXPECT_EQ(hdf5.at("/a/v/w", &rule).atol, 1);
  EXPECT_EQ(rule, 2);
}

TEST(ParseComparator, MistakesAreNamedWithWhatIsAllowed) {
  const struct {
    const char* text;
    const char* message;
    const char* hint;
  } cases[] = {
      {"", "unknown comparator ''", "known: exact, ulp"},
      {"absrell", "unknown comparator 'absrell'", "did you mean 'absrel'?"},
      {"absrel:rtl=1", "comparator 'absrel' has no parameter 'rtl'", "did you mean 'rtol'?"},
      {"absrel:rtol=2", "parameter 'rtol' has the value '2'", "expected a number from 0 to 1"},
      {"absrel:rtol=-1e-9", "has the value '-1e-9'", "expected a number from 0 to 1"},
      {"absrel:rtol=nan", "has the value 'nan'", "from 0 to 1"},
      {"absrel:atol=inf", "has the value 'inf'", "from 0 to 1.79"},
      {"absrel:rtol=", "has the value ''", "from 0 to 1"},
      {"absrel:rtol", "comparator 'absrel' is followed by 'rtol'", "name=value"},
      {"absrel:rtol=1,", "is followed by ''", "name=value"},
      {"absrel:rtol=1,rtol=0", "parameter 'rtol' of comparator 'absrel' is given twice", "keep"},
      {"ulp:ulps=1.5", "has the value '1.5'", "an integer from 0 to 4503599627370496 (numbers)"},
      {"ulp:ulps=-1", "has the value '-1'", "an integer from 0"},
      {"ulp:nan=rejct", "has the value 'rejct'", "did you mean 'reject'?"},
      {"ulp:format=f16", "has the value 'f16'", "did you mean 'i16'"},
      {"ulp:nan=x", "has the value 'x'", "one of reject, equal, bitwise"},
      {"exact:a=1", "comparator 'exact' has no parameter 'a'", "it has no parameters"},
      {"exact+/u:atol=1", "comparator 'exact' takes no rules", "'hdf5' does"},
      {"hdf5+/u", "the rule '/u' changes no parameter", "+/PATTERN:name=value"},
      {"hdf5+/u:atl=1", "the rule '/u' has no parameter 'atl'", "did you mean 'atol'?"},
      {"hdf5+/%4:atol=1", "has a '%' without two digits", "%25"},
      {"script", "does not say which program", "path=FILE"},
      {"script:path=", "has the value ''", "the name of a file"},
      {"script:path=a,wall=0", "parameter 'wall' has the value '0'", "from 1 to 86400 (s)"},
      {"ensemble", "has no summary", "summary=FILE"},
      {"ensemble:summary=a,pcs=2", "'fail_pcs' is 3, more than 'pcs', 2", "at most"},
  };
  for (const auto& [text, message, hint] : cases) {
    const core::Error error = error_of(text);
    EXPECT_EQ(error.code, core::ErrorCode::invalid_argument) << text;
    EXPECT_NE(error.message.find(message), std::string::npos) << text << ": " << error.message;
    EXPECT_NE(error.hint.find(hint), std::string::npos) << text << ": " << error.hint;
  }
}

TEST(ComparatorText, NamesAllParametersAndReadsBack) {
  EXPECT_EQ(to_text(AbsRelParameters{}), "absrel:rtol=1e-09,atol=0,nan=reject,format=text");
  EXPECT_EQ(to_text(ExactParameters{}), "exact");
  for (const ComparatorInfo& info : all_comparators()) {
    const auto comparator = parse_comparator(info.example);
    ASSERT_TRUE(comparator) << info.example;
    const auto again = parse_comparator(to_text(*comparator));
    ASSERT_TRUE(again) << to_text(*comparator);
    EXPECT_EQ(*again, *comparator);
    EXPECT_EQ(to_text(*again), to_text(*comparator));
  }
  const auto odd = parse_comparator("hdf5+/a%2B%2Fb%20%3A%2C%25:ulps=1");
  ASSERT_TRUE(odd);
  EXPECT_EQ(std::get<Hdf5Parameters>(*odd).rules[0].pattern, "/a+/b :,%");
  EXPECT_EQ(*parse_comparator(to_text(*odd)), *odd);
}

core::Digest digest_of(std::string_view text, const std::optional<core::Digest>& file = {}) {
  return identify(*parse_comparator(text), io::sha256_of_parts, file).digest;
}

TEST(ComparatorIdentity, IsTheSameForTheSameMeaning) {
  EXPECT_EQ(digest_of("absrel"), digest_of("absrel:atol=0,rtol=0.000000001"));
  const core::Digest program = io::sha256("#!/bin/sh\n");
  EXPECT_EQ(digest_of("script:path=a", program), digest_of("script:path=b/c", program));
  EXPECT_NE(digest_of("script:path=a", program), digest_of("script:path=a", io::sha256("other")));
  std::set<core::Digest> all;
  for (const char* text :
       {"exact", "absrel", "ulp", "hdf5", "absrel:atol=1e-9", "absrel:nan=equal", "hdf5+/u:atol=1",
        "hdf5+/v:atol=1", "hdf5+/u:atol=1+/v:atol=1", "hdf5:atol=1"}) {
    all.insert(digest_of(text));
  }
  EXPECT_EQ(all.size(), 10);
}

TEST(ComparatorIdentity, HashesWhatItsDescriptionSays) {
  std::string bytes("nexapod/comparator/v1\0\0\0\0\x05", 26);
  bytes += "exact";
  bytes += std::string("\0\0\0\x01\0\0\0\0\0\0\0\0", 12);
  const ComparatorIdentity exact = identify(ExactParameters{}, io::sha256_of_parts, {});
  EXPECT_EQ(exact.digest, io::sha256(bytes));
  EXPECT_EQ(exact.name, "exact");
  EXPECT_EQ(exact.parameters, "");
  const ScriptParameters script{.path = "secret/check.sh"};
  const auto identity = identify(script, io::sha256_of_parts, core::Digest{});
  EXPECT_EQ(identity.parameters.find("secret"), std::string::npos);
  EXPECT_NE(identity.parameters.find("wall=60"), std::string::npos);
}

TEST(MatchesPath, StarsStayWithinANameAndTwoDoNot) {
  EXPECT_TRUE(matches_path("/u", "/u"));
  EXPECT_FALSE(matches_path("/uu", "/u"));
  EXPECT_FALSE(matches_path("/u", "/uu"));
  EXPECT_TRUE(matches_path("/fields/u", "/fields/*"));
  EXPECT_FALSE(matches_path("/fields/a/u", "/fields/*"));
  EXPECT_TRUE(matches_path("/fields/a/u", "/fields/**"));
  EXPECT_TRUE(matches_path("/fields/a/u", "/**/u"));
  EXPECT_TRUE(matches_path("/a1b2c", "/a*b*c"));
  EXPECT_FALSE(matches_path("/a1b2", "/a*b*c"));
  EXPECT_TRUE(matches_path("/", "/**"));
  EXPECT_TRUE(matches_path("/", "/*"));
  EXPECT_TRUE(matches_path(std::string(3000, 'a'), "*a*a*a*a*a*a*a*a*a*a*a*"));
}

TEST(Comparison, ADifferenceOutweighsWhatCannotBeCompared) {
  Comparison comparison;
  EXPECT_EQ(comparison.agreement, Agreement::equal);
  EXPECT_EQ(comparison.reason(), "");
  comparison.cannot_compare("/r", "references cannot be compared");
  EXPECT_EQ(comparison.agreement, Agreement::incomparable);
  comparison.differ("/u", "3 and 4 dimensions");
  EXPECT_EQ(comparison.agreement, Agreement::different);
  comparison.cannot_compare("", "x");
  EXPECT_EQ(comparison.agreement, Agreement::different);
  EXPECT_EQ(comparison.reason(), "/r: references cannot be compared");
  EXPECT_EQ(comparison.difference_count, 3);
  EXPECT_TRUE(std::isinf(comparison.distance));
}

TEST(Comparison, PartsAddUp) {
  const auto place = [](const std::string& part) {
    return [part](std::uint64_t index) { return part + '[' + std::to_string(index) + ']'; };
  };
  const std::vector<double> zero(40, 0.0);
  const std::vector<double> half(40, 0.5);
  const std::vector<double> two(40, 2.0);
  const Tolerance one{.rtol = 0, .atol = 1, .ulps = 0};
  NumberComparison first(one);
  first.add(std::span<const double>(zero), std::span<const double>(half));
  NumberComparison second(one);
  second.add(std::span<const double>(two), std::span<const double>(zero));
  Comparison comparison;
  comparison.add_part("/u", first, place("/u"));
  EXPECT_EQ(comparison.agreement, Agreement::equal);
  EXPECT_EQ(comparison.distance, 0.5);
  EXPECT_EQ(comparison.biases.size(), 1);
  comparison.add_part("/v", second, place("/v"));
  EXPECT_EQ(comparison.agreement, Agreement::different);
  EXPECT_EQ(comparison.distance, 2);
  EXPECT_EQ(comparison.values, 80);
  EXPECT_EQ(comparison.mismatches, 40);
  EXPECT_EQ(comparison.largest->where, "/v[0]");
  EXPECT_EQ(comparison.reason(),
            "/v[0]: 2 and 0 are 2 apart, 2 of what is allowed; 40 of 40 values differ");
  EXPECT_EQ(comparison.bias_count, 1);
}

}  // namespace
}  // namespace nexa::validator::compare
