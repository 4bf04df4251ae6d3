#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace nexa::core {

/// What a person may write for a parameter. `order` is the name of an order policy of the
/// scheduler, `list` are integers joined by `/`.
enum class FieldKind : std::uint8_t { integer, real, flag, order, list };

/// One parameter of a policy, as data: for `nexa policy doc`, JSON Schema and the tuner. Range and
/// unit of a list are those of its elements.
struct FieldInfo {
  std::string_view name;
  FieldKind kind = FieldKind::real;
  double minimum = 0;
  double maximum = 0;
  std::string default_text;
  std::string_view unit;
  std::string_view doc;
};

/// One parameter of a policy, tied to the member that holds it.
template <class Params, class T>
struct Field {
  std::string_view name;
  T Params::*member;
  double minimum;
  double maximum;
  std::string_view unit;
  std::string_view doc;
};

/// Range and unit of a number. `unit` is empty for plain numbers.
struct Range {
  double minimum = 0;
  double maximum = 0;
  std::string_view unit{};
};

template <class Params, class T>
constexpr Field<Params, T> field(std::string_view name, T Params::*member, Range range,
                                 std::string_view doc) {
  return {name, member, range.minimum, range.maximum, range.unit, doc};
}

/// A parameter without a range: a flag or a name.
template <class Params, class T>
constexpr Field<Params, T> field(std::string_view name, T Params::*member, std::string_view doc) {
  return {name, member, 0, 0, {}, doc};
}

/// `name=value` as typed by a person.
using ParameterText = std::pair<std::string, std::string>;

/// Reads a value; an error names the parameter and what is allowed. The type of a parameter may be
/// any that has `read_value` and `to_text` of this form, in its own namespace, and a constant
/// `T::field_kind`.
Result<void> read_value(std::string_view text, const FieldInfo& info, std::int64_t& out);
Result<void> read_value(std::string_view text, const FieldInfo& info, double& out);
Result<void> read_value(std::string_view text, const FieldInfo& info, bool& out);

std::string to_text(std::int64_t value);
std::string to_text(double value);
std::string to_text(bool value);

/// "parameter 'x' has the value 'y'", expected ...
Error bad_value(const FieldInfo& info, std::string_view text, std::string expected);

/// "an integer from 0 to 9 (jobs)"
std::string range_of_numbers(const FieldInfo& info, std::string_view what);

namespace detail {

Error unknown_parameter(std::string_view policy, std::string_view typed,
                        const std::vector<FieldInfo>& known);

template <class T>
constexpr FieldKind kind_of() {
  if constexpr (std::is_same_v<T, bool>) return FieldKind::flag;
  if constexpr (std::is_same_v<T, std::int64_t>) return FieldKind::integer;
  if constexpr (requires { T::field_kind; }) return T::field_kind;
  return FieldKind::real;
}

template <class Params, class T>
FieldInfo info_of(const Field<Params, T>& field, const Params& defaults) {
  return {field.name, kind_of<T>(), field.minimum, field.maximum, to_text(defaults.*field.member),
          field.unit, field.doc};
}

}  // namespace detail

/// The parameters of `Params`, in the order of `Params::fields()`.
template <class Params>
std::vector<FieldInfo> describe_fields() {
  const Params defaults;
  return std::apply(
      [&](const auto&... field) {
        return std::vector<FieldInfo>{detail::info_of(field, defaults)...};
      },
      Params::fields());
}

/// Sets parameters from text; an unknown name, a malformed value or one out of range is an error
/// that names what is allowed.
template <class Params>
Result<void> set_fields(Params& params, std::string_view policy,
                        const std::vector<ParameterText>& texts) {
  const std::vector<FieldInfo> infos = describe_fields<Params>();
  for (const ParameterText& text : texts) {
    const std::string& name = text.first;
    const std::string& value = text.second;
    bool known = false;
    Result<void> status;
    const auto try_field = [&](const auto& field) {
      if (field.name != name) return;
      known = true;
      status = read_value(value, detail::info_of(field, Params{}), params.*field.member);
    };
    std::apply([&](const auto&... field) { (try_field(field), ...); }, Params::fields());
    if (!known) return detail::unknown_parameter(policy, name, infos);
    if (!status) return status;
  }
  return {};
}

}  // namespace nexa::core
