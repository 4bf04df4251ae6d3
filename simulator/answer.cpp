#include "simulator/answer.hpp"

#include <cmath>
#include <limits>

namespace nexa::simulator {

double distance(const Answer& a, const Answer& b) {
  if (a.value != b.value || a.structure != b.structure) {
    return std::numeric_limits<double>::infinity();
  }
  return std::abs(a.deviation - b.deviation);
}

bool agree(const Answer& a, const Answer& b, Comparison comparison) {
  if (comparison == Comparison::exact) return a == b;
  if (comparison == Comparison::lax_structure && a.structure != b.structure) return true;
  return distance(a, b) <= 1;
}

bool is_wrong(const Answer& answer) {
  return answer.value != 0 || answer.structure != 0 || std::abs(answer.deviation) > 1;
}

}  // namespace nexa::simulator
