#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "tier/catalog.hpp"
#include "tier/figures.hpp"
#include "tier/profile.hpp"

namespace nexa::tier {

/// A condition held against what was found.
struct Check {
  Condition needed;
  std::optional<std::int64_t> found;  ///< nothing: not measured
  [[nodiscard]] bool met() const { return found && *found >= needed.at_least; }
  friend bool operator==(const Check&, const Check&) = default;
};

/// Why one rule did not hold: its unmet conditions. Empty: the hardware is there, and the
/// benchmark spoke against it.
struct RuleMiss {
  std::string rule;
  std::vector<Check> unmet;
  friend bool operator==(const RuleMiss&, const RuleMiss&) = default;
};

/// A benchmark that was too low for a tier.
struct BenchmarkMiss {
  std::int64_t found = 0;
  std::int64_t needed = 0;
  friend bool operator==(const BenchmarkMiss&, const BenchmarkMiss&) = default;
};

/// Why a tier was not reached.
struct TierMiss {
  core::TierId tier{};
  std::string name;
  std::vector<RuleMiss> rules;
  std::optional<BenchmarkMiss> benchmark;
  friend bool operator==(const TierMiss&, const TierMiss&) = default;
};

/// The verdict on a node, with its evidence.
struct Classification {
  core::TierId tier{};
  std::string name;
  std::string rule;                       ///< the first rule of the tier that holds
  Check decided_by;                       ///< the first condition of that rule; see `Rule::all_of`
  std::vector<Check> checks;              ///< all conditions of that rule
  std::vector<TierMiss> higher;           ///< the tiers above, highest first
  std::vector<std::string> capabilities;  ///< that the node has, in the catalogue's order
};

/// The highest tier that the profile reaches. The catalogue must have no `problems`.
Classification classify(const Catalog& catalog, const Profile& profile);

/// The tier and the capabilities' evidence from figures alone; `benchmark` as in `Profile`.
Classification classify(const Catalog& catalog, const Figures& figures,
                        std::optional<std::int64_t> benchmark);

/// `physical cores 64 >= 32`, or `physical cores 2 < 32`, or `GPU memory not measured, needs …`.
std::string text(const Check& check);

/// `tier hpc: rule 'many cores with a fast network' (physical cores 64 >= 32)`.
std::string verdict_text(const Classification& classification);

/// One line per rule that would have given a higher tier, and per benchmark that spoke against
/// one, without a line end.
std::vector<std::string> why_not_higher(const Classification& classification);

}  // namespace nexa::tier
