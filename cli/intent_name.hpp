#pragma once

#include <string_view>

#include "core/behaviour.hpp"

namespace nexa::cli {

/// The word of summaries: `honest`, `faulty` or `hostile`.
constexpr std::string_view intent_name(core::Intent intent) {
  switch (intent) {
    case core::Intent::honest:
      return "honest";
    case core::Intent::faulty:
      return "faulty";
    case core::Intent::hostile:
      break;
  }
  return "hostile";
}

}  // namespace nexa::cli
