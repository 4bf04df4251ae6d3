#include "io/policy_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/suggest.hpp"

namespace nexa::io {
namespace {

struct Slot {
  std::string_view key;
  std::string_view doc;
};

constexpr std::array<Slot, 4> slots{{{"order", "the order of the queue"},
                                     {"backfill", "which jobs may overtake the head of the queue"},
                                     {"filter", "which nodes a job must not use"},
                                     {"score", "which nodes a job should use first"}}};

constexpr std::array<std::string_view, 3> file_keys{"name", "description", "provenance"};

constexpr std::string_view expected_policy =
    "a policy such as fcfs+easy, the name of a policy file, or a mapping of order, backfill, "
    "filter and score";
constexpr std::string_view expected_component =
    "the name of a policy, a mapping with its name and parameters, or a list of those";

Shape text_shape(std::string_view expected) {
  Shape shape;
  shape.expected = std::string(expected);
  return shape;
}

/// `{name: easy, order: saf}`
Shape component_shape() {
  Shape named;
  named.kind = ShapeKind::mapping;
  named.fields.push_back(
      {"name", "name of the policy", {}, true, text_shape("the name of a policy")});
  named.open = true;
  named.parts = {text_shape("the value of a parameter")};
  Shape single;
  single.kind = ShapeKind::one_of;
  single.parts = {text_shape("the name of a policy"), named};
  Shape list;
  list.kind = ShapeKind::list;
  list.parts = {single};
  Shape shape;
  shape.kind = ShapeKind::one_of;
  shape.expected = std::string(expected_component);
  shape.parts = {single.parts[0], single.parts[1], list};
  return shape;
}

Shape mapping_shape() {
  Shape shape;
  shape.kind = ShapeKind::mapping;
  for (const Slot& slot : slots) {
    shape.fields.push_back(
        {std::string(slot.key), std::string(slot.doc), {}, false, component_shape()});
  }
  return shape;
}

bool is_slot(std::string_view key) {
  return std::any_of(slots.begin(), slots.end(), [&](const Slot& slot) { return slot.key == key; });
}

/// Reads what the mapping form consists of into the text form.
class MappingReader {
 public:
  explicit MappingReader(PolicyText& policy) : policy_(policy) {}

  /// `in_file`: the keys that describe a policy file are allowed too.
  void read(const Cursor& at, bool in_file) {
    if (at.node().kind != YamlKind::mapping) {
      at.mismatch("a mapping of order, backfill, filter and score");
      return;
    }
    const std::size_t errors_before = at.diagnostics().count();
    std::vector<std::string_view> known;
    for (const Slot& slot : slots) known.push_back(slot.key);
    if (in_file) known.insert(known.end(), file_keys.begin(), file_keys.end());
    for (const YamlEntry& entry : at.node().entries) {
      if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
        at.unknown_key(entry, known);
      } else if (is_slot(entry.key)) {
        read_slot(at.entry(entry), entry.key);
      }
    }
    if (policy_.components.empty() && at.diagnostics().count() == errors_before)
      at.error("the policy names no order, backfill, filter or score");
  }

 private:
  void read_slot(const Cursor& at, const std::string& slot) {
    if (at.node().kind != YamlKind::sequence) {
      read_component(at, slot);
      return;
    }
    for (std::size_t i = 0; i < at.node().items.size(); ++i) read_component(at.item(i), slot);
  }

  void read_component(const Cursor& at, const std::string& slot) {
    PolicyComponent component{slot, {}, at.place()};
    if (at.node().kind == YamlKind::mapping) {
      component.text = with_parameters(at);
    } else if (const std::string* text = scalar_text(at, expected_component)) {
      component.text = *text;
    }
    if (component.text.find('+') != std::string::npos) {
      at.error(fmt::format("{} names several policies", in_quotes(at.path())),
               "write them as a list");
      return;
    }
    if (component.text.empty()) return;
    if (!policy_.text.empty()) policy_.text += '+';
    policy_.text += component.text;
    policy_.components.push_back(std::move(component));
  }

