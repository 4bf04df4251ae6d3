#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace nexa::cli {

/// What `nexa ledger verify` was given.
struct LedgerVerifyArguments {
  std::string journal;
  std::string checkpoint;          ///< may be empty
  std::vector<std::string> older;  ///< checkpoints that it must continue
  std::vector<std::string> receipts;
  std::vector<std::string> keys;       ///< of the log: texts or files
  std::vector<std::string> witnesses;  ///< each of which must have cosigned
  bool without_replay = false;
};

/// Verifies, prints what was found on standard output, and gives the exit code: 1 where something
/// does not hold, 2 where something could not be read.
int verify_ledger(const LedgerVerifyArguments& arguments, const GlobalOptions& options);

}  // namespace nexa::cli
