#include "scheduler/policy_fields.hpp"

#include <charconv>
#include <cmath>

#include "core/suggest.hpp"

namespace nexa::scheduler::detail {
namespace {

core::Error bad_value(const FieldInfo& info, std::string_view text, std::string expected) {
  return {.code = core::ErrorCode::invalid_argument,
          .message = "parameter '" + std::string(info.name) + "' has the value '" +
                     std::string(text) + "'",
          .hint = "expected " + std::move(expected),
          .where = {}};
}

template <class T>
core::Result<void> read_number(std::string_view text, const FieldInfo& info, T& out) {
  const char* const end = text.data() + text.size();
  T value{};
  const auto [stop, status] = std::from_chars(text.data(), end, value);
  const bool in_range =
      static_cast<double>(value) >= info.minimum && static_cast<double>(value) <= info.maximum;
  if (status != std::errc{} || stop != end || !in_range) {
    const std::string kind = std::is_integral_v<T> ? "an integer" : "a number";
    std::string expected = kind + " from " + to_text(info.minimum) + " to " + to_text(info.maximum);
    if (!info.unit.empty()) expected += " (" + std::string(info.unit) + ")";
    return bad_value(info, text, std::move(expected));
  }
  out = value;
  return {};
}

}  // namespace

core::Result<void> read_value(std::string_view text, const FieldInfo& info, std::int64_t& out) {
  return read_number(text, info, out);
}

core::Result<void> read_value(std::string_view text, const FieldInfo& info, double& out) {
  return read_number(text, info, out);
}

core::Result<void> read_value(std::string_view text, const FieldInfo& info, bool& out) {
  if (text != "true" && text != "false") return bad_value(info, text, "true or false");
  out = text == "true";
  return {};
}

core::Result<void> read_value(std::string_view text, const FieldInfo& info, OrderName& out) {
  // Whether the name is known is checked where all policies are known, in PolicySet.
  if (text.empty()) return bad_value(info, text, "the name of an order policy");
  out.name = text;
  return {};
}

std::string to_text(std::int64_t value) {
  return std::to_string(value);
}
std::string to_text(bool value) {
  return value ? "true" : "false";
}
std::string to_text(const OrderName& value) {
  return value.name;
}

std::string to_text(double value) {
  char buffer[32];
  const auto [end, status] = std::to_chars(std::begin(buffer), std::end(buffer), value);
  return {std::begin(buffer), end};
}

core::Error unknown_parameter(std::string_view policy, std::string_view typed,
                              const std::vector<FieldInfo>& known) {
  std::vector<std::string_view> names;
  for (const FieldInfo& info : known) names.push_back(info.name);
  return {.code = core::ErrorCode::invalid_argument,
          .message =
              "policy '" + std::string(policy) + "' has no parameter '" + std::string(typed) + "'",
          .hint = names.empty() ? "it has no parameters" : core::suggestion(typed, names),
          .where = {}};
}

}  // namespace nexa::scheduler::detail