  /// `easy:order=saf,depth=100`, or nothing after an error.
  static std::string with_parameters(const Cursor& at) {
    std::string name;
    std::string parameters;
    for (const YamlEntry& entry : at.node().entries) {
      const Cursor below = at.entry(entry);
      const std::string* value = scalar_text(below, "text or a number");
      if (value == nullptr) continue;
      // The text form has no quotes, so its separators cannot be part of a value.
      const auto separator = std::find_if(value->begin(), value->end(), [](char c) {
        return std::string_view("+,:=").find(c) != std::string_view::npos;
      });
      if (separator != value->end()) {
        below.error(fmt::format("{} must not contain '{}'", in_quotes(below.path()), *separator));
      } else if (entry.key == "name") {
        name = *value;
      } else {
        parameters += fmt::format("{}{}={}", parameters.empty() ? ":" : ",", entry.key, *value);
      }
    }
    const auto is_name = [](const YamlEntry& entry) { return entry.key == "name"; };
    const auto& entries = at.node().entries;
    if (std::none_of(entries.begin(), entries.end(), is_name)) {
      at.missing_key("name", "name of the policy");
    }
    return name.empty() ? name : name + parameters;
  }

  PolicyText& policy_;
};

core::Result<PolicyText> load_policy_file(const std::string& file, Diagnostics& diagnostics) {
  const auto source = read_source(file, YamlLimits{}.bytes);
  if (!source) {
    diagnostics.add(source.error());
    return source.error();
  }
  return decode_policy(*source, diagnostics);
}

}  // namespace

bool is_policy_file(std::string_view text) {
  return text.ends_with(".yaml") || text.ends_with(".yml");
}

PolicyText split_policy(std::string_view text, const Place& place) {
  PolicyText policy;
  policy.text = std::string(text);
  policy.place = place;
  // A text that is quoted or folded does not stand in the file as it is: only the whole is marked.
  const bool verbatim = static_cast<std::size_t>(place.width) == character_count(text);
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find('+', begin), text.size());
    PolicyComponent component{{}, std::string(text.substr(begin, end - begin)), place};
    if (verbatim) {
      component.place.column += static_cast<int>(character_count(text.substr(0, begin)));
      component.place.width = static_cast<int>(character_count(component.text));
    }
    policy.components.push_back(std::move(component));
    begin = end + 1;
  }
  return policy;
}

core::Result<PolicyText> decode_policy(const SourcePtr& source, Diagnostics& diagnostics) {
  const std::size_t errors_before = diagnostics.count();
  const auto document = parse_yaml(source, diagnostics);
  if (!document) return diagnostics.first_error();
  const Cursor root(*document, diagnostics);
  PolicyText policy;
  policy.place = root.place();
  MappingReader(policy).read(root, true);
  if (diagnostics.count() != errors_before) return diagnostics.first_error();
  return policy;
}

core::Result<PolicyText> load_policy(const std::string& text_or_file, Diagnostics& diagnostics) {
  if (is_policy_file(text_or_file)) return load_policy_file(text_or_file, diagnostics);
  return split_policy(text_or_file, Place{});
}

void check_policy(const PolicyText& policy, const PolicyCheck& check, Diagnostics& diagnostics) {
  const std::size_t errors_before = diagnostics.count();
  for (const PolicyComponent& component : policy.components) {
    if (const auto status = check(component); !status) {
      diagnostics.add(component.place, status.error());
    }
  }
  if (diagnostics.count() != errors_before) return;
  if (const auto status = check({{}, policy.text, policy.place}); !status) {
    diagnostics.add(policy.place, status.error());
  }
}

Codec<PolicyText> policy_codec() {
  Codec<PolicyText> codec;
  codec.shape.kind = ShapeKind::one_of;
  codec.shape.expected = std::string(expected_policy);
  codec.shape.parts = {text_shape(expected_policy), mapping_shape()};
  codec.decode = [](const Cursor& at, PolicyText& out) {
    out = PolicyText{};
    out.place = at.place();
    if (at.node().kind == YamlKind::mapping) {
      MappingReader(out).read(at, false);
    } else if (const std::string* text = scalar_text(at, expected_policy)) {
      if (is_policy_file(*text)) {
        out.file = *text;
      } else {
        out = split_policy(*text, at.place());
      }
    }
  };
  codec.print = [](const PolicyText& policy) { return policy.text; };
  return codec;
}

std::string policy_json_schema() {
  Shape shape = mapping_shape();
  shape.fields.push_back({"name", "what the policy is called", {}, false, text_shape("text")});
  shape.fields.push_back({"description", "what it is for", {}, false, text_shape("text")});
  Shape provenance = text_shape("");
  Shape mapping;
  mapping.kind = ShapeKind::mapping;
  mapping.open = true;
  mapping.parts = {text_shape("")};
  provenance.kind = ShapeKind::one_of;
  provenance.parts = {text_shape(""), mapping};
  shape.fields.push_back({"provenance", "where the parameters come from", {}, false, provenance});
  return json_schema(shape, "nexapod policy");
}

}  // namespace nexa::io
