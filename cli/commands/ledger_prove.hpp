#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace nexa::cli {

/// What `nexa ledger prove` was given: one of `index` and `old_size`.
struct LedgerProveArguments {
  std::string journal;
  std::string checkpoint;
  std::optional<std::uint64_t> index;
  std::optional<std::uint64_t> old_size;
  std::string output;  ///< empty: standard output
};

/// Writes a receipt, or what convinces a witness.
int prove_ledger(const LedgerProveArguments& arguments, const GlobalOptions& options);

/// What `nexa ledger export` was given.
struct LedgerExportArguments {
  std::string journal;
  std::string checkpoint;
  std::string folder;
};

/// Writes a journal as static files for clients of transparency logs.
int export_ledger(const LedgerExportArguments& arguments, const GlobalOptions& options);

/// What `nexa ledger balance` was given.
struct LedgerBalanceArguments {
  std::string journal;
  std::vector<std::string> accounts;  ///< none: all
};

/// Replays a journal and prints what its accounts have.
int print_balances(const LedgerBalanceArguments& arguments, const GlobalOptions& options);

}  // namespace nexa::cli
