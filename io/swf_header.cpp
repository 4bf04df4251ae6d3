#include "io/swf_header.hpp"

#include <algorithm>

#include "io/characters.hpp"

namespace nexa::io {
namespace {

constexpr std::size_t max_header_bytes = std::size_t{1} << 20;

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// The length of the key at the front of `text`, 0 if there is none.
std::size_t key_length(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_word_character);
  const auto length = static_cast<std::size_t>(end - text.begin());
  if (length == text.size() || text[length] != ':') return 0;
  const bool ends_well = length + 1 == text.size() || is_blank(text[length + 1]);
  return ends_well ? length : 0;
}

}  // namespace

void SwfHeader::add(std::string_view line) {
  line = trim(line);
  line.remove_prefix(std::min<std::size_t>(1, line.size()));
  const std::string_view text = trim(line);
  bytes_ += text.size();
  if (bytes_ > max_header_bytes) return;
  if (const std::size_t length = key_length(text); length != 0) {
    entries_.emplace_back(text.substr(0, length), trim(text.substr(length + 1)));
    continues_ = true;
    return;
  }
  const bool indented = line.size() >= 2 && is_blank(line[0]) && is_blank(line[1]);
  continues_ = continues_ && indented && !text.empty();
  if (!continues_) return;
  std::string& value = entries_.back().second;
  if (!value.empty()) value += '\n';
  value += text;
}

}  // namespace nexa::io
