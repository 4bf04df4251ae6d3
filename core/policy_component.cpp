#include "core/policy_component.hpp"

namespace nexa::core {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view policy_name_of(std::string_view component) {
  return component.substr(0, component.find(':'));
}

Result<std::vector<ParameterText>> policy_parameters_of(std::string_view component) {
  std::vector<ParameterText> parameters;
  const std::string_view name = policy_name_of(component);
  if (name.size() == component.size()) return parameters;
  for (const std::string_view part : split(component.substr(name.size() + 1), ',')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      return Error{.code = ErrorCode::invalid_argument,
                   .message = "policy '" + std::string(name) + "' is followed by '" +
                              std::string(part) + "'",
                   .hint = "write parameters as name=value, separated by commas",
                   .where = {}};
    }
    parameters.emplace_back(part.substr(0, equals), part.substr(equals + 1));
  }
  return parameters;
}

std::string policy_component_text(std::string_view name, const std::vector<ParameterText>& texts) {
  std::string text(name);
  char separator = ':';
  for (const ParameterText& parameter : texts) {
    text += separator + parameter.first + '=' + parameter.second;
    separator = ',';
  }
  return text;
}

}  // namespace nexa::core
