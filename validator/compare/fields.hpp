#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace nexa::validator::compare {

/// What a comparator cannot be, or cannot be given.
inline core::Error invalid(std::string message, std::string hint) {
  return core::make_error(core::ErrorCode::invalid_argument, std::move(message), std::move(hint));
}

/// `file` is the name of a file, which is no part of a comparator's identity: its digest is.
enum class FieldKind : std::uint8_t { real, integer, choice, file };

/// One parameter of a comparator, as data: for reading, for the canonical text and for
/// `nexa result comparators`.
struct FieldInfo {
  std::string_view name;
  FieldKind kind = FieldKind::real;
  double minimum = 0;
  double maximum = 0;
  std::string_view unit;
  std::span<const std::string_view> choices;
  std::string default_text;
  std::string_view doc;
};

/// One parameter, tied to the member that holds it: a double, an integer, the name of a file, or an
/// enumeration for which `choices_of` names the enumerators from zero on.
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

/// A parameter without a range: a choice or a file.
template <class Params, class T>
constexpr Field<Params, T> field(std::string_view name, T Params::*member, std::string_view doc) {
  return {name, member, 0, 0, {}, doc};
}

/// `name=value` as typed by a person.
using FieldText = std::pair<std::string, std::string>;

namespace detail {

core::Result<void> read_value(std::string_view text, const FieldInfo& info, double& out);
core::Result<void> read_value(std::string_view text, const FieldInfo& info, std::uint64_t& out);
core::Result<void> read_value(std::string_view text, const FieldInfo& info, std::string& out);
core::Result<std::size_t> read_choice(std::string_view text, const FieldInfo& info);

std::string value_text(double value);
std::string value_text(std::uint64_t value);
std::string value_text(const std::string& value);

core::Error unknown_field(std::string_view owner, std::string_view typed,
                          const std::vector<FieldInfo>& known);

template <class T>
core::Result<void> read_field(std::string_view text, const FieldInfo& info, T& out) {
  if constexpr (std::is_enum_v<T>) {
    const core::Result<std::size_t> choice = read_choice(text, info);
    if (!choice) return choice.error();
    out = static_cast<T>(*choice);
    return {};
  } else {
    return read_value(text, info, out);
  }
}

template <class T>
std::string field_text(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return std::string(choices_of(value)[static_cast<std::size_t>(value)]);
  } else {
    return value_text(value);
  }
}

template <class Params, class T>
FieldInfo info_of(const Field<Params, T>& field) {
  FieldInfo info{.name = field.name,
                 .kind = FieldKind::real,
                 .minimum = field.minimum,
                 .maximum = field.maximum,
                 .unit = field.unit,
                 .choices = {},
                 .default_text = field_text(Params{}.*field.member),
                 .doc = field.doc};
  if constexpr (std::is_enum_v<T>) {
    info.kind = FieldKind::choice;
    info.choices = choices_of(T{});
  } else if constexpr (std::is_integral_v<T>) {
    info.kind = FieldKind::integer;
  } else if constexpr (std::is_same_v<T, std::string>) {
    info.kind = FieldKind::file;
  }
  return info;
}

}  // namespace detail

/// The parameters of `Params`, in the order of `Params::fields()`.
template <class Params>
std::vector<FieldInfo> describe_fields() {
  return std::apply(
      [](const auto&... field) { return std::vector<FieldInfo>{detail::info_of(field)...}; },
      Params::fields());
}

/// Sets parameters from text. An unknown name, one that comes twice, a malformed value or one out
/// of range is an `invalid_argument` that names what is allowed. `owner` is whose parameters they
/// are, such as `comparator 'ulp'`.
template <class Params>
core::Result<void> set_fields(Params& params, std::string_view owner,
                              const std::vector<FieldText>& texts) {
  for (const FieldText& text : texts) {
    bool known = false;
    core::Result<void> status;
    const auto try_field = [&](const auto& field) {
      if (field.name != text.first) return;
      known = true;
      status = detail::read_field(text.second, detail::info_of(field), params.*field.member);
    };
    std::apply([&](const auto&... field) { (try_field(field), ...); }, Params::fields());
    if (!known) return detail::unknown_field(owner, text.first, describe_fields<Params>());
    if (!status) return status;
  }
  return {};
}

/// All parameters with their values, in the order of the table. They read back as the same.
template <class Params>
std::vector<FieldText> field_texts(const Params& params) {
  return std::apply(
      [&](const auto&... field) {
        return std::vector<FieldText>{
            {std::string(field.name), detail::field_text(params.*field.member)}...};
      },
      Params::fields());
}

/// Splits `name=value,name=value`; empty text has no parameters. Errors: `invalid_argument` for a
/// part without `=` and for a name that comes twice.
core::Result<std::vector<FieldText>> split_fields(std::string_view text, std::string_view owner);

}  // namespace nexa::validator::compare
