#include "scheduler/policy_fields.hpp"

namespace nexa::scheduler {

core::Result<void> read_value(std::string_view text, const FieldInfo& info, OrderName& out) {
  if (text.empty()) return core::bad_value(info, text, "the name of an order policy");
  out.name = text;
  return {};
}

std::string to_text(const OrderName& value) {
  return value.name;
}

}  // namespace nexa::scheduler
