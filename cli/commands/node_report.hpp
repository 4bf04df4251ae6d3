#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tier/catalog.hpp"
#include "tier/classify.hpp"
#include "tier/profile.hpp"

namespace nexa::cli {

/// A measured node with its verdict.
struct NodeReport {
  std::string source;  ///< `this machine`, or the file that it was read from
  tier::Catalog catalog;
  tier::Profile profile;
  tier::Classification classification;
};

/// The document `nexa.node_profile/1`.
nlohmann::ordered_json to_json(const NodeReport& report);

/// A document as it is printed. Bytes that are not UTF-8, which names of hosts and files may hold,
/// are replaced.
std::string json_text(const nlohmann::ordered_json& document);

/// Aligned lines of at most 100 columns where the names allow it; the last ones say the tier and
/// why it is not a higher one.
std::string to_text(const NodeReport& report);

}  // namespace nexa::cli
