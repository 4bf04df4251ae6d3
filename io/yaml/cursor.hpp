#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "io/yaml/document.hpp"

namespace nexa::io {

/// A value of a document together with the way that led to it, for decoders. A cursor points to
/// its parent, so it must not outlive it.
class Cursor {
 public:
  Cursor(const YamlDocument& document, Diagnostics& diagnostics)
      : document_(document), diagnostics_(diagnostics), node_(document.root()) {}

  [[nodiscard]] Cursor entry(const YamlEntry& entry) const;
  [[nodiscard]] Cursor item(std::size_t index) const;

  [[nodiscard]] const YamlNode& node() const { return node_; }
  [[nodiscard]] Diagnostics& diagnostics() const { return diagnostics_; }
  /// `groups[0].count`; empty for the whole document.
  [[nodiscard]] std::string path() const;
  /// JSON Pointer, RFC 6901.
  [[nodiscard]] std::string pointer() const;

  /// Where the value stands.
  [[nodiscard]] Place place() const;
  /// Where the value of the first of `keys` stands that this mapping has, for a rule over several
  /// of them; where the mapping stands if it has none.
  [[nodiscard]] Place place_of_first(std::span<const std::string_view> keys) const;
  /// Where the key stands; the place of the value for an item of a list.
  [[nodiscard]] Place key_place() const;

  /// Reports an error about the value.
  void error(std::string message, std::string hint = {}) const;
  /// Reports that the value is not what was expected: "'a.b' must be X, found Y".
  void mismatch(std::string_view expected, std::string hint = {}) const;
  /// Reports an unknown key of this mapping.
  void unknown_key(const YamlEntry& entry, std::span<const std::string_view> known) const;
  /// Reports a key that this mapping lacks; `doc` says what it is.
  void missing_key(std::string_view key, std::string_view doc) const;

  /// The value as messages show it: quoted text, "nothing", "a list" or "a mapping".
  [[nodiscard]] std::string found() const;

 private:
  Cursor(const Cursor& parent, const YamlNode& node, const YamlEntry* entry, std::size_t index)
      : document_(parent.document_),
        diagnostics_(parent.diagnostics_),
        node_(node),
        parent_(&parent),
        entry_(entry),
        index_(index) {}

  [[nodiscard]] Place named(Place place) const;

  const YamlDocument& document_;
  Diagnostics& diagnostics_;
  const YamlNode& node_;
  const Cursor* parent_ = nullptr;
  const YamlEntry* entry_ = nullptr;  ///< null for an item of a list
  std::size_t index_ = 0;
};

/// The place of the value that a JSON Pointer names, counted from `at`; the nearest value above it
/// where there is no such value.
Place place_at_pointer(const Cursor& at, std::string_view pointer);

}  // namespace nexa::io
