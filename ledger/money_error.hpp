#pragma once

#include <string>
#include <utility>

#include "core/ids.hpp"
#include "core/result.hpp"

namespace nexa::ledger {

inline core::Error money_error(core::ErrorCode code, std::string message, std::string hint) {
  return {.code = code, .message = std::move(message), .hint = std::move(hint), .where = {}};
}

/// The number of a job, node or replica.
template <class Tag, class Rep>
std::string text_of(core::Id<Tag, Rep> id) {
  return std::to_string(id.value);
}

}  // namespace nexa::ledger
