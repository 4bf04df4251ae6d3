#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace nexa::scheduler {

/// The name of an order policy, as a parameter of another policy.
struct OrderName {
  std::string name;
  friend bool operator==(const OrderName&, const OrderName&) = default;
};

enum class FieldKind : std::uint8_t { integer, real, flag, order };

/// One parameter of a policy, as data: for `nexa policy doc`, JSON Schema and the tuner.
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

/// A parameter without a range: a flag or the name of an order policy.
template <class Params, class T>
constexpr Field<Params, T> field(std::string_view name, T Params::*member, std::string_view doc) {
  return {name, member, 0, 0, {}, doc};
}

/// `name=value` as typed by a person.
using ParameterText = std::pair<std::string, std::string>;

namespace detail {

core::Result<void> read_value(std::string_view text, const FieldInfo& info, std::int64_t& out);
core::Result<void> read_value(std::string_view text, const FieldInfo& info, double& out);
core::Result<void> read_value(std::string_view text, const FieldInfo& info, bool& out);
core::Result<void> read_value(std::string_view text, const FieldInfo& info, OrderName& out);

std::string to_text(std::int64_t value);
std::string to_text(double value);
std::string to_text(bool value);
std::string to_text(const OrderName& value);

core::Error unknown_parameter(std::string_view policy, std::string_view typed,
                              const std::vector<FieldInfo>& known);

template <class T>
constexpr FieldKind kind_of() {
  if constexpr (std::is_same_v<T, bool>) return FieldKind::flag;
  if constexpr (std::is_same_v<T, std::int64_t>) return FieldKind::integer;
  if constexpr (std::is_same_v<T, OrderName>) return FieldKind::order;
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
core::Result<void> set_fields(Params& params, std::string_view policy,
                              const std::vector<ParameterText>& texts) {
  const std::vector<FieldInfo> infos = describe_fields<Params>();
  for (const ParameterText& text : texts) {
    const std::string& name = text.first;
    const std::string& value = text.second;
    bool known = false;
    core::Result<void> status;
    const auto try_field = [&](const auto& field) {
      if (field.name != name) return;
      known = true;
      status = detail::read_value(value, detail::info_of(field, Params{}), params.*field.member);
    };
    std::apply([&](const auto&... field) { (try_field(field), ...); }, Params::fields());
    if (!known) return detail::unknown_parameter(policy, name, infos);
    if (!status) return status;
  }
  return {};
}

}  // namespace nexa::scheduler
