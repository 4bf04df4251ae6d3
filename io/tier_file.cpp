#include "io/tier_file.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "io/yaml/table.hpp"

namespace nexa::io {
namespace {

constexpr std::size_t most_rules = 100;
constexpr std::size_t most_tier_entries = 1000;
constexpr std::int64_t largest_figure = 1'000'000'000;
constexpr std::uint64_t largest_memory_kib = std::uint64_t{1} << 40;  ///< 1 PiB

/// What the file may leave out stays empty here.
struct CatalogFields {
  std::vector<tier::Tier> tiers;
  std::optional<std::vector<tier::Capability>> capabilities;
  std::optional<tier::GpuModels> gpu_models;
};

Codec<std::int64_t> figure_codec(tier::FigureUnit unit) {
  if (unit == tier::FigureUnit::kib) return as<std::int64_t>(memory_kib({1, largest_memory_kib}));
  return integer({1, largest_figure});
}

/// `{physical_cores: 32, memory: 60 GiB}`: a mapping with one key per figure.
Codec<std::vector<tier::Condition>> conditions_codec() {
  Codec<std::vector<tier::Condition>> codec;
  codec.shape.kind = ShapeKind::mapping;
  codec.shape.expected = "a mapping of figures to the least values that hold";
  std::vector<std::string_view> known;
  for (const tier::FigureInfo& figure : tier::all_figures()) {
    codec.shape.fields.push_back({std::string(figure.key),
                                  std::string(figure.doc),
                                  {},
                                  false,
                                  figure_codec(figure.unit).shape});
    known.push_back(figure.key);
  }
  codec.decode = [expected = codec.shape.expected, known](const Cursor& at,
                                                          std::vector<tier::Condition>& out) {
    if (at.node().kind != YamlKind::mapping) {
      at.mismatch(expected);
      return;
    }
    for (const YamlEntry& entry : at.node().entries) {
      const auto figure = tier::figure_from_key(entry.key);
      if (!figure) {
        at.unknown_key(entry, known);
        continue;
      }
      tier::Condition condition{*figure, 1};
      figure_codec(tier::info(*figure).unit).decode(at.entry(entry), condition.at_least);
      out.push_back(condition);
    }
  };
  return codec;
}

Table<tier::Rule> file_rule_table() {
  Table<tier::Rule> table("a mapping that describes a rule");
  table
      .required("name", &tier::Rule::name, text("a short phrase"),
                "what the rule recognises; `nexa node profile` shows it")
      .required("all_of", &tier::Rule::all_of, conditions_codec(), "conditions that all must hold");
  return table;
}

Codec<std::vector<tier::Rule>> rules_codec() {
  return list_of(file_rule_table().codec(), "a list of rules", {1, most_rules});
}

Table<tier::Tier> tier_table() {
  Table<tier::Tier> table("a mapping that describes a tier");
  table.required("name", &tier::Tier::name, name(), "what jobs and platforms call the tier")
      .required("doc", &tier::Tier::doc, text("a sentence"), "what nodes of the tier are like")
      .optional("min_benchmark", &tier::Tier::min_benchmark, integer({1, largest_figure}),
                "per mille of the reference core's speed; slower nodes fall to a lower tier")
      .required("any_of", &tier::Tier::any_of, rules_codec(),
                "rules of which one must hold for a node to reach the tier");
  return table;
}

Table<tier::Capability> capability_table() {
  Table<tier::Capability> table("a mapping that describes a capability");
  table.required("name", &tier::Capability::name, name(), "what jobs ask for")
      .required("doc", &tier::Capability::doc, text("a sentence"), "what it means")
      .required("any_of", &tier::Capability::any_of, rules_codec(),
                "rules of which one must hold for a node to have the capability");
  return table;
}

Table<tier::GpuModels> gpu_models_table() {
  const auto patterns = [] {
    return list_of(text("words of a GPU's name"), "a list of GPU names", {0, most_tier_entries});
  };
  Table<tier::GpuModels> table("a mapping of GPU classes to lists of names");
  table
      .optional("datacenter", &tier::GpuModels::datacenter, patterns(),
                "GPUs made for data centres")
      .optional("display_only", &tier::GpuModels::display_only, patterns(),
                "chips that only drive a screen; not counted as GPUs")
      .optional("consumer", &tier::GpuModels::consumer, patterns(),
                "GPUs of workstations and gaming machines");
  return table;
}

Table<CatalogFields> catalog_table() {
  Table<CatalogFields> table("a mapping that describes a tier catalogue");
  table
      .required("tiers", &CatalogFields::tiers,
                list_of(tier_table().codec(), "a list of tiers", {1, core::max_tiers}),
                "the tiers, lowest first")
      .optional(
          "capabilities", &CatalogFields::capabilities,
          list_of(capability_table().codec(), "a list of capabilities", {0, most_tier_entries}),
          "what jobs may ask for by name, whatever the tier; the built-in ones if left out")
      .optional("gpu_models", &CatalogFields::gpu_models, gpu_models_table().codec(),
                "GPU models by words of their names; the built-in lists if left out");
  return table;
}

}  // namespace

core::Result<tier::Catalog> decode_tiers(const SourcePtr& source, Diagnostics& diagnostics) {
  const std::size_t errors_before = diagnostics.count();
  const auto document = parse_yaml(source, diagnostics);
  if (!document) return diagnostics.first_error();
  const Cursor root(*document, diagnostics);
  CatalogFields fields;
  static const Table<CatalogFields> table = catalog_table();  // dear to build
  table.decode(root, fields);
  // The rules of a catalogue make sense for one that could be read.
  if (diagnostics.count() != errors_before) return diagnostics.first_error();

  tier::Catalog catalog = tier::default_catalog();
  catalog.tiers = std::move(fields.tiers);
  if (fields.capabilities) catalog.capabilities = std::move(*fields.capabilities);
  if (fields.gpu_models) catalog.gpu_models = std::move(*fields.gpu_models);
  for (const tier::CatalogProblem& problem : tier::problems(catalog)) {
    diagnostics.add(place_at_pointer(root, problem.pointer), problem.message, problem.hint);
  }
  if (diagnostics.count() != errors_before) return diagnostics.first_error();
  return catalog;
}

core::Result<tier::Catalog> load_tiers(const std::string& file, Diagnostics& diagnostics) {
  const auto source = read_source(file, YamlLimits{}.bytes);
  if (!source) {
    diagnostics.add(source.error());
    return source.error();
  }
  return decode_tiers(*source, diagnostics);
}

std::vector<std::string> tier_names(const tier::Catalog& catalog) {
  std::vector<std::string> names;
  for (const tier::Tier& tier : catalog.tiers) names.push_back(tier.name);
  return names;
}

std::string tiers_json_schema() {
  return json_schema(catalog_table().shape(), "nexapod tier catalogue");
}

std::string tiers_reference() {
  return field_reference(catalog_table().shape(), "tiers");
}

}  // namespace nexa::io
