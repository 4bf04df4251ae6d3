#include "io/yaml/cursor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/suggest.hpp"

namespace nexa::io {
namespace {

/// `~` and `/` are the two characters that JSON Pointer escapes.
std::string escape_pointer(std::string_view key) {
  std::string escaped;
  for (const char c : key) {
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

/// The bytes that a scalar or key takes on its line: its text, or its text with quotes. Other
/// forms (several lines, escapes) are marked by their first character.
std::size_t width_on_line(std::string_view line, YamlMark mark, std::string_view text) {
  const std::size_t column = static_cast<std::size_t>(mark.column) - 1;
  if (column >= line.size()) return 1;
  const std::string_view rest = line.substr(column);
  if (rest.starts_with(text)) return text.size();
  const bool is_quoted = rest.front() == '"' || rest.front() == '\'';
  if (is_quoted && rest.substr(1).starts_with(text)) return text.size() + 2;
  return 1;
}

}  // namespace

Cursor Cursor::entry(const YamlEntry& entry) const {
  return {*this, *entry.value, &entry, 0};
}

Cursor Cursor::item(std::size_t index) const {
  return {*this, *node_.items[index], nullptr, index};
}

std::string Cursor::path() const {
  if (parent_ == nullptr) return {};
  std::string path = parent_->path();
  if (entry_ == nullptr) return path + fmt::format("[{}]", index_);
  if (!path.empty()) path += '.';
  return path + entry_->key;
}

std::string Cursor::pointer() const {
  if (parent_ == nullptr) return {};
  const std::string step = entry_ == nullptr ? std::to_string(index_) : escape_pointer(entry_->key);
  return parent_->pointer() + "/" + step;
}

Place Cursor::named(Place place) const {
  place.path = path();
  place.pointer = pointer();
  return place;
}

Place Cursor::place() const {
  const SourcePtr& source = document_.source();
  std::string_view text = node_.text;
  if (node_.kind == YamlKind::mapping && !node_.entries.empty()) text = node_.entries[0].key;
  // A value that is not there has no place of its own.
  if (node_.kind == YamlKind::null && entry_ != nullptr) return key_place();
  return named(
      place_of(source, node_.mark, width_on_line(source->line(node_.mark.line), node_.mark, text)));
}

Place Cursor::place_of_first(std::span<const std::string_view> keys) const {
  for (const std::string_view key : keys) {
    for (const YamlEntry& candidate : node_.entries) {
      if (candidate.key == key) return entry(candidate).place();
    }
  }
  return place();
}

Place Cursor::key_place() const {
  if (entry_ == nullptr) return place();
  const SourcePtr& source = document_.source();
  return named(place_of(source, entry_->mark,
                        width_on_line(source->line(entry_->mark.line), entry_->mark, entry_->key)));
}

void Cursor::error(std::string message, std::string hint) const {
  diagnostics_.add(place(), std::move(message), std::move(hint));
}

void Cursor::mismatch(std::string_view expected, std::string hint) const {
  const std::string what = parent_ == nullptr ? "the file" : in_quotes(path());
  error(fmt::format("{} must be {}, found {}", what, expected, found()), std::move(hint));
}

void Cursor::unknown_key(const YamlEntry& entry, std::span<const std::string_view> known) const {
  const Cursor below = this->entry(entry);
  // The distance of two words takes time in the product of their lengths; nobody mistypes one of
  // our keys as something this long.
  const std::string_view typed = entry.key.size() <= 64 ? std::string_view(entry.key) : "";
  diagnostics_.add(below.key_place(), fmt::format("unknown key {}", in_quotes(below.path())),
                   core::suggestion(typed, known));
}

void Cursor::missing_key(std::string_view key, std::string_view doc) const {
  const std::string prefix = path();
  const std::string full = prefix.empty() ? std::string(key) : fmt::format("{}.{}", prefix, key);
  diagnostics_.add(key_place(), fmt::format("missing key {}", in_quotes(full)),
                   fmt::format("{}: {}", key, doc));
}

std::string Cursor::found() const {
  switch (node_.kind) {
    case YamlKind::null:
      return "nothing";
    case YamlKind::scalar:
      return in_quotes(node_.text);
    case YamlKind::sequence:
      return "a list";
    case YamlKind::mapping:
      return "a mapping";
  }
  return {};
}

Place place_at_pointer(const Cursor& at, std::string_view pointer) {
  if (!pointer.starts_with('/')) return at.place();
  pointer.remove_prefix(1);
  const std::size_t end = std::min(pointer.find('/'), pointer.size());
  const std::string_view step = pointer.substr(0, end);
  const std::string_view rest = pointer.substr(end);
  for (const YamlEntry& entry : at.node().entries) {
    if (escape_pointer(entry.key) == step) return place_at_pointer(at.entry(entry), rest);
  }
  for (std::size_t i = 0; i < at.node().items.size(); ++i) {
    if (std::to_string(i) == step) return place_at_pointer(at.item(i), rest);
  }
  return at.key_place();
}

}  // namespace nexa::io
