#pragma once

#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace nexa::simulator {

/// What a dishonest coordinator has done (A25), and what outsiders have seen of it. Whatever is
/// noticed first ends all of it: the operators are replaced then.
struct CoordinatorFigures {
  // The audits of favoured nodes.
  std::uint64_t audits_demanded = 0;  ///< by draws as the seed gives them, of all nodes
  std::uint64_t audits_skipped = 0;   ///< because another draw was put in the place of such a one
  std::uint64_t wrong_shielded = 0;   ///< wrong results that a skipped audit was to look at
  std::uint64_t draws_checked = 0;    ///< that outsiders have recomputed
  std::uint64_t draws_false = 0;      ///< verdicts whose draws they found to be false
  std::optional<core::Time> draws_noticed;

  // What is shown of the ledger.
  std::uint64_t ledger_entries = 0;
  std::uint64_t entries_forked = 0;     ///< shown otherwise to the deceived reader
  std::uint64_t entries_backdated = 0;  ///< that claim to be older than they are
  std::uint64_t checkpoints_cosigned = 0;
  std::uint64_t checkpoints_refused = 0;
  std::optional<core::Time> fork_noticed;
  std::optional<core::Time> backdating_noticed;

  std::optional<core::Time> replaced;  ///< when the operators were
};

}  // namespace nexa::simulator
