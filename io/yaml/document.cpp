#include "io/yaml/document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "io/yaml/cursor.hpp"
#include "io/yaml/prescan.hpp"

namespace nexa::io {
namespace {

/// Thrown through the parser to end it; the reason has been reported.
struct Stop {};

/// True if `text` begins with a quote, after anchors and tags, that nothing closes.
bool has_open_quote(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  while (!text.empty() && (text.front() == '&' || text.front() == '!')) {
    text.remove_prefix(std::min(text.find_first_of(blanks), text.size()));
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  }
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return false;
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool doubled = quote == '\'' && text.substr(i).starts_with("''");
    if (doubled || (quote == '"' && text[i] == '\\')) {
      ++i;
    } else if (text[i] == quote) {
      return false;
    }
  }
  return true;
}

/// Builds the document from the parser's events. Working on events instead of on yaml-cpp's own
/// tree gives the place of every key, the quotes of scalars, second documents and aliases, and
/// lets the limits end the parser before it has used the memory.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(YamlDocument& document, const YamlLimits& limits, Diagnostics& diagnostics)
      : document_(document), limits_(limits), diagnostics_(diagnostics) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      stop(mark, "a second document begins here",
           "a file holds one document; split the file or remove the '---'");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) stop(mark, "a key must be text, found nothing");
    YamlNode& node = start_node(mark, YamlKind::null);
    finish(node, anchor, total_ - 1, 1);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) stop(mark, "an alias cannot be a key");
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) stop(mark, "the alias refers to a value that contains it");
    const Anchor& target = found->second;
    check_depth(mark, frames_.size() + target.height);
    count(mark, target.size);
    attach(*target.node, target.height);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    // yaml-cpp 0.7 takes the end of the file for the end of a quoted text.
    const YamlMark begin = to_mark(mark);
    if (tag == "!" && has_open_quote(document_.source()->text_from(begin.line, begin.column))) {
      stop(mark, "not valid YAML: the quote is not closed");
    }
    if (expects_key()) {
      frames_.back().entry = YamlEntry{value, to_mark(mark), nullptr};
      frames_.back().has_key = true;
      return;
    }
    YamlNode& node = start_node(mark, YamlKind::scalar);
    node.plain = tag != "!";
    node.text = value;
    finish(node, anchor, total_ - 1, 1);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    start_collection(mark, tag, anchor, YamlKind::sequence);
  }
  void OnSequenceEnd() override { end_collection(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    start_collection(mark, tag, anchor, YamlKind::mapping);
  }
  void OnMapEnd() override { end_collection(); }

 private:
  /// A collection that has begun and not ended.
  struct Frame {
    YamlNode* node = nullptr;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::size_t total_before = 0;
    std::size_t height = 1;  ///< levels of the subtree so far
    bool has_key = false;
    YamlEntry entry;
  };
  struct Anchor {
    const YamlNode* node = nullptr;
    std::size_t size = 0;  ///< nodes below it, with aliases replaced
    std::size_t height = 1;
  };

  static YamlMark to_mark(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

  [[noreturn]] void stop(const YAML::Mark& mark, std::string message, std::string hint = {}) {
    diagnostics_.add(place_of(document_.source(), to_mark(mark)), std::move(message),
                     std::move(hint), core::ErrorCode::corrupt);
    throw Stop{};
  }

  bool expects_key() const {
    return !frames_.empty() && frames_.back().node->kind == YamlKind::mapping &&
           !frames_.back().has_key;
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    stop(mark, fmt::format("the tag {} is not supported", in_quotes(tag)),
         "the field decides what a value is; remove the tag");
  }

  void check_depth(const YAML::Mark& mark, std::size_t depth) {
    if (depth <= limits_.depth) return;
    stop(mark, fmt::format("more than {} levels of nesting", limits_.depth));
  }

  void count(const YAML::Mark& mark, std::size_t nodes) {
    total_ += nodes;
    if (total_ <= limits_.nodes) return;
    stop(mark, fmt::format("more than {} values, counting what aliases repeat", limits_.nodes));
  }

  YamlNode& start_node(const YAML::Mark& mark, YamlKind kind) {
    check_depth(mark, frames_.size() + 1);
    count(mark, 1);
    YamlNode& node = document_.new_node();
    node.kind = kind;
    node.mark = to_mark(mark);
    return node;
  }

  void start_collection(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                        YamlKind kind) {
    check_tag(mark, tag);
    if (expects_key()) stop(mark, "a key must be text, found a list or a mapping");
    YamlNode& node = start_node(mark, kind);
    Frame frame;
    frame.node = &node;
    frame.anchor = anchor;
    frame.total_before = total_ - 1;
    frames_.push_back(std::move(frame));
  }

  void end_collection() {
    const Frame frame = std::move(frames_.back());
    frames_.pop_back();
    finish(*frame.node, frame.anchor, frame.total_before, frame.height);
  }

  void finish(const YamlNode& node, YAML::anchor_t anchor, std::size_t total_before,
              std::size_t height) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = {&node, total_ - total_before, height};
    attach(node, height);
  }

  void attach(const YamlNode& node, std::size_t height) {
    if (frames_.empty()) {
      document_.set_root(node);
      return;
    }
    Frame& parent = frames_.back();
    parent.height = std::max(parent.height, height + 1);
    if (parent.node->kind == YamlKind::sequence) {
      parent.node->items.push_back(&node);
      return;
    }
    parent.entry.value = &node;
    parent.node->entries.push_back(std::move(parent.entry));
    parent.has_key = false;
  }

  YamlDocument& document_;
  const YamlLimits& limits_;
  Diagnostics& diagnostics_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Anchor> anchors_;
  std::size_t total_ = 0;
  int documents_ = 0;
};

