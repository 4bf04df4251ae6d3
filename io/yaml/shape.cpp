#include "io/yaml/shape.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace nexa::io {
namespace {

using Json = nlohmann::ordered_json;

Json schema_of(const Shape& shape);

bool is_json_literal(const Shape& shape) {
  return shape.kind == ShapeKind::integer || shape.kind == ShapeKind::number ||
         shape.kind == ShapeKind::boolean;
}

Json text_schema(const Shape& shape) {
  // A text may be written without quotes, where YAML takes `5` for a number and `true` for a
  // boolean; an editor must not underline what the decoder accepts.
  Json schema;
  if (!shape.choices.empty()) {
    schema["enum"] = shape.choices;
    return schema;
  }
  if (shape.pattern.empty()) {
    schema["type"] = {"string", "number", "boolean"};
    return schema;
  }
  schema["type"] = "string";
  schema["pattern"] = shape.pattern;
  return schema;
}

Json number_schema(const Shape& shape) {
  Json schema;
  schema["type"] = shape.kind == ShapeKind::integer ? "integer" : "number";
  if (!shape.minimum.empty()) schema["minimum"] = Json::parse(shape.minimum);
  if (!shape.maximum.empty()) schema["maximum"] = Json::parse(shape.maximum);
  return schema;
}

Json field_schema(const FieldShape& field) {
  Json schema = schema_of(field.shape);
  std::string description = field.doc;
  if (!field.shape.expected.empty()) description += " (" + field.shape.expected + ")";
  schema["description"] = description;
  if (!field.default_text.empty()) {
    schema["default"] =
        is_json_literal(field.shape) ? Json::parse(field.default_text) : Json(field.default_text);
  }
  return schema;
}

Json mapping_schema(const Shape& shape) {
  Json schema;
  schema["type"] = "object";
  schema["properties"] = Json::object();
  Json required = Json::array();
  for (const FieldShape& field : shape.fields) {
    schema["properties"][field.key] = field_schema(field);
    if (field.required) required.push_back(field.key);
  }
  if (!required.empty()) schema["required"] = required;
  schema["additionalProperties"] = shape.open ? schema_of(shape.parts.at(0)) : Json(false);
  return schema;
}

Json schema_of(const Shape& shape) {
  switch (shape.kind) {
    case ShapeKind::text:
      return text_schema(shape);
    case ShapeKind::boolean:
      return {{"type", "boolean"}};
    case ShapeKind::integer:
    case ShapeKind::number:
      return number_schema(shape);
    case ShapeKind::list: {
      Json schema;
      schema["type"] = "array";
      schema["items"] = schema_of(shape.parts.at(0));
      return schema;
    }
    case ShapeKind::mapping:
      return mapping_schema(shape);
    case ShapeKind::one_of: {
      Json schema;
      schema["anyOf"] = Json::array();
      for (const Shape& part : shape.parts) schema["anyOf"].push_back(schema_of(part));
      return schema;
    }
  }
  return {};
}

/// What the "value" column of a reference says.
std::string value_text(const Shape& shape) {
  if (!shape.expected.empty()) return shape.expected;
  if (shape.kind == ShapeKind::list) return "a list";
  return shape.kind == ShapeKind::mapping ? "a mapping" : "text";
}

void append_reference(std::string& out, const Shape& shape, const std::string& title) {
  if (shape.kind == ShapeKind::list) {
    append_reference(out, shape.parts.at(0), title + "[]");
    return;
  }
  if (shape.kind == ShapeKind::one_of) {
    // Lists of what stands alone too would only repeat it.
    for (const Shape& part : shape.parts) {
      if (part.kind == ShapeKind::mapping && !part.open) append_reference(out, part, title);
    }
    return;
  }
  if (shape.kind != ShapeKind::mapping || shape.fields.empty()) return;
  out += fmt::format("\n## {}\n\n| key | value | default | meaning |\n|---|---|---|---|\n", title);
  for (const FieldShape& field : shape.fields) {
    const std::string fallback = field.required               ? "required"
                                 : field.default_text.empty() ? ""
                                                              : "`" + field.default_text + "`";
    out += fmt::format("| `{}` | {} | {} | {} |\n", field.key, value_text(field.shape), fallback,
                       field.doc);
  }
  for (const FieldShape& field : shape.fields) {
    append_reference(out, field.shape, title + "." + field.key);
  }
}

}  // namespace

std::string json_schema(const Shape& shape, std::string_view title) {
  Json schema;
  schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  schema["title"] = title;
  schema.update(schema_of(shape));
  return schema.dump(2) + "\n";
}

std::string field_reference(const Shape& shape, std::string_view title) {
  std::string out;
  append_reference(out, shape, std::string(title));
  return out.empty() ? out : out.substr(1);
}

}  // namespace nexa::io
