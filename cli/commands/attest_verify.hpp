#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace nexa::cli {

/// What `nexa attest verify` was given.
struct AttestVerifyArguments {
  std::string bundle;                  ///< empty: the one of the archive
  std::vector<std::string> keys;       ///< of nodes: texts or files
  std::vector<std::string> verifiers;  ///< of those who may give verdicts
  std::vector<std::string> artifacts;  ///< FILE or NAME=FILE
  std::string archive;
  std::vector<std::string> archive_keys;  ///< of minisign, or as `keys`
  bool without_verdict = false;
  std::uint32_t least_quorum = 1;
  std::string registry;  ///< lines of the log with records about keys
  std::string log;
  std::string registrar;
  std::optional<std::uint64_t> log_index;
};

/// Verifies, prints what was found on standard output, and gives the exit code: 1 where something
/// does not hold, 2 where something could not be read.
int verify_attestations(const AttestVerifyArguments& arguments, const GlobalOptions& options);

}  // namespace nexa::cli
