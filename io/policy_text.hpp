#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "io/yaml/codec.hpp"
#include "io/yaml/diagnostics.hpp"

namespace nexa::io {

/// One component of a policy text, `easy:order=saf`.
struct PolicyComponent {
  std::string slot;  ///< `order`, `filter`, `score` or `backfill`; empty where the text named none
  std::string text;
  Place place;
};

/// A choice of policies in the text form of the command line, `sjf+easy:order=saf`, with the places
/// of its parts for error messages. Names and parameters are not checked here, since the scheduler
/// knows them.
struct PolicyText {
  std::string text;
  Place place;
  std::vector<PolicyComponent> components;
  /// A policy file that is still to be read; then there are no text and components yet.
  std::string file;
};

/// A policy as typed on the command line: the text form, or the name of a policy YAML.
core::Result<PolicyText> load_policy(const std::string& text_or_file, Diagnostics& diagnostics);

/// Decodes a policy file that is already in memory: a mapping from extension points to policies,
/// with optional `name`, `description` and `provenance`.
core::Result<PolicyText> decode_policy(const SourcePtr& source, Diagnostics& diagnostics);

/// Splits the text form at its `+`. `place` is where the text stands.
PolicyText split_policy(std::string_view text, const Place& place);

/// True for text that names a policy file.
bool is_policy_file(std::string_view text);

/// Says whether a component, or with an empty slot a whole policy text, is valid.
using PolicyCheck = std::function<core::Result<void>(const PolicyComponent&)>;

/// Reports what `check` says about the components, each at its place, and if they are all valid,
/// about the whole.
void check_policy(const PolicyText& policy, const PolicyCheck& check, Diagnostics& diagnostics);

/// A policy inside another file: the text form, the name of a policy file, or a mapping.
Codec<PolicyText> policy_codec();

/// JSON Schema of a policy file.
std::string policy_json_schema();

}  // namespace nexa::io
