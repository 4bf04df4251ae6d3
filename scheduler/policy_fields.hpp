#pragma once

#include <string>
#include <string_view>

#include "core/policy_fields.hpp"

namespace nexa::scheduler {

using core::describe_fields;
using core::field;
using core::FieldInfo;
using core::FieldKind;
using core::ParameterText;
using core::Range;
using core::set_fields;

/// The name of an order policy, as a parameter of another policy.
struct OrderName {
  static constexpr FieldKind field_kind = FieldKind::order;
  std::string name;
  friend bool operator==(const OrderName&, const OrderName&) = default;
};

/// Takes any name; whether it is known is checked where all policies are known, in `PolicySet`.
core::Result<void> read_value(std::string_view text, const FieldInfo& info, OrderName& out);

std::string to_text(const OrderName& value);

}  // namespace nexa::scheduler
