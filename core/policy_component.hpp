#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/policy_fields.hpp"
#include "core/result.hpp"

namespace nexa::core {

/// The parts of `text` between separators; at least one, which may be empty.
std::vector<std::string_view> split(std::string_view text, char separator);

/// The name in `name:param=value,...`, the text form of one policy.
std::string_view policy_name_of(std::string_view component);

/// The parameters of the text form. Errors: `invalid_argument` where a part is no `name=value`.
Result<std::vector<ParameterText>> policy_parameters_of(std::string_view component);

/// The text form, which the two functions above read back.
std::string policy_component_text(std::string_view name, const std::vector<ParameterText>& texts);

}  // namespace nexa::core
