#include "io/attest/dsse.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/sha256_port.hpp"
#include "io/base64.hpp"
#include "io/json_fields.hpp"
#include "io/sha256.hpp"
#include "io/strict_json.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;
using Json = nlohmann::ordered_json;

constexpr std::string_view encoding_version = "DSSEv1";

/// Readers of envelopes must take both alphabets, with the padding or without; a text in both at
/// once is in neither.
std::optional<std::string> from_any_base64(std::string text) {
  if (text.find_first_of("-_") != std::string::npos) {
    if (text.find_first_of("+/") != std::string::npos) return std::nullopt;
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
  }
  if (!text.ends_with('=')) text.append((4 - text.size() % 4) % 4, '=');
  const auto bytes = from_base64(text);
  if (!bytes) return std::nullopt;
  return std::string(bytes->begin(), bytes->end());
}

std::string base64_member(JsonFields& fields, std::string_view name) {
  std::optional<std::string> bytes = from_any_base64(fields.text(name));
  if (bytes) return *std::move(bytes);
  fields.fail(name, "base64");
  return {};
}

std::optional<Signature> ed25519_signature(const EnvelopeSignature& from) {
  Signature signature;
  if (from.bytes.size() != signature.bytes.size()) return std::nullopt;
  const core::Bytes bytes = core::bytes_of(from.bytes);
  std::copy(bytes.begin(), bytes.end(), signature.bytes.begin());
  return signature;
}

/// The key that made the signature. Those that the hint names are tried first.
std::optional<std::size_t> signer_of(core::Bytes message, const EnvelopeSignature& from,
                                     std::span<const PublicKey> keys,
                                     std::span<const std::string> key_ids) {
  const std::optional<Signature> signature = ed25519_signature(from);
  if (!signature) return std::nullopt;
  for (const bool hinted : {true, false}) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if ((key_ids[i] == from.key_id) != hinted) continue;
      if (verify(keys[i], message, *signature)) return i;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
  std::string text(encoding_version);
  text += ' ' + std::to_string(payload_type.size()) + ' ';
  text += payload_type;
  text += ' ' + std::to_string(payload.size()) + ' ';
  text += payload;
  return text;
}

std::string envelope_key_id(const PublicKey& key) {
  return to_hex(core::hash(sha256_of_parts, {key.bytes}));
}

Envelope sign_envelope(std::string payload_type, std::string payload, const SigningKey& key) {
  const std::string message = pre_authentication_encoding(payload_type, payload);
  const Signature signature = key.sign(core::bytes_of(message));
  return {.payload_type = std::move(payload_type),
          .payload = std::move(payload),
          .signatures = {{.key_id = envelope_key_id(key.public_key()),
                          .bytes = {signature.bytes.begin(), signature.bytes.end()}}}};
}

Result<Envelope> parse_envelope(std::string_view json, const std::string& what) {
  if (json.size() > most_envelope_bytes) {
    return Error{
        .code = ErrorCode::limit_exceeded,
        .message = "an envelope of more than " + std::to_string(most_envelope_bytes) + " bytes",
        .hint = "",
        .where = {.file = what, .line = 0, .column = 0}};
  }
  const Result<Json> document = parse_strict_json(json, what, {.depth = 8, .values = 1000});
  if (!document) return document.error();
  JsonFields fields(*document, what, "");
  Envelope envelope;
  envelope.payload = base64_member(fields, "payload");
  envelope.payload_type = fields.text("payloadType");
  const Json& signatures = fields.array("signatures");
  if (signatures.size() > most_envelope_signatures) {
    fields.fail("signatures", "a list of at most " + std::to_string(most_envelope_signatures));
  }
  for (std::size_t i = 0; !fields.error() && i < signatures.size(); ++i) {
    JsonFields entry(signatures[i], what, "signatures[" + std::to_string(i) + ']');
    EnvelopeSignature signature;
    if (entry.has("keyid")) signature.key_id = entry.text("keyid");
    signature.bytes = base64_member(entry, "sig");
    fields.adopt(entry);
    envelope.signatures.push_back(std::move(signature));
  }
  if (fields.error()) return *fields.error();
  return envelope;
}

std::string to_json(const Envelope& envelope) {
  Json document{{"payload", to_base64(core::bytes_of(envelope.payload))},
                {"payloadType", envelope.payload_type},
                {"signatures", Json::array()}};
  for (const EnvelopeSignature& signature : envelope.signatures) {
    Json entry = Json::object();
    if (!signature.key_id.empty()) entry["keyid"] = signature.key_id;
    entry["sig"] = to_base64(core::bytes_of(signature.bytes));
    document["signatures"].push_back(std::move(entry));
  }
  return document.dump();
}

Result<VerifiedPayload> verify_envelope(const Envelope& envelope, std::span<const PublicKey> keys) {
  const std::string message = pre_authentication_encoding(envelope.payload_type, envelope.payload);
  std::vector<std::string> key_ids;
  key_ids.reserve(keys.size());
  for (const PublicKey& key : keys) key_ids.push_back(envelope_key_id(key));

  VerifiedPayload verified;
  for (const EnvelopeSignature& signature : envelope.signatures) {
    const auto signer = signer_of(core::bytes_of(message), signature, keys, key_ids);
    if (!signer) continue;
    // Of equal keys the first stands for all.
    const auto first = std::find(keys.begin(), keys.end(), keys[*signer]) - keys.begin();
    verified.signers_.push_back(static_cast<std::size_t>(first));
  }
  std::sort(verified.signers_.begin(), verified.signers_.end());
  verified.signers_.erase(std::unique(verified.signers_.begin(), verified.signers_.end()),
                          verified.signers_.end());
  if (verified.signers_.empty()) {
    return Error{.code = ErrorCode::refused,
                 .message = envelope.signatures.empty()
                                ? "it has no signature"
                                : "none of its signatures is by a known key",
                 .hint = envelope.signatures.empty() || envelope.signatures[0].key_id.empty()
                             ? ""
                             : "it says that it is signed by the key with id " +
                                   envelope.signatures[0].key_id,
                 .where = {}};
  }
  verified.type_ = envelope.payload_type;
  verified.bytes_ = envelope.payload;
  return verified;
}

}  // namespace nexa::io
