#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "core/sha256_port.hpp"
#include "validator/compare/parameters.hpp"

namespace nexa::validator::compare {

/// How two results are compared: one of the kinds with its parameters.
using Comparator = std::variant<ExactParameters, UlpParameters, AbsRelParameters, Hdf5Parameters,
                                ScriptParameters, EnsembleParameters>;

/// A kind of comparator, for lists and help.
struct ComparatorInfo {
  std::string_view name;
  /// Counts the changes of what the kind does. Results of two versions may differ.
  std::uint32_t version = 1;
  std::string_view doc;
  std::vector<FieldInfo> fields;
  bool has_rules = false;  ///< takes `+/PATTERN:name=value` after its parameters
  std::string_view example;
};

/// All kinds, in the order of the alternatives of `Comparator`.
std::vector<ComparatorInfo> all_comparators();

/// Reads the text form: `NAME`, or `NAME:name=value,name=value`. For `hdf5` rules may follow, which
/// change parameters for some datasets: `hdf5:rtol=1e-6+/u:atol=1e-9+/log/**:check=presence`. In a
/// pattern `%XX` stands for the character with that hexadecimal code. Errors: `invalid_argument`
/// with what is allowed.
core::Result<Comparator> parse_comparator(std::string_view text);

/// The text form with all parameters, which reads back as the same comparator.
std::string to_text(const Comparator& comparator);

/// What a contract says of its comparator; two with the same digest compare alike.
struct ComparatorIdentity {
  std::string name;
  std::uint32_t version = 1;
  std::string parameters;  ///< all of them in the order of the table, without names of files
  /// SHA-256 of `nexapod/comparator/v1` and a zero byte, then of name, version (32 bits, most
  /// significant byte first), parameters and the digest of the file that it uses, if any; texts
  /// and digest each behind their length in 32 bits.
  core::Digest digest;
};

/// `file` is the digest of the program of `script`, or of the summary of `ensemble`; those two
/// need one, others have none.
ComparatorIdentity identify(const Comparator& comparator, core::Sha256 sha256,
                            const std::optional<core::Digest>& file);

}  // namespace nexa::validator::compare
