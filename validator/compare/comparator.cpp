#include "validator/compare/comparator.hpp"

#include <array>
#include <charconv>

#include "core/assert.hpp"
#include "core/suggest.hpp"
#include "validator/compare/path_pattern.hpp"

namespace nexa::validator::compare {

namespace {

using core::Result;

/// Parameters of whatever kind; those of `hdf5` lie in its first rule.
template <class Kind>
const auto& table_of(const Kind& kind) {
  if constexpr (std::is_same_v<Kind, Hdf5Parameters>) {
    return kind.everywhere;
  } else {
    return kind;
  }
}

template <class Kind>
ComparatorInfo info_of(std::string_view name, std::string_view doc, std::string_view example) {
  using Table = std::remove_cvref_t<decltype(table_of(Kind{}))>;
  return {.name = name,
          .version = 1,
          .doc = doc,
          .fields = describe_fields<Table>(),
          .has_rules = std::is_same_v<Kind, Hdf5Parameters>,
          .example = example};
}

/// Rules start at a plus before a slash, which no number contains.
constexpr std::string_view rule_mark = "+/";

std::string joined(const std::vector<FieldText>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) text += (text.empty() ? "" : ",") + name + '=' + value;
  return text;
}

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string escaped(std::string_view pattern) {
  std::string text;
  for (const char c : pattern) {
    const auto code = static_cast<unsigned char>(c);
    if (code > ' ' && code < 127 && std::string_view("%:+,=").find(c) == std::string_view::npos) {
      text += c;
    } else {
      text += {'%', hex_digits[code / 16U], hex_digits[code % 16U]};
    }
  }
  return text;
}

Result<std::string> unescaped(std::string_view text) {
  std::string pattern;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      pattern += text[i];
      continue;
    }
    unsigned code = 0;
    const char* const begin = text.data() + i + 1;
    const char* const end = begin + std::min<std::size_t>(2, text.size() - i - 1);
    const auto [stop, status] = std::from_chars(begin, end, code, 16);
    if (status != std::errc{} || stop != begin + 2) {
      return invalid("the pattern '" + std::string(text) + "' has a '%' without two digits",
                     "write %25 for a percent sign");
    }
    pattern += static_cast<char>(code);
    i += 2;
  }
  return pattern;
}

Result<DatasetRule> parse_rule(std::string_view text, const DatasetParameters& everywhere) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return invalid("the rule '" + std::string(text) + "' changes no parameter",
                   "write it as +/PATTERN:name=value");
  }
  const std::string owner = "the rule '" + std::string(text.substr(0, colon)) + "'";
  Result<std::string> pattern = unescaped(text.substr(0, colon));
  if (!pattern) return pattern.error();
  const auto fields = split_fields(text.substr(colon + 1), owner);
  if (!fields) return fields.error();
  DatasetRule rule{.pattern = std::move(*pattern), .parameters = everywhere};
  if (auto status = set_fields(rule.parameters, owner, *fields); !status) return status.error();
  return rule;
}

Result<void> parse_rules(std::string_view text, Hdf5Parameters& parameters) {
  while (!text.empty()) {
    text.remove_prefix(1);  // the plus
    const std::size_t end = text.find(rule_mark);
    auto rule = parse_rule(text.substr(0, end), parameters.everywhere);
    if (!rule) return rule.error();
    parameters.rules.push_back(std::move(*rule));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  }
  return {};
}

Result<void> check(const ScriptParameters& script) {
  if (!script.path.empty()) return {};
  return invalid("comparator 'script' does not say which program",
                 "add path=FILE, such as script:path=checker.sh");
}

Result<void> check(const EnsembleParameters& ensemble) {
  if (ensemble.summary.empty()) {
    return invalid("comparator 'ensemble' has no summary of trusted runs",
                   "add summary=FILE, which 'nexa result ensemble' writes");
  }
  if (ensemble.fail_pcs > ensemble.pcs) {
    return invalid("'fail_pcs' is " + std::to_string(ensemble.fail_pcs) + ", more than 'pcs', " +
                       std::to_string(ensemble.pcs) + ", so that nothing could fail",
                   "at most as many components can fail as are looked at");
  }
  return {};
}

template <class Kind>
Result<void> check(const Kind&) {
  return {};
}

template <class Kind>
Result<Comparator> parse_kind(std::string_view name, std::string_view rest) {
  const std::string owner = "comparator '" + std::string(name) + "'";
  Kind kind;
  std::size_t end = std::string_view::npos;
  if constexpr (std::is_same_v<Kind, Hdf5Parameters>) {
    end = rest.find(rule_mark);
  } else if (rest.starts_with(rule_mark)) {
    return invalid(owner + " takes no rules for parts of a result", "comparator 'hdf5' does");
  }
  std::string_view head = rest.substr(0, end);
  const std::string_view rules = end == std::string_view::npos ? "" : rest.substr(end);
  if (head.starts_with(':')) head.remove_prefix(1);
  const auto fields = split_fields(head, owner);
  if (!fields) return fields.error();
  Result<void> status;
  if constexpr (std::is_same_v<Kind, Hdf5Parameters>) {
    status = set_fields(kind.everywhere, owner, *fields);
    if (status) status = parse_rules(rules, kind);
  } else {
    status = set_fields(kind, owner, *fields);
  }
  if (status) status = check(kind);
  if (!status) return status.error();
  return Comparator(std::move(kind));
}

