#include "io/attest/check.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "io/attest/check_parts.hpp"

namespace nexa::io {
namespace {

using core::Result;

constexpr std::string_view scheme = "https://";

/// Whether a key of this name speaks for the identity.
bool is_name_of(std::string_view name, std::string_view identity) {
  if (identity.starts_with(scheme) && !name.starts_with(scheme)) {
    identity.remove_prefix(scheme.size());
  }
  return name == identity;
}

/// The keys that may sign at all, each once.
std::vector<PublicKey> candidates(const BundleTrust& trust) {
  std::vector<PublicKey> keys;
  for (const NoteKey& key : trust.verifiers) keys.push_back(key.key());
  for (const NoteKey& key : trust.nodes) keys.push_back(key.key());
  if (trust.registry) {
    for (const auto& entry : trust.registry->keys()) keys.push_back(PublicKey{entry.first});
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

/// Why the key does not speak for the identity, or success.
Result<void> may_speak(const BundleTrust& trust, std::span<const NoteKey> named,
                       bool registry_suffices, const PublicKey& key, const std::string& identity) {
  const bool is_registered = trust.registry && trust.registry->keys().count(key.bytes) == 1;
  const bool is_named = std::any_of(named.begin(), named.end(), [&](const NoteKey& each) {
    return each.key() == key && is_name_of(each.name(), identity);
  });
  if (is_registered && (is_named || registry_suffices)) {
    return trust.registry->check(identity, key.bytes, trust.log_index);
  }
  if (is_named) return {};
  const auto same = std::find_if(named.begin(), named.end(),
                                 [&](const NoteKey& each) { return each.key() == key; });
  return core::Error{.code = core::ErrorCode::refused,
                     .message = "",
                     .hint = same != named.end()
                                 ? "the key that signed is that of '" + same->name() + "'"
                                 : "the key with id " + envelope_key_id(key) +
                                       " has signed, which is given for another "
                                       "purpose",
                     .where = {}};
}

/// The first of the signers that may speak, or what is wrong with the last of them.
Result<PublicKey> speaker(const BundleTrust& trust, bool as_verifier,
                          std::span<const PublicKey> keys, const VerifiedPayload& payload,
                          const std::string& identity) {
  const std::vector<NoteKey>& named = as_verifier ? trust.verifiers : trust.nodes;
  core::Error why;
  for (const std::size_t signer : payload.signers()) {
    const PublicKey& key = keys[signer];
    const Result<void> may = may_speak(trust, named, !as_verifier, key, identity);
    if (may) return key;
    why = may.error();
  }
  why.message = "it is not signed by " + std::string(as_verifier ? "the verifier" : "the node") +
                " that it names, '" + identity + "'" +
                (why.message.empty() ? "" : ": " + why.message);
  return why;
}

/// Takes the lines one by one, and keeps what is said with a valid signature.
class ClaimReader {
 public:
  ClaimReader(const BundleTrust& trust, BundleReport& report)
      : trust_(trust), keys_(candidates(trust)), report_(report) {}

  void read(const BundleLine& line) {
    if (!line.envelope) return fail("envelope", line, line.envelope.error());
    const auto payload = verify_envelope(*line.envelope, keys_);
    if (!payload) return fail("signature", line, payload.error());
    auto statement = parse_statement(*payload, "");
    if (!statement) return fail("statement", line, statement.error());
    if (auto* attestation = std::get_if<ResultAttestation>(&*statement)) {
      take(line, *payload, std::move(*attestation));
    } else if (auto* verdict = std::get_if<JobVerdict>(&*statement)) {
      take(line, *payload, std::move(*verdict));
    } else {
      report_.notes.push_back("line " + std::to_string(line.number) +
                              " is passed over: a statement of the kind " +
                              std::get<OtherStatement>(*statement).predicate_type);
    }
  }

 private:
  void fail(const char* check, const BundleLine& line, const core::Error& error) {
    report_.failures.push_back(
        {.check = check, .line = line.number, .message = error.message, .hint = error.hint});
  }

  void take(const BundleLine& line, const VerifiedPayload& payload, ResultAttestation attestation) {
    const auto key = speaker(trust_, false, keys_, payload, attestation.node);
    if (!key) return fail("identity", line, key.error());
    report_.attestations.push_back(
        {.line = line.number, .key = *key, .attestation = std::move(attestation)});
  }

  void take(const BundleLine& line, const VerifiedPayload& payload, JobVerdict verdict) {
    const auto key = speaker(trust_, true, keys_, payload, verdict.verifier);
    if (!key) return fail("identity", line, key.error());
    CheckedVerdict checked{.line = line.number, .key = *key, .verdict = std::move(verdict)};
    if (!report_.verdict) {
      report_.verdict = std::move(checked);
    } else {
      choose(std::move(checked));
    }
  }

  /// A verdict may be revised: the latest counts.
  void choose(CheckedVerdict other) {
    CheckedVerdict& chosen = *report_.verdict;
    if (other.verdict == chosen.verdict) return;
    if (other.verdict.time == chosen.verdict.time) {
      report_.failures.push_back({.check = "verdict",
                                  .line = other.line,
                                  .message = "it is another verdict of the same time as that of "
                                             "line " +
                                             std::to_string(chosen.line),
                                  .hint = "ask the verifier which one counts"});
      return;
    }
    const int older = std::min(std::pair(other.verdict.time, other.line),
                               std::pair(chosen.verdict.time, chosen.line))
                          .second;
    if (other.verdict.time > chosen.verdict.time) chosen = std::move(other);
    report_.notes.push_back("the verdict of line " + std::to_string(older) +
                            " was replaced by that of line " + std::to_string(chosen.line));
  }

  const BundleTrust& trust_;
  std::vector<PublicKey> keys_;
  BundleReport& report_;
};

}  // namespace

const std::vector<OutputFile>* BundleReport::outputs() const {
  if (verdict) return &verdict->verdict.outputs;
  if (attestations.empty()) return nullptr;
  const std::vector<OutputFile>& first = attestations.front().attestation.outputs;
  const bool all_alike =
      std::all_of(attestations.begin(), attestations.end(), [&](const CheckedAttestation& each) {
        return have_equal_outputs(each.attestation.outputs, first);
      });
  return all_alike ? &first : nullptr;
}

BundleReport check_bundle(std::span<const BundleLine> lines, const BundleTrust& trust,
                          const BundleDemands& demands, std::span<const HeldFile> files) {
  BundleReport report;
  ClaimReader reader(trust, report);
  for (const BundleLine& line : lines) reader.read(line);
  check_one_job(report);
  check_verdict(demands, report);
  check_files(files, report);
  return report;
}

}  // namespace nexa::io
