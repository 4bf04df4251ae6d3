#pragma once

#include <functional>
#include <string>
#include <vector>

#include "io/behaviour_fields.hpp"

namespace nexa::io {

/// A kind of behaviour: its name, its keys, and how an entry with them is read.
struct BehaviourKind {
  std::string name;
  Shape shape;
  std::function<void(const Cursor&, BehaviourEntry&)> decode;
};

/// All kinds, in the order of the alternatives of `core::Behaviour`.
const std::vector<BehaviourKind>& behaviour_kinds();

}  // namespace nexa::io