template <std::size_t... Index>
Result<Comparator> parse_as(std::size_t kind, std::string_view name, std::string_view rest,
                            std::index_sequence<Index...>) {
  using Parse = Result<Comparator> (*)(std::string_view, std::string_view);
  static constexpr std::array<Parse, sizeof...(Index)> parsers{
      &parse_kind<std::variant_alternative_t<Index, Comparator>>...};
  return parsers[kind](name, rest);
}

void append_u32(std::string& bytes, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xffU);
}

void append_text(std::string& bytes, std::string_view text) {
  append_u32(bytes, text.size());
  bytes += text;
}

/// All parameters as text; with `files`, those that name a file too.
std::string parameters_text(const Comparator& comparator, bool files) {
  std::vector<FieldText> texts =
      std::visit([](const auto& kind) { return field_texts(table_of(kind)); }, comparator);
  const std::vector<FieldInfo> infos = all_comparators()[comparator.index()].fields;
  NEXA_ASSERT(infos.size() == texts.size(), "texts and descriptions come from one table");
  std::vector<FieldText> kept;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (files || infos[i].kind != FieldKind::file) kept.push_back(std::move(texts[i]));
  }
  std::string text = joined(kept);
  if (const auto* hdf5 = std::get_if<Hdf5Parameters>(&comparator)) {
    for (const DatasetRule& rule : hdf5->rules) {
      text += '+' + escaped(rule.pattern) + ':' + joined(field_texts(rule.parameters));
    }
  }
  return text;
}

}  // namespace

const DatasetParameters& Hdf5Parameters::at(std::string_view path, std::size_t* rule) const {
  std::size_t found = rules.size();
  for (std::size_t i = rules.size(); i > 0 && found == rules.size(); --i) {
    if (matches_path(path, rules[i - 1].pattern)) found = i - 1;
  }
  if (rule != nullptr) *rule = found;
  return found == rules.size() ? everywhere : rules[found].parameters;
}

std::vector<ComparatorInfo> all_comparators() {
  return {
      info_of<ExactParameters>("exact", "byte for byte", "exact"),
      info_of<UlpParameters>("ulp", "numbers a few representable numbers apart",
                             "ulp:ulps=8,format=f64"),
      info_of<AbsRelParameters>("absrel", "numbers an amount or a share apart",
                                "absrel:rtol=1e-6,atol=1e-12"),
      info_of<Hdf5Parameters>("hdf5", "HDF5 files: names, types and shapes exactly, numbers apart",
                              "hdf5:rtol=1e-6+/log/**:check=presence"),
      info_of<ScriptParameters>("script", "a program of yours, run in a sandbox",
                                "script:path=checker.sh,wall=10"),
      info_of<EnsembleParameters>("ensemble", "runs as alike as trusted runs are to each other",
                                  "ensemble:summary=trusted.json")};
}

Result<Comparator> parse_comparator(std::string_view text) {
  const std::string_view name = text.substr(0, text.find_first_of(":+"));
  const std::vector<ComparatorInfo> known = all_comparators();
  std::vector<std::string_view> names;
  for (std::size_t kind = 0; kind < known.size(); ++kind) {
    names.push_back(known[kind].name);
    if (name != known[kind].name) continue;
    return parse_as(kind, name, text.substr(name.size()),
                    std::make_index_sequence<std::variant_size_v<Comparator>>{});
  }
  return invalid("unknown comparator '" + std::string(name) + "'", core::suggestion(name, names));
}

std::string to_text(const Comparator& comparator) {
  const std::string parameters = parameters_text(comparator, true);
  const std::string name(all_comparators()[comparator.index()].name);
  return parameters.empty() ? name : name + ':' + parameters;
}

ComparatorIdentity identify(const Comparator& comparator, core::Sha256 sha256,
                            const std::optional<core::Digest>& file) {
  const bool uses_file = std::holds_alternative<ScriptParameters>(comparator) ||
                         std::holds_alternative<EnsembleParameters>(comparator);
  NEXA_ASSERT(uses_file == file.has_value(), "the digest of the comparator's own file is needed");
  const ComparatorInfo info = all_comparators()[comparator.index()];
  ComparatorIdentity identity{.name = std::string(info.name),
                              .version = info.version,
                              .parameters = parameters_text(comparator, false),
                              .digest = {}};
  std::string bytes("nexapod/comparator/v1");
  bytes += '\0';
  append_text(bytes, identity.name);
  append_u32(bytes, identity.version);
  append_text(bytes, identity.parameters);
  append_u32(bytes, file ? file->bytes.size() : 0);
  if (file) bytes.append(file->bytes.begin(), file->bytes.end());
  identity.digest = core::hash(sha256, {core::bytes_of(bytes)});
  return identity;
}

}  // namespace nexa::validator::compare
