#pragma once

#include <string>
#include <utility>

#include "core/result.hpp"

namespace nexa::io {

/// What is wrong with a file as a whole.
inline core::Error file_error(core::ErrorCode code, std::string message, std::string hint,
                              const std::string& file) {
  return core::make_error(code, std::move(message), std::move(hint),
                          {.file = file, .line = 0, .column = 0});
}

}  // namespace nexa::io
