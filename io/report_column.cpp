#include "io/report_column.hpp"

namespace nexa::io::report {
namespace {

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

void append_base64(std::string& out, const std::vector<std::uint8_t>& bytes) {
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const std::uint32_t second = left > 1 ? bytes[i + 1] : 0U;
    const std::uint32_t third = left > 2 ? bytes[i + 2] : 0U;
    const std::uint32_t group = (std::uint32_t{bytes[i]} << 16) | (second << 8) | third;
    out += base64_digits[group >> 18];
    out += base64_digits[(group >> 12) & 63];
    out += left > 1 ? base64_digits[(group >> 6) & 63] : '=';
    out += left > 2 ? base64_digits[group & 63] : '=';
  }
}

}  // namespace nexa::io::report
