// Feeds arbitrary bytes to the readers of bundles, statements, records of keys, signatures of files
// and archives. Beyond memory safety it checks that what is read and written again is the same, and
// that nothing holds which nobody has signed.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "io/attest/bundle.hpp"
#include "io/attest/check.hpp"
#include "io/attest/manifest.hpp"
#include "io/attest/statement.hpp"
#include "io/attest/tar.hpp"
#include "io/byte_source.hpp"
#include "io/key_records.hpp"
#include "io/minisign.hpp"

namespace {

using namespace nexa;

void require(bool condition) {
  if (!condition) std::abort();
}

/// Keys of which nobody has the private half.
const io::PublicKey& unused_key() {
  static const io::PublicKey key = io::SigningKey::generate().public_key();
  return key;
}

void check_envelope(const std::string& text) {
  const auto envelope = io::parse_envelope(text, "fuzz");
  if (!envelope) return;
  const std::string json = io::to_json(*envelope);
  const auto again = io::parse_envelope(json, "fuzz");
  require(again.has_value() && io::to_json(*again) == json);
  require(again->payload == envelope->payload && again->payload_type == envelope->payload_type);
  require(!io::verify_envelope(*envelope, {&unused_key(), 1}));
  static_cast<void>(io::parse_unverified_statement(envelope->payload, "fuzz"));
}

template <class Record>
void check_record(const Record& record) {
  const auto again = io::parse_unverified_statement(io::to_json(record), "fuzz");
  require(again.has_value() && std::holds_alternative<Record>(*again));
  require(std::get<Record>(*again) == record);
}

void check_statement(const std::string& text) {
  const auto statement = io::parse_unverified_statement(text, "fuzz");
  if (!statement) return;
  if (const auto* attestation = std::get_if<io::ResultAttestation>(&*statement)) {
    check_record(*attestation);
  } else if (const auto* verdict = std::get_if<io::JobVerdict>(&*statement)) {
    check_record(*verdict);
  }
}

void check_bundle(const std::string& text) {
  const auto lines = io::parse_bundle(text, "fuzz");
  if (!lines) return;
  io::BundleTrust trust;
  trust.nodes.emplace_back("fuzz", io::NoteAlgorithm::ed25519, unused_key());
  trust.verifiers.emplace_back("fuzz", io::NoteAlgorithm::ed25519, unused_key());
  const io::BundleReport report = io::check_bundle(*lines, trust, {}, {});
  require(!report.holds() && report.attestations.empty() && !report.verdict);
}

void check_lists(const std::string& text) {
  if (const auto files = io::parse_manifest(text, "fuzz")) {
    const auto again = io::parse_manifest(io::manifest_text(*files), "fuzz");
    require(again.has_value() && *again == *files);
  }
  const auto registry = io::parse_key_registry(text, "fuzz", "fuzz", unused_key());
  require(!registry || registry->keys().empty());
  require(!io::minisign_verify("/dev/null", text, {&unused_key(), 1}));
}

void check_tar(const std::string& text) {
  const auto source = io::memory_bytes(text, "fuzz");
  std::uint64_t expected = 0;
  std::uint64_t seen = 0;
  const io::TarVisitor visitor{.begin =
                                   [&](const std::string& name, std::uint64_t size) {
                                     require(!name.empty() && name.front() != '/');
                                     expected = size;
                                     seen = 0;
                                     return core::Result<void>{};
                                   },
                               .data =
                                   [&](std::string_view bytes) {
                                     seen += bytes.size();
                                     return core::Result<void>{};
                                   },
                               .end =
                                   [&]() {
                                     require(seen == expected);
                                     return core::Result<void>{};
                                   }};
  static_cast<void>(io::read_tar(*source, visitor));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  check_envelope(text);
  check_statement(text);
  check_bundle(text);
  check_lists(text);
  check_tar(text);
  return 0;
}
