#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "io/attest/statement.hpp"
#include "io/attest/statement_names.hpp"
#include "io/base64.hpp"
#include "io/hex.hpp"
#include "io/json_fields.hpp"
#include "io/rfc3339.hpp"
#include "io/strict_json.hpp"

namespace nexa::io {
namespace {

using core::Digest;
using core::Result;
using Json = nlohmann::ordered_json;

constexpr JsonLimits limits{.depth = 16, .values = 100'000};

std::string item_path(const JsonFields& fields, std::string_view name, std::size_t i) {
  return (fields.path().empty() ? "" : fields.path() + '.') + std::string(name) + '[' +
         std::to_string(i) + ']';
}

/// Text that `is_good` accepts.
std::string checked_text(JsonFields& fields, std::string_view name,
                         bool (*is_good)(std::string_view), std::string_view expected) {
  std::string text = fields.text(name);
  if (!is_good(text)) fields.fail(name, expected);
  return text;
}

std::string short_text(JsonFields& fields, std::string_view name) {
  return checked_text(fields, name, is_short_text,
                      "a text of 1 to 1024 bytes without control characters");
}

/// The member `sha256` of a set of digests; those of other algorithms are passed over.
Digest sha256_of(JsonFields& fields, std::string_view name) {
  JsonFields set = fields.object(name);
  const std::string text = set.text("sha256");
  const auto digest = digest_of_hex(text);
  if (!digest) set.fail("sha256", "64 hexadecimal digits");
  fields.adopt(set);
  return digest.value_or(Digest{});
}

core::Time time_of(JsonFields& fields, std::string_view name) {
  const auto time = parse_utc(fields.text(name));
  if (!time) fields.fail(name, "a time like 2023-11-14T22:13:20Z");
  return time.value_or(core::Time{});
}

Invocation invocation_of(JsonFields& fields, std::string_view name) {
  auto invocation = parse_invocation(fields.text(name));
  if (!invocation) fields.fail(name, "of the form JOB.REPLICA.ATTEMPT");
  return std::move(invocation).value_or(Invocation{});
}

std::vector<Invocation> invocations_of(JsonFields& fields, std::string_view name) {
  std::vector<Invocation> list;
  for (const Json& item : fields.array(name)) {
    auto invocation = item.is_string() ? parse_invocation(item.get<std::string>()) : std::nullopt;
    if (!invocation) {
      fields.fail(name, "a list of texts of the form JOB.REPLICA.ATTEMPT");
      break;
    }
    list.push_back(*std::move(invocation));
  }
  return list;
}

std::vector<OutputFile> outputs_of(JsonFields& fields) {
  std::vector<OutputFile> outputs;
  std::set<std::string> names;
  const Json& list = fields.array("subject");
  for (std::size_t i = 0; !fields.error() && i < list.size(); ++i) {
    JsonFields entry(list[i], fields.file(), item_path(fields, "subject", i));
    OutputFile output;
    output.name = checked_text(entry, "name", is_relative_path, "a relative path");
    output.sha256 = sha256_of(entry, "digest");
    if (!names.insert(output.name).second) entry.fail("name", "different from those before");
    fields.adopt(entry);
    outputs.push_back(std::move(output));
  }
  if (outputs.empty()) fields.fail("subject", "a list of at least one file");
  return outputs;
}

std::vector<Material> materials_of(JsonFields& fields) {
  std::vector<Material> materials;
  const std::string_view name = "resolvedDependencies";
  if (!fields.has(name)) return materials;
  const Json& list = fields.array(name);
  for (std::size_t i = 0; !fields.error() && i < list.size(); ++i) {
    JsonFields entry(list[i], fields.file(), item_path(fields, name, i));
    Material material;
    material.name = short_text(entry, "name");
    if (entry.has("uri")) material.uri = short_text(entry, "uri");
    material.sha256 = sha256_of(entry, "digest");
    fields.adopt(entry);
    materials.push_back(std::move(material));
  }
  return materials;
}

JobBinding binding_of(JsonFields& parameters, const Invocation& invocation) {
  JobBinding binding;
  if (parameters.text("attempt") != std::to_string(invocation.attempt)) {
    parameters.fail("attempt", "that of the invocation, " + to_text(invocation));
  }
  binding.contract = sha256_of(parameters, "contract");
  binding.nonce = short_text(parameters, "nonce");
  binding.comparator = short_text(parameters, "comparator");
  return binding;
}

/// Either all that ties the result to its job is there, or nothing of it.
void read_build_definition(JsonFields fields, ResultAttestation& attestation, JsonFields& parent) {
  attestation.build_type = short_text(fields, "buildType");
  JsonFields parameters = fields.object("externalParameters");
  if (parameters.text("job") != attestation.invocation.job) {
    parameters.fail("job", "that of the invocation, " + to_text(attestation.invocation));
  }
  if (parameters.text("replica") != std::to_string(attestation.invocation.replica)) {
    parameters.fail("replica", "that of the invocation, " + to_text(attestation.invocation));
  }
  if (parameters.has("attempt") || parameters.has("contract") || parameters.has("nonce") ||
      parameters.has("comparator")) {
    attestation.binding = binding_of(parameters, attestation.invocation);
  }
  fields.adopt(parameters);
  attestation.materials = materials_of(fields);
  parent.adopt(fields);
}

void read_log(JsonFields& entry, ResultAttestation& attestation) {
  validator::JobLogSummary log;
  JsonFields digests = entry.object("digest");
  const auto mac = digest_of_hex(digests.text(log_digest));
  if (!mac) digests.fail(log_digest, "64 hexadecimal digits");
  log.mac = mac.value_or(Digest{});
  JsonFields annotations = entry.object("annotations");
  log.count = annotations.number("entries");
  entry.adopt(digests);
  entry.adopt(annotations);
  attestation.log = log;
}

void read_usage(JsonFields& entry, ResultAttestation& attestation) {
  const auto content = from_base64(entry.text("content"));
  if (!content) return entry.fail("content", "base64");
  const std::string text(content->begin(), content->end());
  const Result<Json> document = parse_strict_json(text, entry.file(), limits);
  if (!document) return entry.fail("content", "JSON");
  JsonFields fields(*document, entry.file(), entry.path() + ".content");
  attestation.usage = Usage{.wall_us = fields.number("wall_us"),
                            .core_us = fields.number("core_us"),
                            .gpu_us = fields.number("gpu_us"),
                            .memory_peak_kib = fields.number("memory_peak_kib")};
  entry.adopt(fields);
}

void read_byproducts(JsonFields& fields, ResultAttestation& attestation) {
  if (!fields.has("byproducts")) return;
  const Json& list = fields.array("byproducts");
  for (std::size_t i = 0; !fields.error() && i < list.size(); ++i) {
    JsonFields entry(list[i], fields.file(), item_path(fields, "byproducts", i));
    const std::string name = entry.has("name") ? entry.text("name") : "";
    if (name == log_name && !attestation.log) {
      read_log(entry, attestation);
    } else if (name == usage_name && !attestation.usage) {
      read_usage(entry, attestation);
    } else if (name == log_name || name == usage_name) {
      entry.fail("name", "different from those before");
    }
    fields.adopt(entry);
  }
}

ResultAttestation read_attestation(JsonFields& statement) {
  ResultAttestation attestation;
  attestation.outputs = outputs_of(statement);
  JsonFields predicate = statement.object("predicate");
  JsonFields details = predicate.object("runDetails");
  JsonFields builder = details.object("builder");
  attestation.node = short_text(builder, "id");
  details.adopt(builder);
  JsonFields metadata = details.object("metadata");
  attestation.invocation = invocation_of(metadata, "invocationId");
  if (metadata.has("startedOn")) attestation.started = time_of(metadata, "startedOn");
  if (metadata.has("finishedOn")) attestation.finished = time_of(metadata, "finishedOn");
  details.adopt(metadata);
  read_byproducts(details, attestation);
  predicate.adopt(details);
  if (!predicate.error()) {
    read_build_definition(predicate.object("buildDefinition"), attestation, predicate);
  }
  statement.adopt(predicate);
  return attestation;
}

Digest policy_of(JsonFields& verifier) {
  const Json& list = verifier.array("policies");
  if (list.size() != 1) {
    verifier.fail("policies", "a list of one policy, the validator's configuration");
    return {};
  }
  JsonFields policy(list[0], verifier.file(), item_path(verifier, "policies", 0));
  const Digest digest = sha256_of(policy, "digest");
  verifier.adopt(policy);
  return digest;
}

std::vector<std::string> properties_of(JsonFields& fields) {
  std::vector<std::string> properties;
  for (const Json& item : fields.array("properties")) {
    if (!item.is_string() || !is_short_text(item.get_ref<const std::string&>())) {
      fields.fail("properties", "a list of short texts");
      break;
    }
    properties.push_back(item.get<std::string>());
  }
  return properties;
}

/// Each replica is on one side, belongs to the job, and the canonical one is valid.
void check_sides(JsonFields& fields, const JobVerdict& verdict) {
  std::set<std::pair<std::string, std::uint32_t>> seen;
  for (const auto* side : {&verdict.valid, &verdict.invalid}) {
    const std::string_view name = side == &verdict.valid ? "valid" : "invalid";
    for (const Invocation& each : *side) {
      if (each.job != verdict.job) fields.fail(name, "a list of replicas of this job");
      if (!seen.emplace(each.job, each.replica).second) {
        fields.fail(name, "a list in which each replica stands once");
      }
    }
  }
  if (std::find(verdict.valid.begin(), verdict.valid.end(), verdict.canonical) ==
      verdict.valid.end()) {
    fields.fail("canonical", "one of the valid replicas");
  }
}

JobVerdict read_verdict(JsonFields& statement) {
  JobVerdict verdict;
  verdict.outputs = outputs_of(statement);
  JsonFields predicate = statement.object("predicate");
  JsonFields verifier = predicate.object("verifier");
  verdict.verifier = short_text(verifier, "id");
  verdict.policy = policy_of(verifier);
  predicate.adopt(verifier);
  verdict.time = time_of(predicate, "timeCreated");
  verdict.properties = properties_of(predicate);
  JsonFields job = predicate.object(job_extension);
  verdict.job = checked_text(job, "id", is_job_id, "the id of a job");
  verdict.contract = sha256_of(job, "contract");
  verdict.canonical = invocation_of(job, "canonical");
  verdict.valid = invocations_of(job, "valid");
  verdict.invalid = invocations_of(job, "invalid");
  check_sides(job, verdict);
  predicate.adopt(job);
  statement.adopt(predicate);
  return verdict;
}

Result<Statement> read_statement(const Json& document, const std::string& what) {
  JsonFields fields(document, what, "");
  if (fields.text("_type") != statement_type) {
    fields.fail("_type", "'" + std::string(statement_type) + "'");
  }
  const std::string type = short_text(fields, "predicateType");
  Statement statement = OtherStatement{type};
  if (type == provenance_type) {
    statement = read_attestation(fields);
  } else if (type == verdict_type) {
    statement = read_verdict(fields);
  }
  if (fields.error()) return *fields.error();
  return statement;
}

}  // namespace

Result<Statement> parse_unverified_statement(std::string_view json, const std::string& what) {
  const Result<Json> document = parse_strict_json(json, what, limits);
  if (!document) return document.error();
  return read_statement(*document, what);
}

Result<Statement> parse_statement(const VerifiedPayload& payload, const std::string& what) {
  if (payload.type() != statement_payload_type) {
    return core::Error{.code = core::ErrorCode::unsupported,
                       .message = "a payload of type '" + payload.type() + "'",
                       .hint = "expected " + std::string(statement_payload_type),
                       .where = {.file = what, .line = 0, .column = 0}};
  }
  return parse_unverified_statement(payload.bytes(), what);
}

}  // namespace nexa::io
