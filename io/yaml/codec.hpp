#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/credits.hpp"
#include "core/time.hpp"
#include "io/yaml/cursor.hpp"
#include "io/yaml/shape.hpp"

namespace nexa::io {

/// How values of type V are read from YAML, described and printed.
template <class V>
struct Codec {
  Shape shape;
  /// Reports errors through the cursor, and leaves the value alone where there are some.
  std::function<void(const Cursor&, V&)> decode;
  /// The value as written in YAML; empty for values that have no short form.
  std::function<std::string(const V&)> print;
  /// The value in YAML's flow form, whatever it is, such that `decode` reads it back; empty where
  /// `print` does that already.
  std::function<std::string(const V&)> write;
};

/// The value such that the codec reads it back, on one line.
template <class V>
std::string written(const Codec<V>& codec, const V& value) {
  return codec.write ? codec.write(value) : codec.print(value);
}

/// Text as YAML reads it back whatever is in it, which is how JSON writes it.
std::string quoted_text(const std::string& text);

template <class T>
struct Range {
  T low;
  T high;
};

/// Text of any form. Unquoted `no`, `5` and `1:30` are text too.
Codec<std::string> text(std::string expected = "text");

/// A name: letters, digits, `.`, `_` and `-`, starting with a letter or digit, 64 at most.
Codec<std::string> name();

/// `true` or `false`, and no other spelling.
Codec<bool> boolean();

/// A whole number.
Codec<std::int64_t> integer(Range<std::int64_t> range);

/// A decimal number, kept as an integer of 10^-decimals. The range is in kept units.
Codec<std::int64_t> decimal(int decimals, Range<std::int64_t> range);

Codec<core::Duration> duration(Range<core::Duration> range);
Codec<std::uint64_t> memory_kib(Range<std::uint64_t> range);
Codec<core::Credits> credits(Range<core::Credits> range);

/// The index of one of `choices`.
Codec<std::size_t> choice_index(const std::vector<std::string>& choices);

/// The same codec for another integer type, which must hold every value of its range.
template <class To, class From>
Codec<To> as(Codec<From> codec) {
  Codec<To> wrapped;
  wrapped.shape = codec.shape;
  wrapped.decode = [decode = codec.decode](const Cursor& at, To& out) {
    auto value = static_cast<From>(out);
    decode(at, value);
    out = static_cast<To>(value);
  };
  wrapped.print = [print = codec.print](const To& value) {
    return print(static_cast<From>(value));
  };
  return wrapped;
}

/// One of several words, each of which stands for a value of an enumeration. The enumeration
/// counts from 0 in the order of the words.
template <class E>
Codec<E> choice(const std::vector<std::string>& words) {
  return as<E>(choice_index(words));
}

/// The value and its place.
template <class V>
Codec<Located<V>> located(Codec<V> codec) {
  Codec<Located<V>> wrapped;
  wrapped.shape = codec.shape;
  wrapped.decode = [decode = codec.decode](const Cursor& at, Located<V>& out) {
    out.place = at.place();
    decode(at, out.value);
  };
  if (codec.print) {
    wrapped.print = [print = codec.print](const Located<V>& out) { return print(out.value); };
  }
  if (codec.write) {
    wrapped.write = [write = codec.write](const Located<V>& out) { return write(out.value); };
  }
  return wrapped;
}

/// True if the value is a list of an allowed size; otherwise reports.
bool check_list(const Cursor& at, std::string_view expected, Range<std::size_t> size);

/// A list; `expected` is e.g. "a list of node groups".
template <class V>
Codec<std::vector<V>> list_of(Codec<V> codec, const std::string& expected,
                              Range<std::size_t> size) {
  Codec<std::vector<V>> wrapped;
  wrapped.shape.kind = ShapeKind::list;
  wrapped.shape.expected = expected;
  wrapped.shape.parts = {codec.shape};
  wrapped.decode = [decode = codec.decode, expected, size](const Cursor& at, std::vector<V>& out) {
    if (!check_list(at, expected, size)) return;
    out.clear();
    for (std::size_t i = 0; i < at.node().items.size(); ++i) decode(at.item(i), out.emplace_back());
  };
  wrapped.write = [codec](const std::vector<V>& values) {
    std::string text;
    for (const V& value : values) text += (text.empty() ? "" : ", ") + written(codec, value);
    return "[" + text + "]";
  };
  return wrapped;
}

/// The scalar's text, or null after a report that `expected` was wanted.
const std::string* scalar_text(const Cursor& at, std::string_view expected);

}  // namespace nexa::io
