#include "io/yaml/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/suggest.hpp"
#include "io/values.hpp"

namespace nexa::io {
namespace {

constexpr std::size_t longest_name = 64;

std::string range_text(std::string_view what, std::string_view low, std::string_view high) {
  return fmt::format("{} from {} to {}", what, low, high);
}

/// Reports an error of a value parser, with the name of the field in front.
void report(const Cursor& at, const core::Error& error) {
  at.error(fmt::format("{}: {}", in_quotes(at.path()), error.message), error.hint);
}

/// A codec for values that are written as text and have an order.
template <class V, class Parse, class Print>
Codec<V> parsed(const Shape& shape, Range<V> range, Parse parse, Print print) {
  Codec<V> codec;
  codec.shape = shape;
  codec.decode = [expected = codec.shape.expected, range, parse](const Cursor& at, V& out) {
    const std::string* text = scalar_text(at, expected);
    if (text == nullptr) return;
    const core::Result<V> value = parse(*text);
    if (!value) {
      report(at, value.error());
    } else if (*value < range.low || range.high < *value) {
      at.mismatch(expected);
    } else {
      out = *value;
    }
  };
  codec.print = print;
  return codec;
}

/// A number in quotes is text in YAML, and an editor with the schema says so too.
bool refuse_quotes(const Cursor& at, std::string_view expected) {
  const YamlNode& node = at.node();
  if (node.kind != YamlKind::scalar || node.plain) return false;
  at.mismatch(expected, "remove the quotes");
  return true;
}

template <class V>
Codec<V> unquoted(Codec<V> codec) {
  codec.decode = [decode = codec.decode, expected = codec.shape.expected](const Cursor& at,
                                                                          V& out) {
    if (!refuse_quotes(at, expected)) decode(at, out);
  };
  return codec;
}

bool is_name(std::string_view value) {
  const auto alphanumeric = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  const auto allowed = [&](char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; };
  return !value.empty() && value.size() <= longest_name && alphanumeric(value.front()) &&
         std::all_of(value.begin(), value.end(), allowed);
}

/// What people write for true and false elsewhere.
std::string boolean_hint(std::string_view value) {
  constexpr std::string_view yes[] = {"yes", "Yes", "YES", "on",   "On",  "ON",
                                      "y",   "Y",   "1",   "True", "TRUE"};
  constexpr std::string_view no[] = {"no", "No", "NO", "off",   "Off",  "OFF",
                                     "n",  "N",  "0",  "False", "FALSE"};
  if (std::find(std::begin(yes), std::end(yes), value) != std::end(yes)) return "write true";
  if (std::find(std::begin(no), std::end(no), value) != std::end(no)) return "write false";
  return {};
}

}  // namespace

const std::string* scalar_text(const Cursor& at, std::string_view expected) {
  if (at.node().kind == YamlKind::scalar) return &at.node().text;
  at.mismatch(expected);
  return nullptr;
}

bool check_list(const Cursor& at, std::string_view expected, Range<std::size_t> size) {
  if (at.node().kind != YamlKind::sequence) {
    at.mismatch(expected);
    return false;
  }
  const std::size_t count = at.node().items.size();
  if (count == 0 && size.low > 0) {
    at.error(fmt::format("{} is an empty list", in_quotes(at.path())));
    return false;
  }
  if (count < size.low || count > size.high) {
    at.error(fmt::format("{} has {} items, allowed are {} to {}", in_quotes(at.path()), count,
                         size.low, size.high));
    return false;
  }
  return true;
}

Codec<std::string> text(std::string expected) {
  Codec<std::string> codec;
  codec.shape.expected = std::move(expected);
  codec.decode = [expected = codec.shape.expected](const Cursor& at, std::string& out) {
    const std::string* value = scalar_text(at, expected);
    if (value == nullptr) return;
    if (value->empty()) {
      at.mismatch(expected);
    } else {
      out = *value;
    }
  };
  codec.print = [](const std::string& value) { return value; };
  codec.write = quoted_text;
  return codec;
}

std::string quoted_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Codec<std::string> name() {
  Codec<std::string> codec = text("a name of up to 64 letters, digits, '.', '_' and '-'");
  codec.decode = [expected = codec.shape.expected](const Cursor& at, std::string& out) {
    const std::string* value = scalar_text(at, expected);
    if (value == nullptr) return;
    if (is_name(*value)) {
      out = *value;
    } else {
      at.mismatch(expected);
    }
  };
  return codec;
}

Codec<bool> boolean() {
  Codec<bool> codec;
  codec.shape.kind = ShapeKind::boolean;
  codec.shape.expected = "true or false";
  codec.decode = [expected = codec.shape.expected](const Cursor& at, bool& out) {
    const std::string* value = scalar_text(at, expected);
    if (value == nullptr || refuse_quotes(at, expected)) return;
    if (*value == "true" || *value == "false") {
      out = *value == "true";
    } else {
      at.mismatch(expected, boolean_hint(*value));
    }
  };
  codec.print = [](const bool& value) { return std::string(value ? "true" : "false"); };
  return codec;
}

Codec<std::int64_t> integer(Range<std::int64_t> range) {
  Shape shape;
  shape.kind = ShapeKind::integer;
  shape.minimum = std::to_string(range.low);
  shape.maximum = std::to_string(range.high);
  shape.expected = range_text("a whole number", shape.minimum, shape.maximum);
  return unquoted(parsed<std::int64_t>(shape, range, parse_integer,
                                       [](std::int64_t value) { return std::to_string(value); }));
}

Codec<std::int64_t> decimal(int decimals, Range<std::int64_t> range) {
  Shape shape;
  shape.kind = ShapeKind::number;
  shape.minimum = decimal_text(range.low, decimals);
  shape.maximum = decimal_text(range.high, decimals);
  shape.expected = range_text("a number", shape.minimum, shape.maximum) +
                   fmt::format(" with at most {} decimals", decimals);
  return unquoted(parsed<std::int64_t>(
      shape, range, [decimals](std::string_view value) { return parse_decimal(value, decimals); },
      [decimals](std::int64_t value) { return decimal_text(value, decimals); }));
}

Codec<core::Credits> credits(Range<core::Credits> range) {
  Codec<std::int64_t> micro = decimal(6, {range.low.micro(), range.high.micro()});
  Codec<core::Credits> codec;
  codec.shape = micro.shape;
  codec.decode = [decode = micro.decode](const Cursor& at, core::Credits& out) {
    std::int64_t value = out.micro();
    decode(at, value);
    out = core::Credits::from_micro(value);
  };
  codec.print = [print = micro.print](const core::Credits& value) { return print(value.micro()); };
  return codec;
}

Codec<core::Duration> duration(Range<core::Duration> range) {
  Shape shape;
  shape.pattern = R"(^\s*[0-9][0-9.:\- dhmsinuµ]*$)";
  shape.expected = range_text("a length of time", to_text(range.low), to_text(range.high)) +
                   ", such as 90s, 1h 30m or 0-01:30:00";
  return parsed<core::Duration>(shape, range, parse_duration,
                                [](core::Duration value) { return to_text(value); });
}

Codec<std::uint64_t> memory_kib(Range<std::uint64_t> range) {
  Shape shape;
  shape.pattern = R"(^\s*[0-9]+(\.[0-9]+)?\s*([kKMGTP](i|iB)?)\s*$)";
  shape.expected = range_text("a size", memory_text(range.low), memory_text(range.high));
  return parsed<std::uint64_t>(shape, range, parse_memory_kib,
                               [](std::uint64_t value) { return memory_text(value); });
}

Codec<std::size_t> choice_index(const std::vector<std::string>& choices) {
  Codec<std::size_t> codec;
  codec.shape.choices = choices;
  for (const std::string& word : choices) {
    codec.shape.expected += (codec.shape.expected.empty() ? "" : " or ") + word;
  }
  codec.decode = [choices, expected = codec.shape.expected](const Cursor& at, std::size_t& out) {
    const std::string* value = scalar_text(at, expected);
    if (value == nullptr) return;
    const auto found = std::find(choices.begin(), choices.end(), *value);
    if (found != choices.end()) {
      out = static_cast<std::size_t>(found - choices.begin());
      return;
    }
    const std::vector<std::string_view> known(choices.begin(), choices.end());
    const std::string_view near = value->size() <= 64 ? core::nearest(*value, known) : "";
    at.mismatch(expected, near.empty() ? "" : fmt::format("did you mean '{}'?", near));
  };
  codec.print = [choices](const std::size_t& value) { return choices.at(value); };
  return codec;
}

}  // namespace nexa::io
