#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace nexa::cli {

/// What `nexa ledger checkpoint` was given.
struct LedgerCheckpointArguments {
  std::string journal;
  std::string key_file;
  std::string origin;  ///< empty: that of the journal's first line
  std::string output;  ///< empty: `checkpoint` beside the journal
  std::string state;   ///< empty: a folder of the user
};

/// Verifies a journal that nobody writes, and signs its tree.
int sign_ledger(const LedgerCheckpointArguments& arguments, const GlobalOptions& options);

/// What `nexa ledger witness` was given.
struct LedgerWitnessArguments {
  std::string checkpoint;  ///< or the request of a log
  std::string key_file;
  std::vector<std::string> log_keys;
  std::string state;
  std::string output;                ///< empty: standard output
  std::optional<std::int64_t> time;  ///< seconds; empty: now
};

/// Cosigns a checkpoint that continues the last one, and prints it with the cosignature.
int witness_ledger(const LedgerWitnessArguments& arguments, const GlobalOptions& options);

}  // namespace nexa::cli
