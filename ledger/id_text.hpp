#pragma once

#include <string>

#include "core/ids.hpp"

namespace nexa::ledger {

/// The number of a job, node or replica.
template <class Tag, class Rep>
std::string text_of(core::Id<Tag, Rep> id) {
  return std::to_string(id.value);
}

}  // namespace nexa::ledger
