#pragma once

#include <optional>
#include <string>

#include "io/attest/check.hpp"

namespace nexa::cli {

/// What `nexa attest verify` has to tell.
struct AttestReport {
  std::string bundle;  ///< as it is called in messages
  std::optional<std::string> archive;
  /// What the archive's signature says of itself; empty where there is no signature.
  std::string archive_comment;
  io::BundleReport found;
};

/// Lines for a person. What does not hold stands at the end, with its place in the bundle.
std::string to_text(const AttestReport& report);

/// One document of schema `nexa.attest_verify/1`.
std::string to_json(const AttestReport& report);

}  // namespace nexa::cli