/// What to do about the messages that people meet most.
std::string syntax_hint(const std::string& message) {
  if (message.find("illegal map value") != std::string::npos) {
    return "put text that contains ': ' in quotes";
  }
  if (message.find("end of map not found") != std::string::npos) {
    return "check the indentation, and that each key ends with ': '";
  }
  if (message.find("flow not found") != std::string::npos) {
    return "a bracket is not closed, or a comma is missing";
  }
  return {};
}

void report_syntax(const SourcePtr& source, const YAML::Exception& error,
                   Diagnostics& diagnostics) {
  const YamlMark mark =
      error.mark.is_null() ? YamlMark{} : YamlMark{error.mark.line + 1, error.mark.column + 1};
  diagnostics.add(place_of(source, mark), "not valid YAML: " + error.msg, syntax_hint(error.msg),
                  core::ErrorCode::corrupt);
}

/// Feeds all documents to the builder; false if the text is not valid or exceeds a limit.
bool run_parser(const SourcePtr& source, TreeBuilder& builder, Diagnostics& diagnostics) {
  try {
    std::istringstream stream(source->text());
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return true;
  } catch (const Stop&) {
    return false;
  } catch (const YAML::Exception& error) {
    report_syntax(source, error, diagnostics);
    return false;
  }
}

void check_duplicate_keys(const Cursor& at) {
  const YamlNode& node = at.node();
  for (std::size_t i = 0; i < node.items.size(); ++i) check_duplicate_keys(at.item(i));
  std::map<std::string_view, const YamlEntry*> seen;
  for (const YamlEntry& entry : node.entries) {
    const Cursor below = at.entry(entry);
    const auto [known, is_new] = seen.emplace(entry.key, &entry);
    if (!is_new) {
      const core::SourcePos first = at.entry(*known->second).key_place().position();
      at.diagnostics().add(below.key_place(),
                           fmt::format("duplicate key {}, first given at {}:{}",
                                       in_quotes(below.path()), first.line, first.column),
                           "keep one of the two");
    }
    check_duplicate_keys(below);
  }
}

}  // namespace

YamlNode& YamlDocument::new_node() {
  return nodes_.emplace_back();
}

Place place_of(const SourcePtr& source, YamlMark mark, std::size_t byte_width) {
  const std::string_view line = source->line(mark.line);
  const std::size_t before = std::min(line.size(), static_cast<std::size_t>(mark.column - 1));
  Place place;
  place.source = source;
  place.line = mark.line;
  place.column = static_cast<int>(character_count(line.substr(0, before))) + 1;
  const std::size_t width = character_count(line.substr(before, byte_width));
  place.width = static_cast<int>(std::max<std::size_t>(width, 1));
  return place;
}

std::optional<YamlDocument> parse_yaml(const SourcePtr& source, Diagnostics& diagnostics,
                                       const YamlLimits& limits) {
  if (!prescan(source, limits, diagnostics)) return std::nullopt;
  YamlDocument document(source);
  TreeBuilder builder(document, limits, diagnostics);
  if (!run_parser(source, builder, diagnostics)) return std::nullopt;
  if (document.is_empty() || document.root().kind == YamlKind::null) {
    diagnostics.add(place_of(source, {}), "the file is empty", {}, core::ErrorCode::corrupt);
    return std::nullopt;
  }
  check_duplicate_keys(Cursor(document, diagnostics));
  return document;
}

std::optional<YamlDocument> load_yaml(const std::string& file, Diagnostics& diagnostics,
                                      const YamlLimits& limits) {
  const auto source = read_source(file, limits.bytes);
  if (!source) {
    diagnostics.add(source.error());
    return std::nullopt;
  }
  return parse_yaml(*source, diagnostics, limits);
}

}  // namespace nexa::io
