#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nexa::io {

struct FieldShape;

enum class ShapeKind : std::uint8_t { text, integer, number, boolean, list, mapping, one_of };

/// What a value in a file may look like, as data: JSON Schemas and reference pages are printed
/// from it, and error messages quote it.
struct Shape {
  ShapeKind kind = ShapeKind::text;
  std::string expected;              ///< completes "must be …": `a duration such as 15m`
  std::string pattern;               ///< ECMA-262 regular expression of a text
  std::string minimum;               ///< of a number, as written in JSON
  std::string maximum;               ///< of a number, as written in JSON
  std::vector<std::string> choices;  ///< all values of a text
  std::vector<Shape> parts;          ///< list: its items; one_of: the alternatives
  std::vector<FieldShape> fields;    ///< mapping
  bool open = false;                 ///< mapping: other keys are allowed, with `parts[0]`
};

/// One key of a mapping.
struct FieldShape {
  std::string key;
  std::string doc;           ///< one line
  std::string default_text;  ///< as written in YAML; empty: the field is absent by default
  bool required = false;
  Shape shape;
};

/// A JSON Schema (draft-07, which editors understand) with `title`, ending with a line break.
std::string json_schema(const Shape& shape, std::string_view title);

/// A reference in Markdown: one table per mapping, nested ones below.
std::string field_reference(const Shape& shape, std::string_view title);

}  // namespace nexa::io
