#include "io/attest/check.hpp"

#include <gtest/gtest.h>

#include "io/key_records.hpp"
#include "tests/io/attest_samples.hpp"

namespace nexa::io {
namespace {

using testing::coordinator_key;
using testing::numbered_key;
using testing::numbered_node;
using testing::sample_attestation;
using testing::sample_bundle;
using testing::sample_coordinator;
using testing::sample_envelope;
using testing::sample_verdict;

BundleTrust trust() {
  BundleTrust trust;
  for (std::uint8_t node = 1; node <= 3; ++node) trust.nodes.push_back(numbered_node(node));
  trust.verifiers.push_back(sample_coordinator());
  return trust;
}

BundleReport checked(const std::string& bundle, const BundleTrust& trusted = trust(),
                     const BundleDemands& demands = {}, const std::vector<HeldFile>& files = {}) {
  return check_bundle(parse_bundle(bundle, "b.jsonl").value(), trusted, demands, files);
}

/// The bundle of the sample, put together from other statements.
struct Draft {
  std::vector<ResultAttestation> attestations{sample_attestation(1), sample_attestation(2),
                                              sample_attestation(3, "another result\n")};
  std::optional<JobVerdict> verdict = sample_verdict({1, 2}, {3});

  [[nodiscard]] std::string text() const {
    std::string text;
    std::uint8_t node = 1;
    for (const auto& each : attestations) {
      text += to_json(sample_envelope(each, numbered_key(node++))) + '\n';
    }
    if (verdict) text += to_json(sample_envelope(*verdict, coordinator_key())) + '\n';
    return text;
  }
};

/// All failures as `check line: message`, one per line.
std::string failures(const BundleReport& report) {
  std::string text;
  for (const BundleFailure& each : report.failures) {
    text += each.check + ' ' + std::to_string(each.line) + ": " + each.message + '\n';
  }
  return text;
}

TEST(CheckBundle, HoldsForAnHonestBundle) {
  const BundleReport report = checked(sample_bundle());
  EXPECT_EQ(failures(report), "");
  EXPECT_EQ(report.attestations.size(), 3U);
  EXPECT_EQ(report.quorum, 2U);
  ASSERT_TRUE(report.verdict.has_value());
  EXPECT_EQ(report.verdict->verdict, sample_verdict({1, 2}, {3}));
  ASSERT_NE(report.outputs(), nullptr);
  EXPECT_EQ(report.outputs()->size(), 2U);
  EXPECT_EQ(report.notes,
            (std::vector<std::string>{"that NEXA_DISTINCT_OWNER holds is the verifier's word",
                                      "2 of 2 attested files were not given for comparison"}));
}

TEST(CheckBundle, NoticesAnyChangedByteOfTheBundle) {
  const std::string good = sample_bundle();
  // Every byte would take long; a step that shares no factor with the lengths of the lines meets
  // all kinds of places.
  for (std::size_t at = 0; at < good.size(); at += 7) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    // The hint, with its name, may be anything.
    const std::size_t hint = good.find("keyid", at < 5 ? 0 : good.rfind('\n', at) + 1);
    const bool is_key_id = at >= hint && at < hint + 8 + 64;
    EXPECT_TRUE(is_key_id || !checked(bad).holds()) << at;
  }
}

TEST(CheckBundle, EveryLineMustBeSignedByAKnownKeyOfTheOneWhomItNames) {
  BundleTrust fewer = trust();
  fewer.nodes.pop_back();
  EXPECT_EQ(failures(checked(sample_bundle(), fewer)),
            "signature 3: none of its signatures is by a known key\n");
  // Node 2 signs what node 1 is said to have done.
  Draft draft;
  draft.attestations[1].node = draft.attestations[0].node;
  const std::string found = failures(checked(draft.text()));
  EXPECT_TRUE(
      found.starts_with("identity 2: it is not signed by the node that it names, "
                        "'https://nexapod.example/node/1'\n"))
      << found;
}

TEST(CheckBundle, ANodeIsNoJudge) {
  Draft draft;
  std::string text;
  const JobVerdict verdict = *draft.verdict;
  draft.verdict.reset();
  // A node that signs in its own name, and one that signs in the verifier's.
  JobVerdict own = verdict;
  own.verifier = "https://nexapod.example/node/1";
  text = draft.text() + to_json(sample_envelope(own, numbered_key(1)));
  EXPECT_EQ(failures(checked(text)),
            "identity 4: it is not signed by the verifier that it names, "
            "'https://nexapod.example/node/1'\n"
            "verdict 0: there is no verdict that a known verifier has signed\n");
  text = draft.text() + to_json(sample_envelope(verdict, numbered_key(1)));
  EXPECT_EQ(failures(checked(text)),
            "identity 4: it is not signed by the verifier that it names, "
            "'https://nexapod.example/coordinator'\n"
            "verdict 0: there is no verdict that a known verifier has signed\n");
}

TEST(CheckBundle, AVerdictIsDemandedUnlessItIsNot) {
  Draft draft;
  draft.verdict.reset();
  EXPECT_EQ(failures(checked(draft.text())),
            "verdict 0: there is no verdict that a known verifier has signed\n");
  const BundleReport report = checked(draft.text(), trust(), {.verdict = false});
  EXPECT_TRUE(report.holds());
  EXPECT_EQ(report.outputs(), nullptr) << "the results differ, so none is the result";
}

TEST(CheckBundle, AllLinesAreAboutOneJob) {
  Draft draft;
  draft.attestations[1].invocation.job = "43";
  EXPECT_NE(failures(checked(draft.text())).find("job 2: it is about job '43'\n"),
            std::string::npos);
  draft = {};
  draft.attestations[2].binding->contract = sha256("job 42 spec, changed");
  EXPECT_NE(failures(checked(draft.text())).find("job 3: it was made for the contract with digest"),
            std::string::npos);
  draft = {};
  draft.verdict->contract = sha256("another");
  EXPECT_NE(failures(checked(draft.text())).find("job 4: it was made for the contract with digest"),
            std::string::npos);
  draft = {};
  draft.attestations[1].binding->comparator = "absrel:rtol=1";
  EXPECT_NE(failures(checked(draft.text())).find("job 2: its results are compared by"),
            std::string::npos);
  draft = {};
  draft.attestations[1].binding.reset();
  EXPECT_EQ(failures(checked(draft.text())),
            "job 2: it does not say for which contract and nonce it was made\n");
  draft = {};
  draft.attestations[0].finished = core::at_seconds(1);
  EXPECT_EQ(failures(checked(draft.text())), "job 1: the replica finished before it started\n");
}

TEST(CheckBundle, AReplicaIsOneNodeThatSaysOneThing) {
  Draft draft;
  const std::string again = to_json(sample_envelope(draft.attestations[0], numbered_key(1)));
  BundleReport report = checked(draft.text() + again);
  EXPECT_TRUE(report.holds()) << failures(report);
  EXPECT_EQ(report.notes.front(), "line 5 says what line 1 says");
  ResultAttestation other = sample_attestation(1, "something else\n");
  report = checked(draft.text() + to_json(sample_envelope(other, numbered_key(1))));
  EXPECT_EQ(failures(report), "job 5: the node says something else about 42.1.0 than in line 1\n");
  other = sample_attestation(1);
  other.node = "https://nexapod.example/node/3";
  report = checked(draft.text() + to_json(sample_envelope(other, numbered_key(3))));
  EXPECT_EQ(failures(report), "job 5: 42.1.0 is attested by 'https://nexapod.example/node/3'\n");
}

TEST(CheckBundle, TheVerdictFollowsFromTheAttestations) {
  Draft draft;
  draft.verdict->outputs[0].sha256 = sha256("what nobody made");
  EXPECT_EQ(failures(checked(draft.text())),
            "verdict 4: its files are not those of the canonical result, 42.1.0\n"
            "verdict 4: it calls 42.1.0 valid, whose files differ from its own\n"
            "verdict 4: it calls 42.2.0 valid, whose files differ from its own\n"
            "quorum 4: it claims a quorum of 2, but 0 nodes stand behind its result\n"
            "quorum 4: 0 nodes stand behind its result, 1 are demanded\n");
  // The wrong result is called valid, and the right ones are not.
  draft = {};
  draft.verdict = sample_verdict({3, 2}, {1});
  EXPECT_EQ(failures(checked(draft.text())),
            "verdict 4: its files are not those of the canonical result, 42.3.0\n"
            "verdict 4: it calls 42.3.0 valid, whose files differ from its own\n"
            "verdict 4: it calls 42.1.0 invalid, whose files are those of the canonical result\n"
            "quorum 4: it claims a quorum of 2, but 1 node stands behind its result\n");
  // An attestation was taken out.
  draft = {};
  draft.attestations.erase(draft.attestations.begin() + 2);
  EXPECT_TRUE(checked(draft.text()).holds());
  draft.attestations.pop_back();
  EXPECT_EQ(failures(checked(draft.text())),
            "verdict 2: it calls 42.2.0 valid, of which the bundle has no valid attestation\n"
            "quorum 2: it claims a quorum of 2, but 1 node stands behind its result\n");
}

TEST(CheckBundle, CountsNodesAndNotSignatures) {
  // One node runs both replicas.
  Draft draft;
  draft.attestations[1].node = draft.attestations[0].node;
  std::string text = to_json(sample_envelope(draft.attestations[0], numbered_key(1))) + '\n' +
                     to_json(sample_envelope(draft.attestations[1], numbered_key(1))) + '\n' +
                     to_json(sample_envelope(*draft.verdict, coordinator_key())) + '\n';
  EXPECT_EQ(failures(checked(text)),
            "quorum 3: a node counts twice: 'https://nexapod.example/node/1' for 42.2.0\n"
            "quorum 3: it claims a quorum of 2, but 1 node stands behind its result\n");
  // … and signs with a second key of its own for the second one.
  BundleTrust two_keys = trust();
  two_keys.nodes.emplace_back(testing::node_name(1), NoteAlgorithm::ed25519,
                              numbered_key(9).public_key());
  text = to_json(sample_envelope(draft.attestations[0], numbered_key(1))) + '\n' +
         to_json(sample_envelope(draft.attestations[1], numbered_key(9))) + '\n' +
         to_json(sample_envelope(*draft.verdict, coordinator_key())) + '\n';
  EXPECT_EQ(failures(checked(text, two_keys)),
            "quorum 3: a node counts twice: 'https://nexapod.example/node/1' for 42.2.0\n");
}

TEST(CheckBundle, TheQuorumIsWhatItIsSaidAndDemandedToBe) {
  EXPECT_TRUE(checked(sample_bundle(), trust(), {.verdict = true, .least_quorum = 2}).holds());
  EXPECT_EQ(failures(checked(sample_bundle(), trust(), {.verdict = true, .least_quorum = 3})),
            "quorum 4: 2 nodes stand behind its result, 3 are demanded\n");
  Draft draft;
  draft.verdict->properties = {"NEXA_QUORUM_3OF3"};
  EXPECT_EQ(failures(checked(draft.text())),
            "quorum 4: it claims a quorum of 3, but 2 nodes stand behind its result\n");
  draft.verdict->properties = {"NEXA_QUORUM_2OF2"};
  EXPECT_EQ(failures(checked(draft.text())),
            "quorum 4: its quorum of 2 of 2 is not one of 2 valid and 1 invalid results\n");
  draft.verdict->properties = {"NEXA_QUORUM_0OF3"};
  EXPECT_FALSE(checked(draft.text()).holds());
  draft.verdict->properties = {};
  EXPECT_EQ(failures(checked(draft.text())), "quorum 4: it does not say of which quorum it is\n");
  draft.verdict->properties = {"NEXA_QUORUM_2OF3", "NEXA_QUORUM_1OF3"};
  EXPECT_EQ(failures(checked(draft.text())), "quorum 4: it names two quorums\n");
}

TEST(CheckBundle, WithATolerantComparatorResultsMayDiffer) {
  Draft draft;
  for (auto& each : draft.attestations) each.binding->comparator = "ulp:4";
  draft.attestations[1].outputs[0].sha256 = sha256("nearly the result\n");
  const BundleReport report = checked(draft.text());
  EXPECT_EQ(failures(report), "");
  EXPECT_EQ(report.quorum, 2U);
  EXPECT_NE(std::find(report.notes.begin(), report.notes.end(),
                      "that the files of 42.2.0, which differ from the canonical ones, agree with "
                      "them is the verifier's word"),
            report.notes.end());
}

TEST(CheckBundle, TheLatestVerdictCounts) {
  Draft draft;
  JobVerdict later = *draft.verdict;
  later.time += core::seconds(60);
  later.properties.emplace_back("NEXA_AUDITED");
  const std::string revised = to_json(sample_envelope(later, coordinator_key())) + '\n';
  for (const std::string& text : {draft.text() + revised, revised + draft.text()}) {
    const BundleReport report = checked(text);
    EXPECT_TRUE(report.holds()) << failures(report);
    EXPECT_EQ(report.verdict->verdict, later);
  }
  JobVerdict contrary = *draft.verdict;
  contrary.policy = sha256("other");
  EXPECT_EQ(failures(checked(draft.text() + to_json(sample_envelope(contrary, coordinator_key())))),
            "verdict 5: it is another verdict of the same time as that of line 4\n");
}

TEST(CheckBundle, ComparesFilesWithTheCanonicalResult) {
  const auto found = [](const std::string& path, const std::string& name,
                        const std::string& bytes) {
    return failures(checked(sample_bundle(), trust(), {}, {{path, name, sha256(bytes)}}));
  };
  EXPECT_EQ(found("/data/42/out/result.bin", "", "the result\n"), "");
  EXPECT_EQ(found("result.bin", "", "the result\n"), "");
  EXPECT_EQ(found("x", "out/result.bin", "the result\n"), "");
  EXPECT_EQ(found("out/result.bin", "", "another result\n"),
            "file 0: 'out/result.bin' is not the file that was attested\n");
  EXPECT_EQ(found("out/summary.txt", "", "the result\n"),
            "file 0: 'out/summary.txt' is not the file that was attested\n");
  EXPECT_EQ(found("x", "", "the result\n"), "file 0: no attested file is called 'x'\n");
  EXPECT_EQ(found("out/result.bin", "out/other", "the result\n"),
            "file 0: no attested file is called 'out/other'\n");
  EXPECT_EQ(found("about/result.bin.old", "", "the result\n"),
            "file 0: no attested file is called 'about/result.bin.old'\n");
}

TEST(CheckBundle, KeysCountAtTheResultsPlaceInTheLog) {
  const std::string origin = "nexapod.example/ledger";
  ledger::KeyRegistry registry(origin, coordinator_key().public_key().bytes, ed25519_scheme());
  for (std::uint8_t node = 1; node <= 3; ++node) {
    ASSERT_TRUE(registry.add(node, sign_key_add(origin, "https://" + testing::node_name(node),
                                                numbered_key(node), coordinator_key())));
  }
  ASSERT_TRUE(
      registry.revoke(50, sign_key_revoke(origin, "https://" + testing::node_name(2),
                                          numbered_key(2).public_key(), 40, coordinator_key())));
  BundleTrust registered;
  registered.verifiers.push_back(sample_coordinator());
  registered.registry = registry;
  registered.log_index = 39;
  EXPECT_EQ(failures(checked(sample_bundle(), registered)), "");
  registered.log_index = 40;
  std::string found = failures(checked(sample_bundle(), registered));
  EXPECT_NE(found.find("was revoked from entry 40 on, and is used at entry 40"), std::string::npos)
      << found;
  // A key that is given by name is no way round the registry.
  registered.nodes = trust().nodes;
  found = failures(checked(sample_bundle(), registered));
  EXPECT_TRUE(found.starts_with("identity 2: ")) << found;
  // Before its record a key counts for nothing.
  registered.nodes.clear();
  registered.log_index = 2;
  found = failures(checked(sample_bundle(), registered));
  EXPECT_TRUE(found.starts_with("identity 3: ")) << found;
}

TEST(CheckBundle, OfTheVectorsEnvelope) {
  const std::string text = testing::vector_bytes("env.json");
  BundleTrust trusted;
  trusted.nodes.emplace_back("nexapod.example/node/21fe31dfa154a261", NoteAlgorithm::ed25519,
                             testing::node_key().public_key());
  const BundleReport report = checked(text, trusted, {.verdict = false});
  EXPECT_EQ(failures(report), "");
  ASSERT_EQ(report.attestations.size(), 1U);
  EXPECT_EQ(report.attestations[0].attestation.outputs[0].name, "out/result.bin");
}

TEST(Bundle, TellsTheLineThatIsNoEnvelope) {
  EXPECT_EQ(
      failures(checked("\n" + sample_bundle())),
      "envelope 1: no valid JSON: syntax error while parsing value - unexpected end of input; "
      "expected '[', '{', or a literal\n");
  EXPECT_FALSE(parse_bundle("", "b").has_value());
  std::string many;
  for (int i = 0; i < 1025; ++i) many += "{}\n";
  EXPECT_EQ(parse_bundle(many, "b").error().code, core::ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace nexa::io
