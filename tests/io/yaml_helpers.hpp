#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/yaml/diagnostics.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io::testing {

inline SourcePtr source_of(std::string text) {
  return std::make_shared<const Source>("job.yaml", std::move(text));
}

inline const std::vector<std::string>& three_tiers() {
  static const std::vector<std::string> names{"cpu", "consumer_gpu", "hpc"};
  return names;
}

/// The entry at a place whose message contains `part`, or null with a test failure.
inline const Diagnostic* find_error(const Diagnostics& diagnostics, int line, int column,
                                    std::string_view part) {
  for (const Diagnostic& entry : diagnostics.entries()) {
    const bool here = entry.line == line && entry.column == column;
    if (here && entry.message.find(part) != std::string::npos) return &entry;
  }
  ADD_FAILURE() << "no error at " << line << ":" << column << " with \"" << part << "\" in:\n"
                << diagnostics.to_text();
  return nullptr;
}

/// Expects exactly one error, at a place, whose message contains `part` and whose hint contains
/// `hint`.
inline void expect_one_error(const Diagnostics& diagnostics, int line, int column,
                             std::string_view part, std::string_view hint = {}) {
  EXPECT_EQ(diagnostics.count(), 1U) << diagnostics.to_text();
  const Diagnostic* found = find_error(diagnostics, line, column, part);
  if (found == nullptr) return;
  EXPECT_NE(found->hint.find(hint), std::string::npos) << found->hint;
}

}  // namespace nexa::io::testing
