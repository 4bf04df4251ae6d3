#pragma once

#include <string>

#include "validator/compare/comparator.hpp"
#include "validator/compare/comparison.hpp"

namespace nexa::cli {

/// A comparison for a person: the verdict with what differs first, then what else differs, the
/// largest deviation, and whether one result leans to one side.
std::string comparison_text(const validator::compare::Comparison& comparison,
                            const validator::compare::ComparatorIdentity& comparator);

/// The same as a document, `nexa.result_compare/1`. A number that is infinite is null.
std::string comparison_json(const validator::compare::Comparison& comparison,
                            const validator::compare::ComparatorIdentity& comparator);

}  // namespace nexa::cli
