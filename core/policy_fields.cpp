#include "core/policy_fields.hpp"

#include <charconv>
#include <cmath>

#include "core/suggest.hpp"

namespace nexa::core {
Error bad_value(const FieldInfo& info, std::string_view text, std::string expected) {
  return {.code = ErrorCode::invalid_argument,
          .message = "parameter '" + std::string(info.name) + "' has the value '" +
                     std::string(text) + "'",
          .hint = "expected " + std::move(expected),
          .where = {}};
}

std::string range_of_numbers(const FieldInfo& info, std::string_view what) {
  std::string text =
      std::string(what) + " from " + to_text(info.minimum) + " to " + to_text(info.maximum);
  if (!info.unit.empty()) text += " (" + std::string(info.unit) + ")";
  return text;
}

namespace {

template <class T>
Result<void> read_number(std::string_view text, const FieldInfo& info, T& out) {
  const char* const end = text.data() + text.size();
  T value{};
  const auto [stop, status] = std::from_chars(text.data(), end, value);
  const bool in_range =
      static_cast<double>(value) >= info.minimum && static_cast<double>(value) <= info.maximum;
  if (status != std::errc{} || stop != end || !in_range) {
    return bad_value(info, text,
                     range_of_numbers(info, std::is_integral_v<T> ? "an integer" : "a number"));
  }
  out = value;
  return {};
}

}  // namespace

Result<void> read_value(std::string_view text, const FieldInfo& info, std::int64_t& out) {
  return read_number(text, info, out);
}

Result<void> read_value(std::string_view text, const FieldInfo& info, double& out) {
  return read_number(text, info, out);
}

Result<void> read_value(std::string_view text, const FieldInfo& info, bool& out) {
  if (text != "true" && text != "false") return bad_value(info, text, "true or false");
  out = text == "true";
  return {};
}

std::string to_text(std::int64_t value) {
  return std::to_string(value);
}
std::string to_text(bool value) {
  return value ? "true" : "false";
}

std::string to_text(double value) {
  char buffer[32];
  const auto [end, status] = std::to_chars(std::begin(buffer), std::end(buffer), value);
  return {std::begin(buffer), end};
}

Error detail::unknown_parameter(std::string_view policy, std::string_view typed,
                                const std::vector<FieldInfo>& known) {
  std::vector<std::string_view> names;
  for (const FieldInfo& info : known) names.push_back(info.name);
  return {.code = ErrorCode::invalid_argument,
          .message =
              "policy '" + std::string(policy) + "' has no parameter '" + std::string(typed) + "'",
          .hint = names.empty() ? "it has no parameters" : suggestion(typed, names),
          .where = {}};
}

}  // namespace nexa::core
