#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "io/ed25519.hpp"
#include "ledger/key_registry.hpp"

namespace nexa::io {

/// libsodium's functions, for a registry of keys.
ledger::SignatureScheme ed25519_scheme();

/// A record `key.add` with both signatures: `key` becomes a key of the identity, and `voucher` is
/// an earlier one of its keys or the registrar's. `origin` names the log.
ledger::KeyAdd sign_key_add(std::string_view origin, const std::string& identity,
                            const SigningKey& key, const SigningKey& voucher);
/// A record `key.revoke`: `key` no longer counts from entry `from` of the log on.
ledger::KeyRevoke sign_key_revoke(std::string_view origin, const std::string& identity,
                                  const PublicKey& key, std::uint64_t from,
                                  const SigningKey& signer);

/// One line of JSON, without its line break; `index` is the place in the log:
///
///   {"v":1,"seq":10,"type":"key.add","identity":URI,"key":HEX,"voucher":HEX,
///    "sig_key":BASE64,"sig_voucher":BASE64}
///   {"v":1,"seq":11,"type":"key.revoke","identity":URI,"key":HEX,"from":20,"signer":HEX,
///    "sig_signer":BASE64}
std::string to_json_line(std::uint64_t index, const ledger::KeyAdd& record);
std::string to_json_line(std::uint64_t index, const ledger::KeyRevoke& record);

/// Builds the registry from the lines of a log. Records of other types are passed over, so a whole
/// journal will do, and so will the lines of interest alone. That the lines are those of the log
/// is for the log's own proofs to show.
///
/// Errors carry the line: `corrupt` for what is no record, and those of `KeyRegistry`.
core::Result<ledger::KeyRegistry> parse_key_registry(std::string_view text, const std::string& file,
                                                     const std::string& origin,
                                                     const PublicKey& registrar);

}  // namespace nexa::io
