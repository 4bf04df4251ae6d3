#include "io/attest/statement.hpp"

#include <gtest/gtest.h>

#include "io/sha256.hpp"
#include "tests/io/attest_samples.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using testing::sample_attestation;
using testing::sample_verdict;
using testing::vector_bytes;

template <class T>
T read_as(const std::string& json) {
  const auto statement = parse_unverified_statement(json, "s.json");
  EXPECT_TRUE(statement.has_value()) << statement.error().message << '\n' << json;
  if (!statement || !std::holds_alternative<T>(*statement)) {
    ADD_FAILURE() << "another kind of statement: " << json;
    return {};
  }
  return std::get<T>(*statement);
}

/// The statement of the vectors, which says no more than it must.
ResultAttestation vector_attestation() {
  ResultAttestation attestation;
  attestation.outputs = {
      {.name = "out/result.bin",
       .sha256 = digest_of_hex("ba0943da5f7d1f2680538a7a7428bc328a07b21b58ea1b385db192dab9588fa1")
                     .value()}};
  attestation.build_type = "https://nexapod.example/job/v1";
  attestation.invocation = {.job = "42", .replica = 1, .attempt = 0};
  attestation.node = "https://nexapod.example/node/21fe31dfa154a261";
  return attestation;
}

TEST(ResultAttestation, ReproducesThePayloadOfTheVector) {
  const Envelope envelope = parse_envelope(vector_bytes("env.json"), "env.json").value();
  EXPECT_EQ(to_json(vector_attestation()), envelope.payload);
  EXPECT_EQ(read_as<ResultAttestation>(envelope.payload), vector_attestation());
}

TEST(ResultAttestation, KeepsAllItsPartsAndHasOneSpelling) {
  const ResultAttestation attestation = sample_attestation(1);
  const std::string json = to_json(attestation);
  EXPECT_EQ(read_as<ResultAttestation>(json), attestation);
  EXPECT_EQ(to_json(read_as<ResultAttestation>(json)), json);
  EXPECT_EQ(json.find('\n'), std::string::npos);
}

TEST(JobVerdict, KeepsAllItsPartsAndHasOneSpelling) {
  const JobVerdict verdict = sample_verdict({1, 2}, {3});
  const std::string json = to_json(verdict);
  EXPECT_EQ(read_as<JobVerdict>(json), verdict);
  EXPECT_EQ(to_json(read_as<JobVerdict>(json)), json);
}

TEST(Statement, OfAnotherKindIsToldApart) {
  const auto other = read_as<OtherStatement>(
      R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"https://spdx.dev/Document"})");
  EXPECT_EQ(other.predicate_type, "https://spdx.dev/Document");
}

TEST(Statement, WhatItDoesNotKnowIsPassedOver) {
  std::string json = to_json(sample_attestation(1));
  json.insert(1, R"("annotations":{"by":"somebody"},)");
  json.replace(json.find(R"("digest":{)"), 10, R"("digest":{"sha512":"00",)");
  EXPECT_EQ(read_as<ResultAttestation>(json), sample_attestation(1));
}

/// A statement with one piece of text replaced.
std::string with(std::string json, const std::string& from, const std::string& to) {
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? json : json.replace(at, from.size(), to);
}

std::string problem(const std::string& json) {
  const auto statement = parse_unverified_statement(json, "s.json");
  EXPECT_FALSE(statement.has_value()) << json;
  if (statement) return {};
  EXPECT_EQ(statement.error().code, ErrorCode::corrupt);
  return statement.error().message;
}

