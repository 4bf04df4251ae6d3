#include "io/hex.hpp"

#include <algorithm>

namespace nexa::io {
namespace {

int value_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::string hex_of(core::Bytes bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::optional<std::string> bytes_of_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = value_of(text[i]);
    const int low = value_of(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
  }
  return bytes;
}

std::optional<core::Digest> digest_of_hex(std::string_view text) {
  core::Digest digest;
  const std::optional<std::string> bytes = bytes_of_hex(text);
  if (!bytes || bytes->size() != digest.bytes.size()) return std::nullopt;
  const core::Bytes source = core::bytes_of(*bytes);
  std::copy(source.begin(), source.end(), digest.bytes.begin());
  return digest;
}

}  // namespace nexa::io
