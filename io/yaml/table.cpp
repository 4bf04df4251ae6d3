#include "io/yaml/table.hpp"

#include <algorithm>

namespace nexa::io {

TableCore::TableCore(std::string expected) {
  shape_.kind = ShapeKind::mapping;
  shape_.expected = std::move(expected);
}

void TableCore::add(FieldShape field, Decoder decoder, Writer writer) {
  shape_.fields.push_back(std::move(field));
  decoders_.push_back(std::move(decoder));
  writers_.push_back(std::move(writer));
}

std::string TableCore::write_from(const void* owner) const {
  std::string text;
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    const std::optional<std::string> value = writers_[i](owner);
    if (value) text += (text.empty() ? "" : ", ") + shape_.fields[i].key + ": " + *value;
  }
  return "{" + text + "}";
}

void TableCore::report_other(const Cursor& at, const YamlEntry& entry) const {
  for (const Refused& refused : refused_) {
    if (refused.key != entry.key) continue;
    const Cursor value = at.entry(entry);
    value.error("'" + value.path() + "' " + refused.reason, refused.hint);
    return;
  }
  std::vector<std::string_view> known;
  for (const FieldShape& field : shape_.fields) known.push_back(field.key);
  at.unknown_key(entry, known);
}

void TableCore::decode_into(const Cursor& at, void* owner) const {
  if (at.node().kind != YamlKind::mapping) {
    at.mismatch(shape_.expected);
    return;
  }
  const std::vector<FieldShape>& fields = shape_.fields;
  std::vector<bool> seen(fields.size(), false);
  for (const YamlEntry& entry : at.node().entries) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const FieldShape& f) { return f.key == entry.key; });
    if (found == fields.end()) {
      report_other(at, entry);
      continue;
    }
    const auto index = static_cast<std::size_t>(found - fields.begin());
    seen[index] = true;
    decoders_[index](at.entry(entry), owner);
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].required || seen[i]) continue;
    at.missing_key(fields[i].key, fields[i].doc + ", " + fields[i].shape.expected);
  }
  for (const Check& check : checks_) check(at, owner);
}

}  // namespace nexa::io
