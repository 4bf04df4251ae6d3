#include "io/attest/statement.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "io/attest/statement_names.hpp"
#include "io/base64.hpp"
#include "io/rfc3339.hpp"

namespace nexa::io {
namespace {

using Json = nlohmann::ordered_json;

Json digest_set(const core::Digest& digest) {
  return Json{{"sha256", to_hex(digest)}};
}

Json subjects(const std::vector<OutputFile>& outputs) {
  Json list = Json::array();
  for (const OutputFile& output : outputs) {
    list.push_back(Json{{"name", output.name}, {"digest", digest_set(output.sha256)}});
  }
  return list;
}

Json statement(const std::vector<OutputFile>& outputs, std::string_view predicate_type,
               Json predicate) {
  return Json{{"_type", statement_type},
              {"subject", subjects(outputs)},
              {"predicateType", predicate_type},
              {"predicate", std::move(predicate)}};
}

Json external_parameters(const ResultAttestation& attestation) {
  const Invocation& invocation = attestation.invocation;
  Json parameters{{"job", invocation.job}, {"replica", std::to_string(invocation.replica)}};
  if (attestation.binding) {
    parameters["attempt"] = std::to_string(invocation.attempt);
    parameters["contract"] = digest_set(attestation.binding->contract);
    parameters["nonce"] = attestation.binding->nonce;
    parameters["comparator"] = attestation.binding->comparator;
  }
  return parameters;
}

Json dependencies(const std::vector<Material>& materials) {
  Json list = Json::array();
  for (const Material& material : materials) {
    Json entry{{"name", material.name}};
    if (!material.uri.empty()) entry["uri"] = material.uri;
    entry["digest"] = digest_set(material.sha256);
    list.push_back(std::move(entry));
  }
  return list;
}

Json byproducts(const ResultAttestation& attestation) {
  Json list = Json::array();
  if (const auto& log = attestation.log) {
    list.push_back(Json{{"name", log_name},
                        {"digest", Json{{log_digest, to_hex(log->mac)}}},
                        {"annotations", Json{{"entries", log->count}}}});
  }
  if (const auto& usage = attestation.usage) {
    const std::string content = Json{
        {"wall_us", usage->wall_us},
        {"core_us", usage->core_us},
        {"gpu_us", usage->gpu_us},
        {"memory_peak_kib",
         usage->memory_peak_kib}}.dump();
    list.push_back(Json{{"name", usage_name},
                        {"content", to_base64(core::bytes_of(content))},
                        {"mediaType", "application/json"}});
  }
  return list;
}

Json run_details(const ResultAttestation& attestation) {
  Json metadata{{"invocationId", to_text(attestation.invocation)}};
  if (attestation.started) metadata["startedOn"] = utc_text(*attestation.started);
  if (attestation.finished) metadata["finishedOn"] = utc_text(*attestation.finished);
  Json details{{"builder", Json{{"id", attestation.node}}}, {"metadata", std::move(metadata)}};
  if (Json list = byproducts(attestation); !list.empty()) details["byproducts"] = std::move(list);
  return details;
}

Json invocations(const std::vector<Invocation>& list) {
  Json texts = Json::array();
  for (const Invocation& invocation : list) texts.push_back(to_text(invocation));
  return texts;
}

/// Digits without leading zeros that fit 32 bits.
std::optional<std::uint32_t> plain_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

}  // namespace

std::string to_text(const Invocation& invocation) {
  return invocation.job + '.' + std::to_string(invocation.replica) + '.' +
         std::to_string(invocation.attempt);
}

std::optional<Invocation> parse_invocation(std::string_view text) {
  const std::size_t second = text.rfind('.');
  if (second == std::string_view::npos || second == 0) return std::nullopt;
  const std::size_t first = text.rfind('.', second - 1);
  if (first == std::string_view::npos) return std::nullopt;
  const auto replica = plain_number(text.substr(first + 1, second - first - 1));
  const auto attempt = plain_number(text.substr(second + 1));
  const std::string_view job = text.substr(0, first);
  if (!replica || !attempt || !is_job_id(job)) return std::nullopt;
  return Invocation{.job = std::string(job), .replica = *replica, .attempt = *attempt};
}

std::string to_json(const ResultAttestation& attestation) {
  Json predicate{
      {"buildDefinition", Json{{"buildType", attestation.build_type},
                               {"externalParameters", external_parameters(attestation)},
                               {"resolvedDependencies", dependencies(attestation.materials)}}},
      {"runDetails", run_details(attestation)}};
  return statement(attestation.outputs, provenance_type, std::move(predicate)).dump();
}

std::string to_json(const JobVerdict& verdict) {
  const Json policy{{"name", policy_name}, {"digest", digest_set(verdict.policy)}};
  Json predicate{{"verifier", Json{{"id", verdict.verifier}, {"policies", Json::array({policy})}}},
                 {"timeCreated", utc_text(verdict.time)},
                 {"properties", verdict.properties},
                 {job_extension, Json{{"id", verdict.job},
                                      {"contract", digest_set(verdict.contract)},
                                      {"canonical", to_text(verdict.canonical)},
                                      {"valid", invocations(verdict.valid)},
                                      {"invalid", invocations(verdict.invalid)}}}};
  return statement(verdict.outputs, verdict_type, std::move(predicate)).dump();
}

std::string quorum_property(const Quorum& quorum) {
  return std::string(quorum_prefix) + std::to_string(quorum.agreeing) + "OF" +
         std::to_string(quorum.of);
}

std::optional<Quorum> parse_quorum_property(std::string_view property) {
  if (!property.starts_with(quorum_prefix)) return std::nullopt;
  property.remove_prefix(quorum_prefix.size());
  const std::size_t middle = property.find("OF");
  if (middle == std::string_view::npos) return std::nullopt;
  const auto agreeing = plain_number(property.substr(0, middle));
  const auto of = plain_number(property.substr(middle + 2));
  if (!agreeing || !of) return std::nullopt;
  return Quorum{.agreeing = *agreeing, .of = *of};
}

}  // namespace nexa::io
