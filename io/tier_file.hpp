#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "io/yaml/diagnostics.hpp"
#include "io/yaml/source.hpp"
#include "tier/catalog.hpp"

namespace nexa::io {

/// A tier catalogue such as `configs/tiers.yaml`. All errors go to `diagnostics`; the result
/// repeats the first. Capabilities and GPU models that the file leaves out are the built-in ones.
core::Result<tier::Catalog> load_tiers(const std::string& file, Diagnostics& diagnostics);

/// The same for text that is already in memory.
core::Result<tier::Catalog> decode_tiers(const SourcePtr& source, Diagnostics& diagnostics);

/// The names of the tiers, lowest first: by `core::TierId`.
std::vector<std::string> tier_names(const tier::Catalog& catalog);

/// JSON Schema of a tier catalogue.
std::string tiers_json_schema();

/// Reference page of a tier catalogue, in Markdown.
std::string tiers_reference();

}  // namespace nexa::io
