#include "io/json_fields.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace nexa::io {
namespace {

using Json = nlohmann::ordered_json;

const Json& nothing() {
  static const Json null;
  return null;
}

}  // namespace

JsonFields::JsonFields(const Json& object, const std::string& file, std::string path)
    : object_(object), file_(file), path_(std::move(path)) {
  if (!object_.is_object()) keep((path_.empty() ? "the document" : path_) + " is not an object");
}

const Json& JsonFields::find(std::string_view name) const {
  if (!object_.is_object()) return nothing();
  const auto member = object_.find(std::string(name));
  return member == object_.end() ? nothing() : *member;
}

bool JsonFields::has(std::string_view name) const {
  return !find(name).is_null();
}

std::string JsonFields::path_of(std::string_view name) const {
  return (path_.empty() ? "" : path_ + '.') + std::string(name);
}

void JsonFields::keep(std::string message) {
  if (error_) return;
  error_ = core::Error{.code = core::ErrorCode::corrupt,
                       .message = std::move(message),
                       .hint = "",
                       .where = {.file = file_, .line = 0, .column = 0}};
}

void JsonFields::fail(std::string_view name, std::string_view expected) {
  keep(path_of(name) + (has(name) ? " is not " + std::string(expected) : " is missing"));
}

void JsonFields::adopt(const JsonFields& part) {
  if (!error_) error_ = part.error_;
}

std::string JsonFields::text(std::string_view name) {
  const Json& member = find(name);
  if (member.is_string()) return member.get<std::string>();
  fail(name, "a text");
  return {};
}

std::uint64_t JsonFields::number(std::string_view name) {
  const Json& member = find(name);
  if (member.is_number_unsigned()) return member.get<std::uint64_t>();
  fail(name, "a whole number from 0");
  return 0;
}

const Json& JsonFields::array(std::string_view name) {
  const Json& member = find(name);
  if (member.is_array()) return member;
  fail(name, "a list");
  return nothing();
}

JsonFields JsonFields::object(std::string_view name) {
  const Json& member = find(name);
  if (!member.is_object()) fail(name, "an object");
  return {member, file_, path_of(name)};
}

}  // namespace nexa::io
