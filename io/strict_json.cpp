#include "io/strict_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace nexa::io {
namespace {

using Json = nlohmann::ordered_json;

/// Builds the document from the parser's events, which is where doubled names can be noticed. The
/// names are those that the library's parser calls.
class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, const std::string& what, const JsonLimits& limits)
      : text_(text), what_(what), limits_(limits) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t& text) override {
    // The library makes a floating-point number of an integer that has no room.
    if (text.find_first_of(".eE") != string_t::npos) return put(value);
    return fail(core::ErrorCode::corrupt, "the integer " + text + " is too large", "");
  }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t& /*value*/) override {
    return fail(core::ErrorCode::corrupt, "binary data", "");
  }

  bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
  bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (!count()) return false;
    if (!open_.back().names.insert(name).second) {
      return fail(core::ErrorCode::corrupt, "the name '" + name + "' stands twice in one object",
                  "readers would differ in which of the two they take");
    }
    name_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const Json::exception& reason) override {
    if (error_) return false;
    std::string message = reason.what();
    // The library's text starts with its own name, number and place: `[json.…] … at …: reason`.
    const std::size_t start = message.find(": ");
    if (start != std::string::npos) message = message.substr(start + 2);
    fail(core::ErrorCode::corrupt, "no valid JSON: " + message, "");
    place(position == 0 ? 0 : position - 1);
    return false;
  }

  [[nodiscard]] std::optional<core::Error>& error() { return error_; }
  Json& document() { return document_; }

 private:
  struct Open {
    Json value;
    std::string name;             ///< of the value in the object around it
    std::set<std::string> names;  ///< of an object
  };

  bool fail(core::ErrorCode code, std::string message, std::string hint) {
    error_ = core::Error{.code = code,
                         .message = std::move(message),
                         .hint = std::move(hint),
                         .where = {.file = what_, .line = 0, .column = 0}};
    return false;
  }

  /// Says at which byte of the text the error is, as line and column.
  void place(std::size_t offset) {
    const std::string_view before = text_.substr(0, std::min(offset, text_.size()));
    const std::size_t line_start = before.rfind('\n');
    error_->where.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    error_->where.column = static_cast<int>(
        line_start == std::string_view::npos ? before.size() + 1 : before.size() - line_start);
  }

  bool count() {
    if (++values_ <= limits_.values) return true;
    return fail(core::ErrorCode::limit_exceeded,
                "more than " + std::to_string(limits_.values) + " values", "");
  }

  bool put(Json value) {
    if (!count()) return false;
    if (open_.empty()) {
      document_ = std::move(value);
    } else if (Json& parent = open_.back().value; parent.is_array()) {
      parent.push_back(std::move(value));
    } else {
      // Appended without a search: the set of names has shown that it is new.
      parent.get_ref<Json::object_t&>().emplace_back(name_, std::move(value));
    }
    return true;
  }

  bool open(Json value) {
    if (!count()) return false;
    if (open_.size() == limits_.depth) {
      return fail(core::ErrorCode::limit_exceeded,
                  "nested deeper than " + std::to_string(limits_.depth) + " levels", "");
    }
    open_.push_back({std::move(value), name_, {}});
    return true;
  }

  bool close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    name_ = std::move(done.name);
    --values_;  // it was counted when it was opened
    return put(std::move(done.value));
  }

  std::string_view text_;
  const std::string& what_;
  const JsonLimits& limits_;
  std::vector<Open> open_;
  std::string name_;
  Json document_;
  std::size_t values_ = 0;
  std::optional<core::Error> error_;
};

core::Error corrupt_json(std::string message, const std::string& what) {
  return {.code = core::ErrorCode::corrupt,
          .message = std::move(message),
          .hint = "",
          .where = {.file = what, .line = 0, .column = 0}};
}

}  // namespace

core::Result<Json> parse_strict_json(std::string_view text, const std::string& what,
                                     const JsonLimits& limits) {
  // The library takes NUL for the end of the text and skips a byte order mark; others do not.
  if (text.find('\0') != std::string_view::npos) return corrupt_json("contains a NUL byte", what);
  if (text.starts_with("\xef\xbb\xbf")) return corrupt_json("starts with a byte order mark", what);
  Builder builder(text, what, limits);
  const bool done = Json::sax_parse(text.begin(), text.end(), &builder);
  if (builder.error()) return std::move(*builder.error());
  if (!done) return corrupt_json("no valid JSON", what);
  return std::move(builder.document());
}

}  // namespace nexa::io
