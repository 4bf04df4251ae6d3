#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "io/yaml/codec.hpp"

namespace nexa::io {

/// The part of `Table` that does not depend on the struct.
class TableCore {
 public:
  /// `expected` completes "must be …": "a mapping of a node group".
  explicit TableCore(std::string expected);

  [[nodiscard]] const Shape& shape() const { return shape_; }

 protected:
  using Decoder = std::function<void(const Cursor&, void*)>;
  using Check = std::function<void(const Cursor&, void*)>;
  /// The value as YAML; nothing where it is what an absent key means.
  using Writer = std::function<std::optional<std::string>(const void*)>;

  void add(FieldShape field, Decoder decoder, Writer writer);
  void add_check(Check check) { checks_.push_back(std::move(check)); }
  void add_refused(std::string key, std::string reason, std::string hint) {
    refused_.push_back({std::move(key), std::move(reason), std::move(hint)});
  }
  void decode_into(const Cursor& at, void* owner) const;
  [[nodiscard]] std::string write_from(const void* owner) const;

 private:
  struct Refused {
    std::string key;
    std::string reason;
    std::string hint;
  };

  /// Reports a key that is none of the fields.
  void report_other(const Cursor& at, const YamlEntry& entry) const;

  Shape shape_;
  std::vector<Refused> refused_;
  std::vector<Decoder> decoders_;  ///< parallel to `shape_.fields`
  std::vector<Writer> writers_;    ///< likewise
  std::vector<Check> checks_;
};

/// The fields of a struct as a mapping in YAML. From this one list come the decoder, the defaults
/// (those of a default-constructed T), the messages, the JSON Schema and the reference page:
///
///   Table<Gpus> gpus("a mapping of GPUs");
///   gpus.required("type", &Gpus::type, name(), "model of the GPUs");
///   gpus.required("count", &Gpus::count, as<std::uint32_t>(integer({1, 64})), "GPUs per node");
template <class T>
class Table : public TableCore {
 public:
  using TableCore::TableCore;

  template <class V>
  Table& required(std::string key, V T::*member, Codec<V> codec, std::string doc) {
    add({std::move(key), std::move(doc), {}, true, codec.shape}, decoder(member, codec),
        [member, codec](const void* owner) -> std::optional<std::string> {
          return written(codec, static_cast<const T*>(owner)->*member);
        });
    return *this;
  }

  template <class V>
  Table& optional(std::string key, V T::*member, Codec<V> codec, std::string doc) {
    const T defaults{};
    std::string fallback = codec.print ? codec.print(defaults.*member) : std::string();
    add({std::move(key), std::move(doc), std::move(fallback), false, codec.shape},
        decoder(member, codec), [member, codec](const void* owner) -> std::optional<std::string> {
          const T absent{};
          std::string text = written(codec, static_cast<const T*>(owner)->*member);
          if (text == written(codec, absent.*member)) return std::nullopt;
          return text;
        });
    return *this;
  }

  /// A field that stays empty where the key is absent.
  template <class V>
  Table& optional(std::string key, std::optional<V> T::*member, Codec<V> codec, std::string doc) {
    add(
        {std::move(key), std::move(doc), {}, false, codec.shape},
        [member, decode = codec.decode](const Cursor& at, void* owner) {
          V value{};
          const std::size_t errors = at.diagnostics().count();
          decode(at, value);
          if (at.diagnostics().count() == errors)
            static_cast<T*>(owner)->*member = std::move(value);
        },
        [member, codec](const void* owner) -> std::optional<std::string> {
          const std::optional<V>& value = static_cast<const T*>(owner)->*member;
          if (!value) return std::nullopt;
          return written(codec, *value);
        });
    return *this;
  }

  /// A key that people may look for here, and that would do nothing. Whatever its value, it is an
  /// error that reads "'a.key' " and `reason`.
  Table& refused(std::string key, std::string reason, std::string hint) {
    add_refused(std::move(key), std::move(reason), std::move(hint));
    return *this;
  }

  /// A rule over several fields, run after they are decoded, whether or not there were errors.
  Table& check(std::function<void(const Cursor&, T&)> rule) {
    add_check([rule = std::move(rule)](const Cursor& at, void* owner) {
      rule(at, *static_cast<T*>(owner));
    });
    return *this;
  }

  void decode(const Cursor& at, T& out) const { decode_into(at, &out); }

  /// The fields that are not what they are by default, as `{key: value, ...}`.
  [[nodiscard]] std::string write(const T& value) const { return write_from(&value); }

  [[nodiscard]] Codec<T> codec() const {
    Codec<T> made;
    made.shape = shape();
    made.decode = [table = *this](const Cursor& at, T& out) { table.decode(at, out); };
    made.write = [table = *this](const T& value) { return table.write(value); };
    return made;
  }

 private:
  template <class V>
  static Decoder decoder(V T::*member, const Codec<V>& codec) {
    return [member, decode = codec.decode](const Cursor& at, void* owner) {
      decode(at, static_cast<T*>(owner)->*member);
    };
  }
};

}  // namespace nexa::io
