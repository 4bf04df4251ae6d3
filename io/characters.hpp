#pragma once

/// Kinds of characters of the formats that are read here, whatever the locale says.
namespace nexa::io {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A blank, or a control character as the writers of traces leave them.
constexpr bool is_blank(char c) {
  return static_cast<unsigned char>(c) <= ' ';
}

}  // namespace nexa::io
