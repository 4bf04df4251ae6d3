#pragma once

#include <string>
#include <vector>

#include "io/attest/statement.hpp"
#include "io/note_key.hpp"
#include "io/sha256.hpp"
#include "tests/io/attest_vectors.hpp"

/// Job 42, as it is attested by numbered nodes and judged by the coordinator.
namespace nexa::io::testing {

/// A key of its own for each number.
inline SigningKey numbered_key(std::uint8_t number) {
  std::array<std::uint8_t, 32> seed{};
  seed[0] = number;
  return SigningKey::from_seed(seed);
}

/// The node that runs a replica has its number.
inline std::string node_name(std::uint8_t node) {
  return "nexapod.example/node/" + std::to_string(node);
}
inline NoteKey numbered_node(std::uint8_t node) {
  return {node_name(node), NoteAlgorithm::ed25519, numbered_key(node).public_key()};
}
inline NoteKey sample_coordinator() {
  return {"nexapod.example/coordinator", NoteAlgorithm::ed25519, coordinator_key().public_key()};
}

inline ResultAttestation sample_attestation(std::uint8_t replica,
                                            const std::string& result = "the result\n") {
  ResultAttestation attestation;
  attestation.outputs = {{.name = "out/result.bin", .sha256 = sha256(result)},
                         {.name = "out/summary.txt", .sha256 = sha256("a summary\n")}};
  attestation.build_type = "https://nexapod.example/job/v1";
  attestation.invocation = {.job = "42", .replica = replica, .attempt = 0};
  attestation.binding = JobBinding{.contract = sha256("job 42 spec"),
                                   .nonce = "5f0c" + std::to_string(replica),
                                   .comparator = "exact"};
  attestation.materials = {
      {.name = "in/data.bin", .uri = "", .sha256 = sha256("data")},
      {.name = "image", .uri = "docker://registry.example/image", .sha256 = sha256("image")}};
  attestation.node = "https://" + node_name(replica);
  attestation.started = core::at_seconds(1'700'000'000);
  attestation.finished = core::Time{core::Duration{1'700'000'060'500'000}};
  attestation.log = validator::JobLogSummary{.count = 3, .mac = sha256("mac")};
  attestation.usage =
      Usage{.wall_us = 60'500'000, .core_us = 55'000'000, .gpu_us = 0, .memory_peak_kib = 2'048};
  return attestation;
}

inline JobVerdict sample_verdict(const std::vector<std::uint8_t>& valid,
                                 const std::vector<std::uint8_t>& invalid) {
  JobVerdict verdict;
  verdict.outputs = sample_attestation(1).outputs;
  verdict.verifier = "https://nexapod.example/coordinator";
  verdict.time = core::at_seconds(1'700'000'100);
  verdict.policy = sha256("validator configuration");
  verdict.properties = {
      quorum_property({static_cast<std::uint32_t>(valid.size()),
                       static_cast<std::uint32_t>(valid.size() + invalid.size())}),
      "NEXA_DISTINCT_OWNER"};
  verdict.job = "42";
  verdict.contract = sha256("job 42 spec");
  verdict.canonical = {.job = "42", .replica = valid.front(), .attempt = 0};
  for (const auto replica : valid) verdict.valid.push_back({"42", replica, 0});
  for (const auto replica : invalid) verdict.invalid.push_back({"42", replica, 0});
  return verdict;
}

inline Envelope sample_envelope(const ResultAttestation& attestation, const SigningKey& key) {
  return sign_envelope(std::string(statement_payload_type), to_json(attestation), key);
}
inline Envelope sample_envelope(const JobVerdict& verdict, const SigningKey& key) {
  return sign_envelope(std::string(statement_payload_type), to_json(verdict), key);
}

/// Three attestations, of which the third differs, and the verdict: a line each.
inline std::string sample_bundle() {
  std::string text;
  for (std::uint8_t replica = 1; replica <= 3; ++replica) {
    const auto attestation =
        sample_attestation(replica, replica == 3 ? "another result\n" : "the result\n");
    text += to_json(sample_envelope(attestation, numbered_key(replica))) + '\n';
  }
  return text + to_json(sample_envelope(sample_verdict({1, 2}, {3}), coordinator_key())) + '\n';
}

}  // namespace nexa::io::testing
