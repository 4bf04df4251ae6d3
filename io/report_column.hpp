#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Columns of numbers in the document of a report: `TYPE:BASE64` of little-endian numbers.
namespace nexa::io::report {

void append_base64(std::string& out, const std::vector<std::uint8_t>& bytes);

template <std::unsigned_integral Word>
void append_little_endian(std::vector<std::uint8_t>& bytes, Word word) {
  for (std::size_t i = 0; i < sizeof(Word); ++i) {
    bytes.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
  }
}

/// The bits of a number as it stands in a column of type `Stored`.
template <class Stored, class Value>
auto stored_bits(Value value) {
  if constexpr (std::same_as<Stored, double>) {
    return std::bit_cast<std::uint64_t>(static_cast<double>(value));
  } else if constexpr (std::same_as<Stored, float>) {
    return std::bit_cast<std::uint32_t>(static_cast<float>(value));
  } else {
    return static_cast<Stored>(value);
  }
}

template <class Stored>
constexpr std::string_view type_name() {
  if constexpr (std::same_as<Stored, double>) return "f64:";
  if constexpr (std::same_as<Stored, float>) return "f32:";
  if constexpr (sizeof(Stored) == 1) return "u8:";
  if constexpr (sizeof(Stored) == 2) return "u16:";
  return "u32:";
}

template <class Stored, class Value>
std::string column(const std::vector<Value>& values) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(values.size() * sizeof(Stored));
  for (const Value& value : values) append_little_endian(bytes, stored_bits<Stored>(value));
  std::string text(type_name<Stored>());
  append_base64(text, bytes);
  return text;
}

}  // namespace nexa::io::report
