#pragma once

#include "core/chunks.hpp"

namespace nexa::ledger {

using core::Chunks;

}  // namespace nexa::ledger
