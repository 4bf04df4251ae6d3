#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "io/attest/dsse.hpp"
#include "validator/job_log.hpp"

// What nodes and the coordinator state under their signatures, as statements of in-toto.
// Sources: github.com/in-toto/attestation, spec/v1/statement.md and spec/predicates/svr.md;
// slsa.dev/spec/v1.0/provenance.

namespace nexa::io {

/// The payload type of the envelopes.
inline constexpr std::string_view statement_payload_type = "application/vnd.in-toto+json";

/// A file that a job has made.
struct OutputFile {
  std::string name;  ///< path below the job's folder, with '/' between its parts
  core::Digest sha256;
  friend auto operator<=>(const OutputFile&, const OutputFile&) = default;
};

/// Something that a job was made from: an input file, a container image, a library.
struct Material {
  std::string name;
  std::string uri;  ///< may be empty
  core::Digest sha256;
  friend bool operator==(const Material&, const Material&) = default;
};

/// What a replica has used.
struct Usage {
  std::uint64_t wall_us = 0;
  std::uint64_t core_us = 0;  ///< processor time of all cores
  std::uint64_t gpu_us = 0;
  std::uint64_t memory_peak_kib = 0;
  friend bool operator==(const Usage&, const Usage&) = default;
};

/// One execution of a job: `job.replica.attempt`.
struct Invocation {
  std::string job;
  std::uint32_t replica = 0;
  std::uint32_t attempt = 0;
  friend auto operator<=>(const Invocation&, const Invocation&) = default;
};
std::string to_text(const Invocation& invocation);
/// Nothing for a text that `to_text` would not write. The job's id may contain points.
std::optional<Invocation> parse_invocation(std::string_view text);

/// Ties a result to what was asked for, so that an old attestation cannot be used again.
struct JobBinding {
  core::Digest contract;   ///< digest of the job contract
  std::string nonce;       ///< chosen by the coordinator for this attempt
  std::string comparator;  ///< `exact`, `ulp:4` …
  friend bool operator==(const JobBinding&, const JobBinding&) = default;
};

/// A node's statement of what it ran and made: SLSA provenance, one subject per output file.
struct ResultAttestation {
  std::vector<OutputFile> outputs;
  std::string build_type;  ///< URI of the kind of job, `…/job/v1`
  Invocation invocation;
  std::optional<JobBinding> binding;
  std::vector<Material> materials;
  std::string node;  ///< URI of the node's identity
  std::optional<core::Time> started;
  std::optional<core::Time> finished;
  std::optional<validator::JobLogSummary> log;
  std::optional<Usage> usage;
  friend bool operator==(const ResultAttestation&, const ResultAttestation&) = default;
};

/// The coordinator's verdict on a job: a Simple Verification Result, whose subjects are the files
/// of the canonical result.
struct JobVerdict {
  std::vector<OutputFile> outputs;
  std::string verifier;  ///< URI of the coordinator's identity
  core::Time time;
  core::Digest policy;                  ///< digest of the validator's configuration
  std::vector<std::string> properties;  ///< `NEXA_QUORUM_2OF3`, `NEXA_DISTINCT_OWNER` …
  std::string job;
  core::Digest contract;
  Invocation canonical;
  std::vector<Invocation> valid;    ///< those that agree, the canonical one included
  std::vector<Invocation> invalid;  ///< those that do not
  friend bool operator==(const JobVerdict&, const JobVerdict&) = default;
};

/// A statement of a kind that nexapod does not know.
struct OtherStatement {
  std::string predicate_type;
};

using Statement = std::variant<ResultAttestation, JobVerdict, OtherStatement>;

/// The statement as JSON without line breaks: the same bytes for the same statement.
std::string to_json(const ResultAttestation& attestation);
std::string to_json(const JobVerdict& verdict);

/// Reads a statement from the bytes that were signed. Members that are not known are ignored, as
/// in-toto demands; what is known must be complete and consistent: names of files are relative and
/// different, and the invocation and the job's parameters name the same execution. Errors:
/// `corrupt`, `limit_exceeded`, `unsupported` for a payload of another type.
core::Result<Statement> parse_statement(const VerifiedPayload& payload, const std::string& what);

/// The same for bytes that nobody has signed: for showing and testing, never for deciding.
core::Result<Statement> parse_unverified_statement(std::string_view json, const std::string& what);

/// `2 of 3` in `NEXA_QUORUM_2OF3`: how many results of how many had to agree.
struct Quorum {
  std::uint32_t agreeing = 0;
  std::uint32_t of = 0;
};
std::string quorum_property(const Quorum& quorum);
/// Nothing for another property.
std::optional<Quorum> parse_quorum_property(std::string_view property);

}  // namespace nexa::io
