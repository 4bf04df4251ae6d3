#include "cli/errors.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace nexa::cli {
namespace {

using core::Error;
using core::ErrorCode;

TEST(ErrorText, NamesThePlaceAsFarAsItIsKnown) {
  Error error{ErrorCode::invalid_argument, "unknown key 'teir'", "did you mean 'tier'?", {}};
  const std::string rest =
      "error: unknown key 'teir'\n"
      "     = help: did you mean 'tier'?\n";
  EXPECT_EQ(error_text(error), "nexa: " + rest);
  error.where = {"job.yaml", 0, 0};
  EXPECT_EQ(error_text(error), "job.yaml: " + rest);
  error.where.line = 4;
  EXPECT_EQ(error_text(error), "job.yaml:4: " + rest);
  error.where.column = 3;
  EXPECT_EQ(error_text(error), "job.yaml:4:3: " + rest);
  error.hint.clear();
  EXPECT_EQ(error_text(error), "job.yaml:4:3: error: unknown key 'teir'\n");
}

TEST(ErrorJson, IsOneDocumentWithCodeMessagePlaceAndHint) {
  const Error error{
      ErrorCode::not_found, "unknown tier 'hcp'", "did you mean 'hpc'?", {"a.yaml", 2, 7}};
  const auto json = nlohmann::json::parse(error_json(error))["error"];
  EXPECT_EQ(json["code"], "not_found");
  EXPECT_EQ(json["message"], "unknown tier 'hcp'");
  EXPECT_EQ(json["hint"], "did you mean 'hpc'?");
  EXPECT_EQ(json["where"], (nlohmann::json{{"file", "a.yaml"}, {"line", 2}, {"column", 7}}));
  const Error nowhere{ErrorCode::internal, "x", "", {}};
  EXPECT_TRUE(nlohmann::json::parse(error_json(nowhere))["error"]["where"].is_null());
}

TEST(ErrorJson, ReplacesBytesThatAreNotUtf8) {
  const Error error{ErrorCode::not_found, "unknown tier '\xff'", "", {}};
  EXPECT_TRUE(nlohmann::json::accept(error_json(error)));
}

TEST(ExitCode, TellsUsersMistakesFromImpossibleRefusedAndBroken) {
  EXPECT_EQ(exit_code_of(ErrorCode::invalid_argument), 2);
  EXPECT_EQ(exit_code_of(ErrorCode::not_found), 2);
  EXPECT_EQ(exit_code_of(ErrorCode::corrupt), 2);
  EXPECT_EQ(exit_code_of(ErrorCode::limit_exceeded), 2);
  EXPECT_EQ(exit_code_of(ErrorCode::io), 2);
  EXPECT_EQ(exit_code_of(ErrorCode::unsupported), 2);
  EXPECT_EQ(exit_code_of(ErrorCode::unsatisfiable), 3);
  EXPECT_EQ(exit_code_of(ErrorCode::refused), 4);
  EXPECT_EQ(exit_code_of(ErrorCode::conflict), 1);
  EXPECT_EQ(exit_code_of(ErrorCode::internal), 70);
}

TEST(ReportError, UsesStandardErrorForPeopleAndStandardOutputForJson) {
  const Error error{ErrorCode::unsatisfiable, "needs 4 GPUs, the largest node has 2", "", {}};
  GlobalOptions options;
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(report_error(error, options), 3);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), error_text(error));
  options.json = true;
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(report_error(error, options), 3);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), error_json(error));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace nexa::cli
