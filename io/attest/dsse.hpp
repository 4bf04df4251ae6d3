#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "io/ed25519.hpp"

// Signed envelopes of any payload. Source: github.com/secure-systems-lab/dsse, protocol.md and
// envelope.md, version 1.0.

namespace nexa::io {

/// What an envelope may ask of its reader.
inline constexpr std::size_t most_envelope_bytes = std::size_t{4} << 20;
inline constexpr std::size_t most_envelope_signatures = 16;

struct EnvelopeSignature {
  std::string key_id;  ///< a hint which key to try first; nothing is decided by it
  std::string bytes;   ///< of whatever algorithm
};

/// A payload with signatures of it. Nobody has checked them: what a payload says counts only once
/// it is a `VerifiedPayload`.
struct Envelope {
  std::string payload_type;
  std::string payload;
  std::vector<EnvelopeSignature> signatures;
};

/// The bytes that are signed: "DSSEv1", then type and payload, each behind its length.
std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload);

/// The key id that nexapod writes: SHA-256 of the key's 32 bytes, in hexadecimal.
std::string envelope_key_id(const PublicKey& key);

/// An envelope with one signature.
Envelope sign_envelope(std::string payload_type, std::string payload, const SigningKey& key);

/// Reads the JSON form; `what` is what to call it in messages. Base64 may be of the standard or
/// the URL-safe kind; members that the format does not know are ignored. Errors: `corrupt`,
/// `limit_exceeded`.
core::Result<Envelope> parse_envelope(std::string_view json, const std::string& what);

/// The JSON form on one line, without a line break: the same bytes for the same envelope.
std::string to_json(const Envelope& envelope);

/// The payload of an envelope whose signatures were checked: the very bytes that were signed.
class VerifiedPayload {
 public:
  [[nodiscard]] const std::string& type() const { return type_; }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  /// Which of the given keys have signed, in their order. A key that signed twice is here once,
  /// and so is one that was given twice.
  [[nodiscard]] const std::vector<std::size_t>& signers() const { return signers_; }

 private:
  friend core::Result<VerifiedPayload> verify_envelope(const Envelope& envelope,
                                                       std::span<const PublicKey> keys);
  std::string type_;
  std::string bytes_;
  std::vector<std::size_t> signers_;
};

/// Checks the signatures with known keys. Signatures that none of them made are passed over.
/// Errors: `refused` where no known key has signed these bytes. Costs 40 µs per signature where the
/// hints are right, and per pair of signature and key where they are not.
core::Result<VerifiedPayload> verify_envelope(const Envelope& envelope,
                                              std::span<const PublicKey> keys);

}  // namespace nexa::io
