#pragma once

#include "io/yaml/document.hpp"

namespace nexa::io {

/// Looks at the bytes of a file before a YAML parser does: limits, encoding, control characters,
/// tabs as indentation. Time and memory are linear in the text whatever it holds. False if
/// something is wrong, which has then been reported.
bool prescan(const SourcePtr& source, const YamlLimits& limits, Diagnostics& diagnostics);

}  // namespace nexa::io
