#pragma once

#include <cstdint>
#include <span>

namespace nexa::validator {

/// How likely the result of a node is right that has passed `checks` checks, where a share `f` of
/// nodes are saboteurs and one who is caught is out: 1 - f without checks, then
/// 1 - f / ((1 - f) checks e), never less than before. Source: Sarmenta, "Sabotage-tolerance
/// mechanisms for volunteer computing systems", 2002; as restated in iExec's "PoCo and trust
/// management", section 1.2.
double probability_good(std::uint64_t checks, double f);

/// Odds that a class of results is right, of one vote: good / (1 - good).
double odds_of(double good);

/// The credibility of class `index`: its odds over one plus the odds of all classes, where the odds
/// of a class are the product of those of its votes. Source: as above.
/// (.9 and .8 against .7 is .915254 for the two and .059322 for the one.)
double credibility(std::span<const double> class_odds, std::size_t index);

}  // namespace nexa::validator
