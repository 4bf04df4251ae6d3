#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace nexa::io {

/// Reads the members of a JSON object one after another. The first member that is missing or of
/// another kind than asked for is kept as the error; what is read afterwards has no meaning, so
/// that a reader asks once at its end. Members that nobody asks for are ignored.
class JsonFields {
 public:
  /// `path` says where in the document the object is, for messages: empty for the whole document,
  /// otherwise like `predicate.runDetails`. `object` and `file` must outlive this reader.
  JsonFields(const nlohmann::ordered_json& object, const std::string& file, std::string path);

  /// A member of the given kind. Without it: an error, and an empty value.
  std::string text(std::string_view name);
  std::uint64_t number(std::string_view name);
  const nlohmann::ordered_json& array(std::string_view name);
  /// A reader of a member that is an object. Its error has to be taken over by `adopt`.
  JsonFields object(std::string_view name);

  /// Whether there is such a member (of any kind, but null).
  [[nodiscard]] bool has(std::string_view name) const;

  /// Keeps an error for a member: `<path>.<name> is not <expected>`.
  void fail(std::string_view name, std::string_view expected);
  /// Takes over the error of a reader of a part.
  void adopt(const JsonFields& part);

  [[nodiscard]] const std::optional<core::Error>& error() const { return error_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  const nlohmann::ordered_json& find(std::string_view name) const;
  [[nodiscard]] std::string path_of(std::string_view name) const;
  void keep(std::string message);

  const nlohmann::ordered_json& object_;
  const std::string& file_;
  std::string path_;
  std::optional<core::Error> error_;
};

}  // namespace nexa::io