TEST(ResultAttestation, IsRefusedWhereItIsIncompleteOrContradictsItself) {
  const std::string good = to_json(sample_attestation(1));
  EXPECT_EQ(problem(with(good, "Statement/v1", "Statement/v0.1")),
            "_type is not 'https://in-toto.io/Statement/v1'");
  EXPECT_EQ(problem(with(good, R"("job":"42")", R"("job":"43")")),
            "predicate.buildDefinition.externalParameters.job is not that of the invocation, "
            "42.1.0");
  EXPECT_EQ(problem(with(good, R"("replica":"1")", R"("replica":"2")")),
            "predicate.buildDefinition.externalParameters.replica is not that of the invocation, "
            "42.1.0");
  EXPECT_EQ(problem(with(good, R"("attempt":"0")", R"("attempt":"7")")),
            "predicate.buildDefinition.externalParameters.attempt is not that of the invocation, "
            "42.1.0");
  EXPECT_EQ(problem(with(good, R"("nonce":)", R"("other":)")),
            "predicate.buildDefinition.externalParameters.nonce is missing");
  EXPECT_EQ(problem(with(good, "42.1.0", "42.01.0")),
            "predicate.runDetails.metadata.invocationId is not of the form JOB.REPLICA.ATTEMPT");
  EXPECT_EQ(problem(with(good, R"("invocationId")", R"("invocation")")),
            "predicate.runDetails.metadata.invocationId is missing");
  EXPECT_EQ(problem(with(good, R"("predicate":{)", R"("predicate":null,"p":{)")),
            "predicate is missing");
  EXPECT_EQ(problem(with(good, R"("startedOn":"2023)", R"("startedOn":"23)")),
            "predicate.runDetails.metadata.startedOn is not a time like 2023-11-14T22:13:20Z");
  EXPECT_EQ(problem(with(good, "out/summary.txt", "out/result.bin")),
            "subject[1].name is not different from those before");
  for (const char* name : {"/etc/passwd", "../a", "a/../b", "a//b", "./a", "a/", ""}) {
    EXPECT_EQ(problem(with(good, R"("out/result.bin")", '"' + std::string(name) + '"')),
              "subject[0].name is not a relative path");
  }
  EXPECT_EQ(problem(with(good, R"("sha256":")", R"("sha256":"0)")),
            "subject[0].digest.sha256 is not 64 hexadecimal digits");
  EXPECT_EQ(problem(with(good, R"("sha256")", R"("sha1")")), "subject[0].digest.sha256 is missing");
  EXPECT_EQ(problem(with(good, R"("subject":[)", R"("subject":[],"s":[)")),
            "subject is not a list of at least one file");
  EXPECT_EQ(problem(with(good, "hmacSha256", "sha256")),
            "predicate.runDetails.byproducts[0].digest.hmacSha256 is missing");
  EXPECT_EQ(problem(with(good, R"("name":"usage")", R"("name":"job.log")")),
            "predicate.runDetails.byproducts[1].name is not different from those before");
}

TEST(JobVerdict, IsRefusedWhereItIsIncompleteOrContradictsItself) {
  const std::string good = to_json(sample_verdict({1, 2}, {3}));
  EXPECT_EQ(problem(with(good, R"("canonical":"42.1.0")", R"("canonical":"42.3.0")")),
            "predicate.nexapod_job.canonical is not one of the valid replicas");
  EXPECT_EQ(problem(with(good, R"("invalid":["42.3.0"])", R"("invalid":["42.2.1"])")),
            "predicate.nexapod_job.invalid is not a list in which each replica stands once");
  EXPECT_EQ(problem(with(good, R"("invalid":["42.3.0"])", R"("invalid":["43.3.0"])")),
            "predicate.nexapod_job.invalid is not a list of replicas of this job");
  EXPECT_EQ(problem(with(good, R"("valid":[)", R"("valid":[1,)")),
            "predicate.nexapod_job.valid is not a list of texts of the form JOB.REPLICA.ATTEMPT");
  EXPECT_EQ(problem(with(good, R"("policies":[)", R"("policies":[{},)")),
            "predicate.verifier.policies is not a list of one policy, the validator's "
            "configuration");
  EXPECT_EQ(problem(with(good, R"("properties":[)", R"("properties":[3,)")),
            "predicate.properties is not a list of short texts");
  EXPECT_EQ(problem(with(good, R"("timeCreated")", R"("time")")),
            "predicate.timeCreated is missing");
}

TEST(Invocation, HasOneSpelling) {
  for (const char* text : {"42.1.0", "a.b.7.3", "x.4294967295.0"}) {
    const auto invocation = parse_invocation(text);
    ASSERT_TRUE(invocation) << text;
    EXPECT_EQ(to_text(*invocation), text);
  }
  for (const char* text : {"", "42", "42.1", ".1.0", "42..0", "42.1.", "42.01.0", "42.1.00",
                           "42.-1.0", "42.1.4294967296", "4/2.1.0", "4 2.1.0", "42.1.0x"}) {
    EXPECT_FALSE(parse_invocation(text)) << text;
  }
}

TEST(Quorum, IsAPropertyOfTheVerdict) {
  EXPECT_EQ(quorum_property({2, 3}), "NEXA_QUORUM_2OF3");
  const auto quorum = parse_quorum_property("NEXA_QUORUM_12OF30");
  ASSERT_TRUE(quorum);
  EXPECT_EQ(quorum->agreeing, 12U);
  EXPECT_EQ(quorum->of, 30U);
  for (const char* text : {"NEXA_QUORUM_", "NEXA_QUORUM_2", "NEXA_QUORUM_2OF", "NEXA_QUORUM_OF3",
                           "NEXA_QUORUM_02OF3", "NEXA_DISTINCT_OWNER", "QUORUM_2OF3"}) {
    EXPECT_FALSE(parse_quorum_property(text)) << text;
  }
}

}  // namespace
}  // namespace nexa::io
