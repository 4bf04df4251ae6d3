#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "io/yaml/diagnostics.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {

/// What a YAML file may cost. The figures are far above any honest file, and keep the memory for a
/// hostile one below some 250 MiB.
struct YamlLimits {
  std::size_t bytes = std::size_t{4} * 1024 * 1024;
  std::size_t line_bytes = std::size_t{64} * 1024;
  std::size_t nodes = 200'000;  ///< with every alias replaced by what it stands for
  std::size_t depth = 64;
  std::size_t flow_indicators =
      500'000;  ///< of `[ ] { } ,`, each of which costs the parser a token
};

/// Line and column of a byte, counting from 1.
struct YamlMark {
  int line = 1;
  int column = 1;
};

struct YamlNode;

struct YamlEntry {
  std::string key;
  YamlMark mark;
  const YamlNode* value = nullptr;
};

enum class YamlKind : std::uint8_t { null, scalar, sequence, mapping };

/// A value as it was written: a scalar stays text until a decoder says what it should be, so that
/// `no`, `010` and `1:30` mean what the decoder wants and not what YAML 1.1 made of them.
struct YamlNode {
  YamlKind kind = YamlKind::null;
  bool plain = true;  ///< a scalar without quotes
  YamlMark mark;
  std::string text;                    ///< of a scalar
  std::vector<const YamlNode*> items;  ///< of a sequence
  std::vector<YamlEntry> entries;      ///< of a mapping, in the order of the file
};

/// One parsed file. Nodes that are reached through aliases are shared.
class YamlDocument {
 public:
  explicit YamlDocument(SourcePtr source) : source_(std::move(source)) {}

  [[nodiscard]] const SourcePtr& source() const { return source_; }
  [[nodiscard]] const YamlNode& root() const { return *root_; }

  YamlNode& new_node();
  void set_root(const YamlNode& root) { root_ = &root; }
  [[nodiscard]] bool is_empty() const { return root_ == nullptr; }

 private:
  SourcePtr source_;
  std::deque<YamlNode> nodes_;
  const YamlNode* root_ = nullptr;
};

/// Parses text that holds exactly one document. Everything that is wrong with the text goes to
/// `diagnostics`; duplicate keys are errors, but the document is given all the same, so that the
/// decoder can find more in the same pass.
std::optional<YamlDocument> parse_yaml(const SourcePtr& source, Diagnostics& diagnostics,
                                       const YamlLimits& limits = {});

/// Reads and parses a file.
std::optional<YamlDocument> load_yaml(const std::string& file, Diagnostics& diagnostics,
                                      const YamlLimits& limits = {});

/// The place of `byte_width` bytes of a line.
Place place_of(const SourcePtr& source, YamlMark mark, std::size_t byte_width = 1);

}  // namespace nexa::io
