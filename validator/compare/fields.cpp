#include "validator/compare/fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/suggest.hpp"

namespace nexa::validator::compare {

namespace {

core::Error bad_value(const FieldInfo& info, std::string_view text, std::string expected) {
  return invalid(
      "parameter '" + std::string(info.name) + "' has the value '" + std::string(text) + "'",
      "expected " + std::move(expected));
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
    const auto bound = [](double limit) {
      return std::is_integral_v<T> ? detail::value_text(static_cast<std::uint64_t>(limit))
                                   : detail::value_text(limit);
    };
    std::string expected = kind + " from " + bound(info.minimum) + " to " + bound(info.maximum);
    if (!info.unit.empty()) expected += " (" + std::string(info.unit) + ")";
    return bad_value(info, text, std::move(expected));
  }
  out = value;
  return {};
}

}  // namespace

namespace detail {

core::Result<void> read_value(std::string_view text, const FieldInfo& info, double& out) {
  return read_number(text, info, out);
}

core::Result<void> read_value(std::string_view text, const FieldInfo& info, std::uint64_t& out) {
  return read_number(text, info, out);
}

core::Result<void> read_value(std::string_view text, const FieldInfo& info, std::string& out) {
  if (text.empty()) return bad_value(info, text, "the name of a file");
  out = text;
  return {};
}

core::Result<std::size_t> read_choice(std::string_view text, const FieldInfo& info) {
  const auto found = std::find(info.choices.begin(), info.choices.end(), text);
  if (found != info.choices.end()) {
    return static_cast<std::size_t>(found - info.choices.begin());
  }
  const std::string_view near = core::nearest(text, info.choices);
  if (!near.empty()) {
    core::Error error = bad_value(info, text, {});
    error.hint = "did you mean '" + std::string(near) + "'?";
    return error;
  }
  std::string expected;
  for (const std::string_view choice : info.choices) {
    expected += (expected.empty() ? "" : ", ") + std::string(choice);
  }
  return bad_value(info, text, "one of " + expected);
}

std::string value_text(double value) {
  std::array<char, 32> buffer{};
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

std::string value_text(std::uint64_t value) {
  return std::to_string(value);
}

std::string value_text(const std::string& value) {
  return value;
}

core::Error unknown_field(std::string_view owner, std::string_view typed,
                          const std::vector<FieldInfo>& known) {
  std::vector<std::string_view> names;
  for (const FieldInfo& info : known) names.push_back(info.name);
  return invalid(std::string(owner) + " has no parameter '" + std::string(typed) + "'",
                 names.empty() ? "it has no parameters" : core::suggestion(typed, names));
}

}  // namespace detail

core::Result<std::vector<FieldText>> split_fields(std::string_view text, std::string_view owner) {
  std::vector<FieldText> fields;
  bool more = !text.empty();
  while (more) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      return invalid(std::string(owner) + " is followed by '" + std::string(part) + "'",
                     "write parameters as name=value, separated by commas");
    }
    const std::string name(part.substr(0, equals));
    const auto is_same = [&](const FieldText& other) { return other.first == name; };
    if (std::any_of(fields.begin(), fields.end(), is_same)) {
      return invalid("parameter '" + name + "' of " + std::string(owner) + " is given twice",
                     "keep one of the two values");
    }
    fields.emplace_back(name, part.substr(equals + 1));
  }
  return fields;
}

}  // namespace nexa::validator::compare
