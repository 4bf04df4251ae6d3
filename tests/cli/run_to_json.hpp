#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/sim_runs.hpp"

namespace nexa::cli::testing {

/// Runs the scenario of the flags as `nexa sim run --json` does, and returns its document.
inline nlohmann::json run_to_json(const SimFlags& flags) {
  GlobalOptions options;
  options.json = true;
  options.quiet = true;
  ::testing::internal::CaptureStdout();
  const int code = run_simulations({flags.scenario}, flags, options);
  const std::string text = ::testing::internal::GetCapturedStdout();
  EXPECT_EQ(code, 0) << text;
  return nlohmann::json::parse(text);
}

}  // namespace nexa::cli::testing
